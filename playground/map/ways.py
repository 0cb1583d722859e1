"""The way that a call takes from the client to the engine and back, as steps. Pure.

A step is where the way leads (a station of the map, or a thing on it) and the name of a sentence, which the page has in
the learner's language (playground/pages/mapwords.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playground.gateway.facts import Fact
from playground.map.picture import short
from playground.map.titles import clip

MOST_NAME, MOST_ERROR = 128, 240
NOTHING_DONE = 304

Station = Literal["client", "daemon", "hub", "image", "container", "network", "volume"]
Way = tuple[tuple[Station, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    at: Station
    word: str
    about: str = ""  # which image (by name), container (by short id), network or volume
    values: Mapping[str, str] = field(default_factory=dict)
    of_event: bool = False  # the engine told it by itself

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at, "word": self.word, "about": self.about, "values": dict(self.values)}


# What lies between the engine and the answer, by the fact's action. All others only look.
WAYS: Mapping[str, Way] = {
    "pull": (("hub", "fetched"), ("image", "kept")),
    "search": (("hub", "searched"),),
    "create": (("image", "here"), ("container", "created")),
    "run": (("container", "started"),),
    "start": (("container", "started"),),
    "restart": (("container", "restarted"),),
    "stop": (("container", "stopped"),),
    "kill": (("container", "killed"),),
    "pause": (("container", "paused"),),
    "unpause": (("container", "unpaused"),),
    "rename": (("container", "renamed"),),
    "rm": (("daemon", "removed"),),
    "exec": (("container", "entered"),),
    "attach": (("container", "attached"),),
    "logs": (("container", "logged"),),
    "cp": (("container", "copied"),),
    "commit": (("container", "read"), ("daemon", "layered")),
    "build": (("daemon", "built"), ("image", "kept")),
    "tag": (("image", "named"),),
    "rmi": (("daemon", "untagged"),),
    "network create": (("network", "made"),),
    "network connect": (("network", "joined"),),
    "network disconnect": (("network", "left"),),
    "network rm": (("daemon", "removed"),),
    "volume create": (("volume", "made"),),
    "volume rm": (("daemon", "removed"),),
    "prune": (("daemon", "pruned"),),
}
HEAD: Way = (("client", "asks"), ("daemon", "takes"))
LACKS: Way = (("image", "missing"),)  # as a `docker run` finds it
PULLS: Way = (*LACKS, ("hub", "fetched"), ("image", "kept"))
_LACKED: Way = (*LACKS, ("hub", "lacked"))
_SHOW_OUTPUT = frozenset({"run", "exec", "attach", "logs", "build", "stats", "events"})
EVENTS: Mapping[str, Way] = {
    "exit": (("container", "ended"),),
    "oom": (("container", "oom"),),
    "remove": (("daemon", "removed"),),
}
_AWAITED = dict.fromkeys(("stop", "kill", "restart"), frozenset({"exit"})) | {"rm": frozenset({"exit", "remove"})}


def steps(fact: Fact, way: Way) -> tuple[Step, ...]:
    return tuple(_step(fact, at, word) for at, word in way)


def between(fact: Fact) -> tuple[Step, ...]:
    """From the engine to the answer."""
    if fact.status == NOTHING_DONE:
        return steps(fact, (("container", "nothing"),))
    if not fact.ok:
        lacked = fact.action in ("pull", "run") and fact.status == 404 and not fact.target
        return steps(fact, _LACKED if lacked else ())
    return steps(fact, WAYS.get(fact.action, (("daemon", "looks"),)))


def back(fact: Fact) -> tuple[Step, ...]:
    if not fact.ok:
        return steps(fact, (("client", "refused"),))
    shows = fact.action in _SHOW_OUTPUT and not fact.flags.get("detach")
    return steps(fact, (("client", "output" if shows else "answers"),))


def awaited(fact: Fact) -> frozenset[str]:
    """The events that are part of the command even when they come after its answer."""
    if fact.action != "run":
        return _AWAITED.get(fact.action, frozenset())
    ends = frozenset() if fact.flags.get("detach") else frozenset({"exit", "oom"})
    return ends | {"exit", "remove"} if fact.flags.get("rm") else ends


def without(found: tuple[Step, ...], told: tuple[Step, ...]) -> tuple[Step, ...]:
    """Those that were not told; nor is it news that an image is here once it has been fetched."""
    known = {(step.word, step.about) for step in told}
    fetched = any(step.word == "kept" for step in told)
    return tuple(
        step for step in found if (step.word, step.about) not in known and not (fetched and step.word == "here")
    )


def familiar(image: str) -> str:
    """With its tag, as `docker images` has it."""
    return image if not image or ":" in image.rpartition("/")[2] else f"{image}:latest"


def _step(fact: Fact, at: Station, word: str) -> Step:
    image = fact.name if fact.action == "build" else fact.image or fact.name
    about = {"image": familiar(image), "container": short(fact.target)}.get(at, fact.name or fact.image)
    values = {
        "name": fact.name or fact.image,
        "image": image,
        "new": fact.flags.get("name") if fact.action == "rename" else fact.name,
        "container": fact.flags.get("container"),
        "code": fact.exit_code,
    }
    said = {key: clip(str(value), MOST_NAME) for key, value in values.items() if value not in (None, "")}
    if fact.error:
        said["error"] = clip(fact.error, MOST_ERROR)
    return Step(at, word, clip(about, MOST_NAME), said, of_event=fact.source == "event")
