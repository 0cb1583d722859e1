"""What a learner has, and what is told of it: the containers and images of one seat, their life, and the facts."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from playground.checks.seen import normal_image
from playground.gateway.facts import Fact
from playground.gateway.state import ContainerState, ImageState, State
from tests.unit.lessons.paper import programs
from tests.unit.lessons.paper.programs import IN_EVERY_BUSYBOX, KILLED, NOT_FOUND, Box, CannotStart

SEAT = "adas-seat"
NO_CONTAINER, IN_USE, CANNOT = 404, 409, 400


def number(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


class Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Pictured:
    """An image."""

    id: str
    command: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    has_shell: bool = True
    base: str = ""


BUSYBOX = Pictured("sha256:" + number("busybox"), ("sh",), (number("rootfs"),), IN_EVERY_BUSYBOX)
HELLO = Pictured("sha256:" + number("hello"), ("/hello",), (number("hello rootfs"),), {"/hello": ""}, has_shell=False)
CATALOGUE = {"busybox:latest": BUSYBOX, "hello-world:latest": HELLO}


@dataclass
class Held:
    """A container."""

    id: str
    name: str
    image: str
    picture: Pictured
    words: tuple[str, ...]  # that were asked for; none: the image's
    flags: dict[str, Any]
    box: Box
    status: str = "created"
    exit_code: int | None = None
    oom_killed: bool = False
    started: bool = False
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        return self.status in ("running", "paused")

    def state(self) -> ContainerState:
        return ContainerState(
            self.id, self.name, self.image, self.picture.id, self.status, self.exit_code, self.oom_killed,
            self.words or self.picture.command, bool(self.flags.get("tty")), bool(self.flags.get("interactive")),
            self.started, self.labels,
        )  # fmt: skip


@dataclass
class Paper:
    tell: Callable[[Fact], None]  # what happened; the state is up to date by then
    containers: list[Held] = field(default_factory=list)
    tags: dict[str, Pictured] = field(default_factory=dict)
    nameless: list[Pictured] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    volumes: dict[str, dict[str, str]] = field(default_factory=dict)  # the files in them
    built: set[str] = field(default_factory=set)  # steps that are in the cache
    at: float = 1000.0

    def state(self) -> State:
        pictures = {one.id: one for one in [*self.tags.values(), *self.nameless]}
        images = tuple(
            ImageState(
                one.id, tuple(tag for tag in self.tags if self.tags[tag].id == one.id), one.command, one.layers, 1
            )
            for one in pictures.values()
        )
        held = tuple(one.state() for one in self.containers)
        named, unnamed = (tuple(one for one in images if bool(one.tags) is has) for has in (True, False))
        return State(held, named, unnamed, tuple(self.networks), tuple(self.volumes))

    # ── Facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def did(self, action: str, about: Held | None = None, *, compose: bool = False, **known: Any) -> None:
        self.at += 1
        if about is not None:
            known = {"target": about.id, "name": about.name, "image": about.image} | known
        self.tell(Fact(SEAT, action, "call", self.at, part_of_compose=compose, **known))

    def _happened(self, action: str, about: Held, exit_code: int | None = None) -> None:
        self.at += 1
        self.tell(
            Fact(
                SEAT, action, "event", self.at, target=about.id, name=about.name, image=about.image, exit_code=exit_code
            )
        )

    # ── Containers ───────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, reference: str) -> Held:
        for one in self.containers:
            if one.name == reference or (len(reference) > 3 and one.id.startswith(reference)):
                return one
        raise Refused(NO_CONTAINER)

    def picture(self, reference: str) -> Pictured:
        if found := self.tags.get(normal_image(reference)):
            return found
        for one in [*self.tags.values(), *self.nameless]:
            if len(reference) > 3 and one.id.removeprefix("sha256:").startswith(reference.removeprefix("sha256:")):
                return one
        raise Refused(NO_CONTAINER)

    def make(self, image: str, words: Iterable[str], flags: dict[str, Any], labels: dict[str, str]) -> Held:
        picture = self.picture(image)
        identity = number(self.at, len(self.containers))
        name = str(flags.get("name") or f"brave_{identity[:6]}")
        if any(one.name == name for one in self.containers):
            raise Refused(IN_USE)
        files = dict(picture.files)
        for volume in flags.get("volume", []):
            source, _, place = volume.partition(":")
            files = _Mounted(files, place, self.volumes.setdefault(source, {}))
        box = Box(
            files, picture.has_shell, bool(flags["interactive"]), bool(flags["tty"]), hog="memory" in flags,
            reach=lambda host: self._page(host, flags["network"]),
        )  # fmt: skip
        made = Held(identity, name, image, picture, tuple(words), flags, box, labels=labels)
        self.containers.insert(0, made)
        return made

    def set_going(self, held: Held, told: str = "") -> int | None:
        """How its program ends by itself, if it does; `let_run` it to there once its start was told. Raises Refused
        where the program is not in it."""
        held.box.told = told
        try:
            code = programs.run(held.words or held.picture.command, held.box)
        except CannotStart:
            held.exit_code = NOT_FOUND
            if held.flags["rm"]:
                self.containers.remove(held)
            raise Refused(CANNOT) from None
        held.status, held.started, held.exit_code = "running", True, None
        return code

    def let_run(self, held: Held, code: int | None) -> None:
        if code is not None:
            self.end(held, code, oom=code == KILLED and "/dev/zero" in held.words)

    def end(self, held: Held, exit_code: int, *, oom: bool = False) -> None:
        held.status, held.exit_code, held.oom_killed = "exited", exit_code, oom
        self._happened("exit", held, exit_code)
        if held.flags["rm"]:
            self.remove(held)

    def remove(self, held: Held) -> None:
        self.containers.remove(held)
        self._happened("remove", held)

    def log(self, held: Held) -> str:
        """What it has printed; a `tail` prints what its file holds by now."""
        followed = held.words[-1] if "tail" in held.words else ""
        for volume in held.flags.get("volume", []):
            source, _, place = volume.partition(":")
            if followed.startswith(place + "/"):
                return self.volumes[source].get(followed.removeprefix(place + "/"), "")
        return "\n".join([*held.box.output, held.box.files.get(followed, "")])

    def _page(self, host: str, network: str) -> str | None:
        for one in self.containers:
            names = (one.name, one.labels.get("com.docker.compose.service"))
            serves = "httpd" in " ".join(one.words) and one.status == "running"
            if serves and host in names and one.flags["network"] == network and network != "default":
                return next((text for path, text in one.box.files.items() if path.endswith("/index.html")), "")
        return None

    # ── Images ───────────────────────────────────────────────────────────────────────────────────────────────────

    def tag(self, picture: Pictured, name: str) -> None:
        before = self.tags.get(name)
        self.tags[name] = picture
        if before is not None and before.id != picture.id and before not in self.tags.values():
            self.nameless.append(before)

    def untag(self, reference: str, *, force: bool) -> None:
        picture = self.picture(reference)
        names = [tag for tag in self.tags if self.tags[tag].id == picture.id]
        asked = [normal_image(reference)] if normal_image(reference) in names else names
        users = [one for one in self.containers if one.picture.id == picture.id]
        if users and len(names) == len(asked) and (not force or any(one.runs for one in users)):
            raise Refused(IN_USE)
        for name in asked:
            del self.tags[name]
        self.nameless = [one for one in self.nameless if one.id != picture.id]

    def pull(self, name: str) -> None:
        if name not in CATALOGUE:
            raise Refused(NO_CONTAINER)
        self.tag(CATALOGUE[name], name)

    def committed(self, held: Held, changes: Iterable[str]) -> Pictured:
        layers = (*held.picture.layers, number("layer of", held.id, sorted(held.box.files.items())))
        command = held.words or held.picture.command
        for change in changes:
            command = command_of(change) or command
        return replace(
            held.picture, id="sha256:" + number("commit", held.id, self.at), command=command, layers=layers,
            files=dict(held.box.files),
        )  # fmt: skip


class _Mounted(dict[str, str]):
    """A container's files, some of them in a volume that others share."""

    def __init__(self, files: dict[str, str], place: str, shared: dict[str, str]) -> None:
        super().__init__(files | {f"{place}/{name}": text for name, text in shared.items()})
        self._place, self._shared = place, shared

    def __setitem__(self, path: str, text: str) -> None:
        super().__setitem__(path, text)
        if path.startswith(self._place + "/"):
            self._shared[path.removeprefix(self._place + "/")] = text


def command_of(instruction: str) -> tuple[str, ...]:
    """Of a Dockerfile's CMD; () of any other."""
    word, _, rest = instruction.partition(" ")
    if word.upper() != "CMD":
        return ()
    if rest.strip().startswith("["):
        return tuple(part.strip().strip('"') for part in rest.strip(" []").split(","))
    return ("/bin/sh", "-c", rest.strip())


def instructions(dockerfile: str) -> Iterator[str]:
    for line in dockerfile.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()
