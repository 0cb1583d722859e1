"""What the map says: a phrase for each step of a command (map/ways.py), and a sentence for each thing on it. `{name}`
parts are filled in by the scripts."""

from django.utils.translation import gettext as _


def map_words() -> dict[str, str]:
    return {f"map-{key}": text for key, text in {**_steps(), **_things(), **_rest()}.items()}


def _steps() -> dict[str, str]:
    return {
        "step-asks": _("client asks"),
        "step-takes": _("engine takes it"),
        "step-looks": _("engine looks"),
        "step-missing": _("image not here"),
        "step-fetched": _("Hub sends it"),
        "step-lacked": _("Hub has none"),
        "step-searched": _("Hub is searched"),
        "step-kept": _("image kept"),
        "step-here": _("image is here"),
        "step-created": _("container made"),
        "step-started": _("started"),
        "step-restarted": _("started again"),
        "step-stopped": _("told to stop"),
        "step-killed": _("killed"),
        "step-paused": _("paused"),
        "step-unpaused": _("goes on"),
        "step-renamed": _("renamed {new}"),
        "step-removed": _("removed"),
        "step-entered": _("runs inside"),
        "step-attached": _("attached"),
        "step-logged": _("its log is read"),
        "step-copied": _("files copied"),
        "step-read": _("its layer is read"),
        "step-layered": _("new layer kept"),
        "step-built": _("layer by layer"),
        "step-named": _("named {new}"),
        "step-untagged": _("name removed"),
        "step-made": _("made"),
        "step-joined": _("{container} joins"),
        "step-left": _("{container} leaves"),
        "step-pruned": _("swept up"),
        "step-nothing": _("nothing to do"),
        "step-output": _("output returns"),
        "step-answers": _("answer returns"),
        "step-refused": _("refused: {error}"),
        "step-ended": _("ended, code {code}"),
        "step-oom": _("out of memory"),
    }


def _things() -> dict[str, str]:
    return {
        "client": _("The client is the docker command in your terminal. It asks the engine and shows the answer."),
        "daemon": _("The engine keeps your images and runs your containers. Every docker command ends up here."),
        "hub": _("The Hub is where images come from. These can be pulled."),
        "pullable": _("{name} can be pulled from the Hub."),
        "pulled": _("{name} comes from the Hub. The engine has it already."),
        "container-created": _("{name} is a container of {image}. It was created and has not run yet."),
        "container-running": _("{name} is a container of {image}. It runs, with a thin layer of its own to write to."),
        "container-paused": _("{name} is a container of {image}. It is paused: still there, and doing nothing."),
        "container-restarting": _("{name} is a container of {image}. It has ended and is being started again."),
        "container-exited": _("{name} is a container of {image}. It has ended; what it wrote is still in its layer."),
        "container-failed": _("{name} is a container of {image}. It has ended with code {code}, which means an error."),
        "container-oom": _("{name} is a container of {image}. It was killed: it wanted more memory than there is."),
        "container-removing": _("{name} is a container of {image}. It is being removed."),
        "container-dead": _("{name} is a container of {image}. It could not be removed in full."),
        "image": _("{name} is an image, read-only. Layers: {layers}. Size: {size}."),
        "image-hidden": _("An image without a name, read-only, that others stand on. Layers: {layers}. Size: {size}."),
        "layers": _("Layers of {images}: {count}. Read-only."),
        "layers-shared": _("Layers that {images} share: {count}. Each is there once, however many images stand on it."),
        "network": _("{name} is a network. On it: {members}. They find each other by name."),
        "network-empty": _("{name} is a network. No container is on it."),
        "volume": _("{name} is a volume, used by {members}. What is in it outlives them."),
        "volume-empty": _("{name} is a volume. No container uses it; what is in it stays."),
        "meter": _("{name}: {value}. All your containers share this."),
    }


def _rest() -> dict[str, str]:
    return {
        "state-created": _("created"),
        "state-running": _("running"),
        "state-paused": _("paused"),
        "state-restarting": _("restarting"),
        "state-exited": _("exited ({code})"),
        "state-failed": _("exited ({code})"),
        "state-oom": _("out of memory"),
        "state-removing": _("removing"),
        "state-dead": _("dead"),
        "unnamed": _("<none>"),
        "empty": _("Nothing is here yet: no image, no container."),
        "no-seat": _("You have no seat just now, so there is nothing to show."),
        "hint": _("Point at a thing, or go to it with the arrow keys, and read here what it is."),
        "waiting": _("Type a docker command and watch its way."),
        "put": _("A click types {command} for you."),
        "now": _("Now"),
        "back": _("{place} of {total}: {command}"),
        "told": _("{command}: {steps}."),
        "size": _("{size} MB"),
    }
