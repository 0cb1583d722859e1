"""What a check looks at: the facts of one learner, the seat's state, what probes found. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from playground.gateway.facts import Fact
from playground.gateway.state import ImageState, State

# The engine's exit event can overtake the answer to the start that it belongs to. A start takes the engine longer
# than this, so an exit of the run before is never mistaken for it.
OVERTAKE = 0.1
NOTHING_DONE = 304  # it ran, or was stopped, already
STARTS = frozenset({"run", "start", "restart"})


@dataclass(frozen=True, slots=True)
class Probe:
    """What must be looked at before a check can be decided: a command to run in the seat, or a container's log."""

    argv: tuple[str, ...] = ()
    log_of: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a probe gave. A log that was read has the exit code 0."""

    exit_code: int
    output: str


@dataclass(frozen=True, slots=True)
class Seen:
    """`facts`: what is remembered, oldest first; those from `since` on happened while the step was at hand."""

    facts: Sequence[Fact] = ()
    since: int = 0
    state: State = field(default_factory=State)
    found: Mapping[Probe, Found] = field(default_factory=dict)
    typed: str | None = None  # the learner's answer to a question, while it is being judged

    def calls(self, action: str) -> list[Fact]:
        """What the learner did while the step was at hand, refused calls included. What a `docker run` or a
        `docker compose` does on its way is not what the learner did."""
        return [fact for fact in self.facts[self.since :] if fact.action == action and _done_by_learner(fact)]

    def narrowing(self) -> Iterator["Seen"]:
        """Only the last thing that the learner did, then the last two, and so on."""
        for place in reversed(range(self.since, len(self.facts))):
            if _done_by_learner(self.facts[place]):
                yield replace(self, since=place)

    def exit_code(self, fact: Fact) -> int | None:
        """How the run of a container ended that `fact` started or ended; None while that is not known."""
        if fact.status == NOTHING_DONE:
            return None
        about = [other for other in self.facts if other.target == fact.target]
        begin = fact.at if fact.action in STARTS else _last_start(about, before=fact.at)
        if fact.action == "run":
            begin = 0.0  # it made the container: no exit can be of an earlier run
        end = min((other.at for other in about if _starts(other) and other.at > fact.at), default=float("inf"))
        for other in about:
            if other.action == "exit" and begin - OVERTAKE <= other.at < end - OVERTAKE:
                return other.exit_code
        return None

    def tried(self, probe: Probe, exit_code: int, output: str) -> bool:
        """Whether the probe was run, ended with `exit_code` and printed what fits the pattern `output`."""
        found = self.found.get(probe)
        return found is not None and found.exit_code == exit_code and fnmatchcase(found.output.strip(), output)

    def named(self, image: str) -> list[ImageState]:
        """What the learner has under this name."""
        return [one for one in self.state.images if any(self.same_image(tag, image) for tag in one.tags)]

    def same_image(self, asked: str, wanted: str) -> bool:
        """Whether the learner's word for an image (a name or an id) means the image that the check names."""
        name = normal_image(wanted)
        if normal_image(asked) == name:
            return True
        hexadecimal = asked.removeprefix("sha256:")
        return len(hexadecimal) >= 4 and any(
            image.id.removeprefix("sha256:").startswith(hexadecimal) and name in map(normal_image, image.tags)
            for image in self.state.images
        )


def _done_by_learner(fact: Fact) -> bool:
    on_the_way = fact.part_of_run or fact.part_of_compose or fact.action == "resize"  # the last is the terminal's
    return fact.source == "call" and not on_the_way


def _starts(fact: Fact) -> bool:
    return fact.action in STARTS and fact.source == "call" and fact.ok and fact.status != NOTHING_DONE


def _last_start(facts: Sequence[Fact], before: float) -> float:
    return max((fact.at for fact in facts if _starts(fact) and fact.at < before), default=0.0)


def normal_image(name: str) -> str:
    """`busybox`, `busybox:latest` and `docker.io/library/busybox` are one image: `busybox:latest`."""
    for prefix in ("docker.io/", "index.docker.io/", "library/"):
        name = name.removeprefix(prefix)
    return name if ":" in name.rsplit("/", 1)[-1] or "@" in name else f"{name}:latest"
