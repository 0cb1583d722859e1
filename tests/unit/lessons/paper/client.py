"""The `docker` command on paper: what each of them does, and the facts that the gateway makes of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from playground.checks.seen import normal_image
from tests.unit.lessons.paper import programs, recipes
from tests.unit.lessons.paper.compose import compose
from tests.unit.lessons.paper.engine import IN_USE, NO_CONTAINER, Held, Paper, Refused
from tests.unit.lessons.paper.programs import KILLED
from tests.unit.lessons.paper.words import Words, read

RUNS_ALREADY = 304
_UNITS = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass
class Client:
    """Of one terminal; `attached` has it, once a command keeps it."""

    paper: Paper
    files: dict[str, str]
    attached: dict[int, tuple[str, Held]] = field(default_factory=dict)

    def run(self, words: list[str], folder: str = "/root", terminal: int = 1, told: str | None = None) -> str:
        """What it prints, where a script goes on with that."""
        if words[0].startswith("--"):
            return ""
        self.folder, self.terminal, self.told = folder, terminal, told
        if words[0] == "compose":
            return compose(self.paper, self.files, folder, words[1:])
        asked = read(words)
        verb = asked.verb.replace(" ", "_").replace("-", "_")
        one_by_one: Callable[[Words, str], None] | None = getattr(self, f"_each_{verb}", None)
        if one_by_one is None:
            return getattr(self, f"_{verb}")(asked) or ""
        for name in asked.plain:
            one_by_one(asked, name)
        return ""

    def _about(self, action: str, reference: str, **known: Any) -> Held | None:
        """None, and a fact that says so: there is no such container."""
        try:
            return self.paper.find(reference)
        except Refused as refused:
            self.paper.did(action, status=refused.status, **known)
            return None

    # ── To make and to start ─────────────────────────────────────────────────────────────────────────────────────

    def _create(self, asked: Words, *, part_of_run: bool = False, compose: bool = False) -> Held | None:
        image, *words = asked.plain
        flags = made_with(asked)
        known = {"image": image, "command": tuple(words), "flags": flags}
        try:
            self.paper.picture(image)
        except Refused:
            self.paper.did("create", part_of_run=True, status=NO_CONTAINER, **known)
            try:
                self.paper.pull(normal_image(image))
            except Refused as refused:  # of a `docker create`, too: until then they are the same calls
                self.paper.did("run", image=normal_image(image), status=refused.status)
                return None
            self.paper.did("pull", image=normal_image(image), part_of_run=True)
        try:
            held = self.paper.make(image, words, flags, {})
        except Refused as refused:
            self.paper.did("create", name=asked.flags.get("name", ""), status=refused.status, **known)
            return None
        self.paper.did("create", held, part_of_run=part_of_run, command=tuple(words), flags=flags)
        return held

    def _run(self, asked: Words) -> None:
        held = self._create(asked, part_of_run=True)
        if held is None:
            return
        known = {"command": held.words, "flags": held.flags}
        told = self.told or "" if "interactive" in asked else ""
        try:
            self.paper.set_going(held, told)
        except Refused as refused:
            self.paper.did("run", held, status=refused.status, **known)
            return
        self.paper.did("run", held, **known)
        self.paper.let_run(held)
        if held.runs and "detach" not in asked:
            self.attached[self.terminal] = ("run", held)

    def _start(self, asked: Words) -> None:
        for name in asked.plain:
            held = self._about("start", name)
            if held is None:
                continue
            if held.runs:
                self.paper.did("start", held, status=RUNS_ALREADY if held.status == "running" else IN_USE)
                continue
            if "attach" in asked:
                self.paper.did("attach", held, flags={"interactive": "interactive" in asked, "tty": held.flags["tty"]})
            self.paper.set_going(held)
            self.paper.did("start", held)
            self.paper.let_run(held)
            if held.runs and "attach" in asked:
                self.attached[self.terminal] = ("run", held)

    def _each_attach(self, asked: Words, name: str) -> None:
        held = self._about("inspect", name)
        if held is None:
            return
        if held.status != "running":  # the client itself says so, having looked
            self.paper.did("inspect", held)
            return
        flags = {"interactive": held.flags["interactive"], "tty": held.flags["tty"]}
        self.paper.did("attach", held, flags=flags)
        self.attached[self.terminal] = ("run", held)

    def _exec(self, asked: Words) -> None:
        name, *words = asked.plain
        held = self._about("inspect", name)
        if held is None:
            return
        flags = {one: one in asked for one in ("interactive", "tty", "detach")}
        if held.status != "running":
            self.paper.did("exec", held, command=tuple(words), status=IN_USE)
            return
        self.paper.did("exec", held, command=tuple(words), flags=flags)
        told = held.box.told
        held.box.told = self.told or "" if "interactive" in asked else ""
        said = len(held.box.output)
        programs.run(words, held.box)
        held.box.told = told
        del held.box.output[said:]  # that is in no log

    # ── To end ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _each_stop(self, asked: Words, name: str) -> None:
        held = self._about("stop", name)
        if held is None:
            return
        flags = {"time": int(asked.flags["time"])} if "time" in asked else {}
        if not held.runs:
            self.paper.did("stop", held, flags=flags, status=RUNS_ALREADY)
            return
        self.paper.end(held, 0 if held.box.listens else KILLED)
        self.paper.did("stop", held, flags=flags)

    def _each_kill(self, asked: Words, name: str) -> None:
        held = self._about("kill", name)
        if held is None:
            return
        signal = asked.flags.get("signal", "KILL").removeprefix("SIG")
        if not held.runs:
            self.paper.did("kill", held, flags={"signal": signal}, status=IN_USE)
            return
        self.paper.did("kill", held, flags={"signal": signal})
        if signal in ("KILL", "9") or held.box.listens:
            self.paper.end(held, KILLED if signal in ("KILL", "9") else 0)

    def _each_restart(self, asked: Words, name: str) -> None:
        held = self._about("restart", name)
        if held is None:
            return
        if held.runs:
            self.paper.end(held, 0 if held.box.listens else KILLED)
        self.paper.set_going(held)
        self.paper.did("restart", held, flags={"time": int(asked.flags["time"])} if "time" in asked else {})
        self.paper.let_run(held)

    def _each_pause(self, asked: Words, name: str) -> None:
        self._freeze("pause", name, before="running", after="paused")

    def _each_unpause(self, asked: Words, name: str) -> None:
        self._freeze("unpause", name, before="paused", after="running")

    def _freeze(self, action: str, name: str, *, before: str, after: str) -> None:
        held = self._about(action, name)
        if held is None:
            return
        if held.status != before:
            self.paper.did(action, held, status=IN_USE)
            return
        held.status = after
        self.paper.did(action, held)

    def _each_rm(self, asked: Words, name: str) -> None:
        flags = {"force": "force" in asked, "volumes": "volumes" in asked}
        held = self._about("rm", name)
        if held is None:
            return
        if held.runs and "force" not in asked:
            self.paper.did("rm", held, flags=flags, status=IN_USE)
            return
        if held.runs:
            held.flags["rm"] = False
            self.paper.end(held, KILLED)
        self.paper.remove(held)
        self.paper.did("rm", held, flags=flags)

    def _prune(self, asked: Words) -> None:
        kinds = [asked.flags["kind"]]
        if kinds == ["system"]:
            kinds = ["container", "network", *(["volume"] if "volumes" in asked else []), "image", "builder"]
        for kind in kinds:
            known = {"kind": kind} | ({"all": "all" in asked} if kind == "image" else {})
            getattr(self, f"_prune_{kind}")("all" in asked)
            self.paper.did("prune", flags=known)

    def _prune_container(self, every: bool) -> None:
        for held in [one for one in self.paper.containers if not one.runs]:
            self.paper.remove(held)

    def _prune_image(self, every: bool) -> None:
        used = {one.picture.id for one in self.paper.containers}
        self.paper.nameless = [one for one in self.paper.nameless if one.id in used]
        if every:
            self.paper.tags = {tag: one for tag, one in self.paper.tags.items() if one.id in used}

    def _prune_network(self, every: bool) -> None:
        used = {one.flags["network"] for one in self.paper.containers if one.runs}
        self.paper.networks = [name for name in self.paper.networks if name in used]

    def _prune_volume(self, every: bool) -> None:
        """The engine since 23 takes those without a name only; here all have one, and before that it took all."""
        used = {source.partition(":")[0] for one in self.paper.containers for source in one.flags.get("volume", [])}
        self.paper.volumes = {name: files for name, files in self.paper.volumes.items() if name in used}

    def _prune_builder(self, every: bool) -> None:
        pass

    # ── To look ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _ps(self, asked: Words) -> str:
        every = "all" in asked
        self.paper.did("ps", flags={"all": every, "size": "size" in asked, "filter": {}})
        few = 1 if "latest" in asked else int(asked.flags.get("last", 100))
        shown = [one for one in self.paper.containers if every or few < 100 or one.runs][:few]
        kind, _, value = asked.flags.get("filter", "").partition("=")
        asks = {"name": lambda one: value in one.name, "status": lambda one: one.status == value}
        return "\n".join(one.id for one in shown if asks.get(kind, lambda one: True)(one))

    def _images(self, asked: Words) -> str:
        self.paper.did("images", flags={"all": "all" in asked})
        return "\n".join(one.id for one in self.paper.state().images)

    def _each_logs(self, asked: Words, name: str) -> None:
        follow = "follow" in asked
        held = self._about("inspect", name)
        if held is None:
            return
        flags: dict[str, object] = {"follow": follow, "timestamps": "timestamps" in asked}
        flags |= {"tail": int(asked.flags["tail"])} if asked.flags.get("tail", "").isdigit() else {}
        self.paper.did("logs", held, flags=flags)
        if follow and held.runs:
            self.attached[self.terminal] = ("logs", held)

    def _top(self, asked: Words) -> None:
        held = self._about("top", asked.plain[0])
        if held:
            self.paper.did("top", held, status=200 if held.runs else IN_USE)

    def _each_diff(self, asked: Words, name: str) -> None:
        held = self._about("diff", name)
        if held:
            self.paper.did("diff", held)

    def _stats(self, asked: Words) -> None:
        for name in asked.plain or [one.name for one in self.paper.containers if one.runs]:
            held = self._about("stats", name)
            if held:
                self.paper.did("stats", held, flags={"no-stream": "no-stream" in asked})

    def _each_inspect(self, asked: Words, name: str) -> None:
        kind = asked.flags.get("kind", "")
        if kind != "image":
            try:
                return self.paper.did("inspect", self.paper.find(name))
            except Refused:
                self.paper.did("inspect", status=NO_CONTAINER)
        if kind != "container":
            try:
                return self.paper.did("inspect", image=name, target=self.paper.picture(name).id)
            except Refused:
                self.paper.did("inspect", image=name, status=NO_CONTAINER)
        if not kind:
            self.paper.did("inspect", name=name, status=NO_CONTAINER)  # no network, either

    def _version(self, asked: Words) -> None:
        self.paper.did("version")

    def _info(self, asked: Words) -> None:
        self.paper.did("info")

    def _search(self, asked: Words) -> None:
        self.paper.did("search", flags={"term": asked.plain[0]})

    def _dial_stdio(self, asked: Words) -> str:
        """A request by hand, for the version."""
        if not self.told:
            return ""
        self.paper.did("version")
        return 'HTTP/1.1 200 OK\r\n\r\n{"ApiVersion":"1.41"}'

    def _df(self, asked: Words) -> None:
        self.paper.did("df")

    # ── Images ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _each_pull(self, asked: Words, name: str) -> None:
        status = 200
        try:
            self.paper.pull(normal_image(name))
        except Refused as refused:
            status = refused.status
        self.paper.did("pull", image=normal_image(name), status=status)

    def _tag(self, asked: Words) -> None:
        source, name = asked.plain
        self._on_image("tag", source, name, lambda: self.paper.tag(self.paper.picture(source), normal_image(name)))

    def _each_rmi(self, asked: Words, name: str) -> None:
        force = "force" in asked
        self._on_image("rmi", name, "", lambda: self.paper.untag(name, force=force), force=force)

    def _each_history(self, asked: Words, name: str) -> None:
        self._on_image("history", name, "", lambda: self.paper.picture(name))

    def _save(self, asked: Words) -> str:
        archive = "manifest.json Layers Config"

        def save() -> None:
            self.paper.picture(asked.plain[0])
            if "output" in asked:
                self.files[self.path(asked.flags["output"])] = archive

        self._on_image("save", asked.plain[0], "", save)
        return archive

    def _on_image(self, action: str, image: str, name: str, act: Callable[[], object], **flags: object) -> None:
        status = 200
        try:
            act()
        except Refused as refused:
            status = refused.status
        self.paper.did(action, image=image, name=name, flags=flags, status=status)

    def _commit(self, asked: Words) -> None:
        held = self._about("commit", asked.plain[0])
        if held is None:
            return
        name = asked.plain[1] if len(asked.plain) > 1 else ""
        changes = [asked.flags["change"]] if "change" in asked else []
        picture = self.paper.committed(held, changes)
        if name:
            self.paper.tag(picture, normal_image(name))
        else:
            self.paper.nameless.append(picture)
        flags = {
            "tag": normal_image(name) if name else "",
            "message": asked.flags.get("message", ""),
            "change": changes,
        }
        self.paper.did("commit", held, flags=flags)

    def _build(self, asked: Words) -> None:
        recipes.build(self, asked)

    # ── Networks, volumes ────────────────────────────────────────────────────────────────────────────────────────

    def _each_network_create(self, asked: Words, name: str) -> None:
        taken = name in self.paper.networks
        if not taken:
            self.paper.networks.append(name)
        self.paper.did("network create", name=name, status=IN_USE if taken else 201)

    def _each_network_rm(self, asked: Words, name: str) -> None:
        there = name in self.paper.networks
        used = any(one.runs and one.flags["network"] == name for one in self.paper.containers)
        if there and not used:
            self.paper.networks.remove(name)
        self.paper.did("network rm", name=name, status=204 if there and not used else 403)

    def _network_ls(self, asked: Words) -> None:
        self.paper.did("network ls")

    def _network_connect(self, asked: Words) -> None:
        network, name = asked.plain
        self.paper.find(name).flags["network"] = network
        self.paper.did("network connect", name=network, flags={"container": name})

    def _each_volume_create(self, asked: Words, name: str) -> None:
        self.paper.volumes.setdefault(name, {})
        self.paper.did("volume create", name=name)

    def _each_volume_rm(self, asked: Words, name: str) -> None:
        used = any(one.startswith(name + ":") for held in self.paper.containers for one in held.flags.get("volume", []))
        if not used:
            self.paper.volumes.pop(name, None)
        self.paper.did("volume rm", name=name, status=IN_USE if used else 204)

    def _volume_ls(self, asked: Words) -> str:
        self.paper.did("volume ls")
        return "\n".join(self.paper.volumes)

    # ── The rest ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _each_rename(self, asked: Words, name: str) -> None:
        self.paper.find(name).name = asked.plain.pop()
        self.paper.did("rename", self.paper.find(asked.plain[0]))

    def _update(self, asked: Words) -> None:
        for name in asked.plain:
            held = self._about("update", name)
            if held:
                self.paper.did("update", held, flags={"memory": in_bytes(asked.flags["memory"])})

    def _cp(self, asked: Words) -> None:
        source, place = asked.plain
        if ":" in place:
            name, _, path = place.partition(":")
            held, flags = self.paper.find(name), {"to": path}
            held.box.files[path] = self.files.get(self.path(source), "")
        else:
            name, _, path = source.partition(":")
            held, flags = self.paper.find(name), {"from": path}
            self.files[self.path(place)] = held.box.files.get(path, "")
        self.paper.did("cp", held, flags=flags)

    def path(self, name: str) -> str:
        return name if name.startswith("/") else f"{self.folder}/{name.removeprefix('./')}"


def made_with(asked: Words) -> dict[str, Any]:
    """The flags of a run, as its fact tells them."""
    flags: dict[str, Any] = {one: one in asked for one in ("interactive", "tty", "detach", "rm")}
    flags["network"] = asked.flags.get("network", "default")
    flags |= {one: asked.flags[one] for one in ("name", "user", "workdir", "hostname", "env") if one in asked}
    flags |= {"memory": in_bytes(asked.flags["memory"])} if "memory" in asked else {}
    flags |= {"pids-limit": int(asked.flags["pids-limit"])} if "pids-limit" in asked else {}
    flags |= {"cpus": f"{float(asked.flags['cpus']):g}"} if "cpus" in asked else {}
    return flags | ({"volume": [asked.flags["volume"]]} if "volume" in asked else {})


def in_bytes(text: str) -> int:
    unit = text[-1].lower()
    return int(text[:-1]) * _UNITS[unit] if unit in _UNITS else int(text)


def lines(text: str) -> Iterable[str]:
    return [line for line in text.splitlines() if line.strip()]
