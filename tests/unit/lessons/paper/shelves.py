"""Images, networks and volumes, and what is moved between containers and the terminal."""

from collections.abc import Callable

from playground.checks.seen import normal_image
from tests.unit.lessons.paper import recipes
from tests.unit.lessons.paper.client import Client, Commands, EachOf
from tests.unit.lessons.paper.engine import IN_USE, Refused
from tests.unit.lessons.paper.words import Words


def each_pull(client: Client, asked: Words, name: str) -> None:
    status = 200
    try:
        client.paper.pull(normal_image(name))
    except Refused as refused:
        status = refused.status
    client.paper.did("pull", image=normal_image(name), status=status)


def tag(client: Client, asked: Words) -> None:
    source, name = asked.plain
    on_image(client, "tag", source, name, lambda: client.paper.tag(client.paper.picture(source), normal_image(name)))


def each_rmi(client: Client, asked: Words, name: str) -> None:
    force = "force" in asked
    on_image(client, "rmi", name, "", lambda: client.paper.untag(name, force=force), force=force)


def each_history(client: Client, asked: Words, name: str) -> None:
    on_image(client, "history", name, "", lambda: client.paper.picture(name))


def save(client: Client, asked: Words) -> str:
    archive = "manifest.json Layers Config"

    def save() -> None:
        client.paper.picture(asked.plain[0])
        if "output" in asked:
            client.files[client.path(asked.flags["output"])] = archive

    on_image(client, "save", asked.plain[0], "", save)
    return archive


def on_image(client: Client, action: str, image: str, name: str, act: Callable[[], object], **flags: object) -> None:
    status = 200
    try:
        act()
    except Refused as refused:
        status = refused.status
    client.paper.did(action, image=image, name=name, flags=flags, status=status)


def commit(client: Client, asked: Words) -> None:
    held = client.about("commit", asked.plain[0])
    if held is None:
        return
    name = asked.plain[1] if len(asked.plain) > 1 else ""
    changes = [asked.flags["change"]] if "change" in asked else []
    picture = client.paper.committed(held, changes)
    if name:
        client.paper.tag(picture, normal_image(name))
    else:
        client.paper.nameless.append(picture)
    flags = {
        "tag": normal_image(name) if name else "",
        "message": asked.flags.get("message", ""),
        "change": changes,
    }
    client.paper.did("commit", held, flags=flags)


def each_network_create(client: Client, asked: Words, name: str) -> None:
    taken = name in client.paper.networks
    if not taken:
        client.paper.networks.append(name)
    client.paper.did("network create", name=name, status=IN_USE if taken else 201)


def each_network_rm(client: Client, asked: Words, name: str) -> None:
    there = name in client.paper.networks
    used = any(one.runs and one.flags["network"] == name for one in client.paper.containers)
    if there and not used:
        client.paper.networks.remove(name)
    client.paper.did("network rm", name=name, status=204 if there and not used else 403)


def network_ls(client: Client, asked: Words) -> None:
    client.paper.did("network ls")


def network_connect(client: Client, asked: Words) -> None:
    network, name = asked.plain
    client.paper.find(name).flags["network"] = network
    client.paper.did("network connect", name=network, flags={"container": name})


def each_volume_create(client: Client, asked: Words, name: str) -> None:
    client.paper.volumes.setdefault(name, {})
    client.paper.did("volume create", name=name)


def each_volume_rm(client: Client, asked: Words, name: str) -> None:
    used = any(one.startswith(name + ":") for held in client.paper.containers for one in held.flags.get("volume", []))
    if not used:
        client.paper.volumes.pop(name, None)
    client.paper.did("volume rm", name=name, status=IN_USE if used else 204)


def volume_ls(client: Client, asked: Words) -> str:
    client.paper.did("volume ls")
    return "\n".join(client.paper.volumes)


def cp(client: Client, asked: Words) -> None:
    source, place = asked.plain
    if ":" in place:
        name, _, path = place.partition(":")
        held, flags = client.paper.find(name), {"to": path}
        held.box.files[path] = client.files.get(client.path(source), "")
    else:
        name, _, path = source.partition(":")
        held, flags = client.paper.find(name), {"from": path}
        client.files[client.path(place)] = held.box.files.get(path, "")
    client.paper.did("cp", held, flags=flags)


ONCE: Commands = {
    "tag": tag,
    "save": save,
    "commit": commit,
    "build": recipes.build,
    "network ls": network_ls,
    "network connect": network_connect,
    "volume ls": volume_ls,
    "cp": cp,
}
EACH: EachOf = {
    "pull": each_pull,
    "rmi": each_rmi,
    "history": each_history,
    "network create": each_network_create,
    "network rm": each_network_rm,
    "volume create": each_volume_create,
    "volume rm": each_volume_rm,
}
