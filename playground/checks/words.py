"""The words a check is written in, and when each holds. Pure; docs/reference/lesson-format.md explains them to authors.

To add a word, add its class and its line in WORDS.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from playground.checks.seen import Probe, Seen
from playground.curriculum.errors import BadCheck, Path, Problem, did_you_mean, problems_of
from playground.gateway.facts import Fact
from playground.gateway.state import ContainerState

ABOUT_IMAGES = ("run", "create", "pull", "history", "rmi", "tag", "build", "save")  # `did: {run: busybox}` names an image
ABOUT_CONTAINERS = (  # `did: {stop: web}` names a container
    "start", "attach", "logs", "exec", "top", "stop", "kill", "restart", "pause", "unpause", "rename", "rm", "wait",
    "diff", "stats", "cp", "commit", "inspect",
)  # fmt: skip
ABOUT_OTHERS = (  # `did: {network create: mine}` names a network or a volume
    "network create", "network connect", "network disconnect", "network rm", "volume create", "volume rm",
)  # fmt: skip
ABOUT_NOTHING = ("version", "info", "images", "ps", "events", "prune", "search", "network ls", "volume ls")
ACTIONS = ABOUT_IMAGES + ABOUT_CONTAINERS + ABOUT_OTHERS + ABOUT_NOTHING

AtLeast = Annotated[int, Field(ge=1, le=100)]
ExitCode = Annotated[int, Field(ge=0, le=255)]
Status = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
Statuses = Annotated[list[Status], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]
Model = TypeVar("Model", bound="_Model")


class Word(Protocol):
    """What stands behind one word of a check."""

    def holds(self, seen: Seen) -> bool: ...

    def probes(self) -> Iterator[Probe]:
        """What must be run in the seat before `holds` can tell."""


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    short: ClassVar[str] = ""  # the field that a plain string stands for

    @classmethod
    def read(cls: type[Model], value: object, path: Path) -> Model:
        """Raises BadCheck."""
        if isinstance(value, str) and cls.short:
            value = {cls.short: value}
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            known = [field.alias or name for name, field in cls.model_fields.items()]
            found = problems_of(error, known)
            raise BadCheck([Problem(path + one.path, one.message) for one in found]) from None

    def probes(self) -> Iterator[Probe]:
        yield from ()


# ── What the learner did ─────────────────────────────────────────────────────────────────────────────────────────


class _Conditions(_Model):
    image: str | None = None
    name: str | None = None
    command: str | None = None
    flags: dict[str, bool | int | str] = {}
    exit_code: ExitCode | None = None
    ok: bool = True
    at_least: AtLeast = 1


@dataclass(frozen=True, slots=True)
class Did:
    """`did: ps`, `did: {run: busybox}`, `did: {stop: {name: web, exit_code: 0}}`."""

    action: str
    wants: _Conditions

    @classmethod
    def read(cls, value: object, path: Path) -> "Did":
        if isinstance(value, str):
            value = {value: {}}
        if not isinstance(value, Mapping) or len(value) != 1:
            raise BadCheck([Problem(path, "`did` takes one action: `did: ps` or `did: {run: busybox}`")])
        ((action, wants),) = value.items()
        if action not in ACTIONS:
            near = did_you_mean(str(action), ACTIONS)
            raise BadCheck([Problem((*path, action), f"unknown action `{action}`: {near}")])
        if isinstance(wants, str):
            if action in ABOUT_NOTHING:
                raise BadCheck([Problem((*path, action), f"`{action}` is about no one thing: write `did: {action}`")])
            wants = {"image" if action in ABOUT_IMAGES else "name": wants}
        return cls(action, _Conditions.read(wants, (*path, action)))

    def holds(self, seen: Seen) -> bool:
        return sum(self._fits(fact, seen) for fact in seen.calls(self.action)) >= self.wants.at_least

    def _fits(self, fact: Fact, seen: Seen) -> bool:
        wants = self.wants
        return (
            fact.ok == wants.ok
            and (wants.image is None or seen.same_image(fact.image, wants.image))
            and _fits(fact.name, wants.name)
            and _fits(" ".join(fact.command), wants.command)
            and all(str(fact.flags.get(flag, False)) == str(value) for flag, value in wants.flags.items())
            and (wants.exit_code is None or seen.exit_code(fact) == wants.exit_code)
        )

    def probes(self) -> Iterator[Probe]:
        yield from ()


# ── What there is now ────────────────────────────────────────────────────────────────────────────────────────────


class Container(_Model):
    short = "name"

    name: str | None = None
    image: str | None = None
    command: str | None = None
    status: Statuses | None = None
    exit_code: ExitCode | None = None
    started: bool | None = None
    oom_killed: bool | None = None
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(self._fits(container, seen) for container in seen.state.containers) >= self.at_least

    def _fits(self, container: ContainerState, seen: Seen) -> bool:
        return (
            _fits(container.name, self.name)
            and (self.image is None or seen.same_image(container.image, self.image))
            and _fits(" ".join(container.command), self.command)
            and (self.status is None or container.status in self.status)
            and self.exit_code in (None, container.exit_code)
            and self.started in (None, container.started)
            and self.oom_killed in (None, container.oom_killed)
        )


class Image(_Model):
    short = "name"

    name: str

    def holds(self, seen: Seen) -> bool:
        return any(seen.same_image(tag, self.name) for image in seen.state.images for tag in image.tags)


class Network(_Model):
    short = "name"

    name: str
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(_fits(name, self.name) for name in seen.state.networks) >= self.at_least


class Volume(_Model):
    short = "name"

    name: str
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(_fits(name, self.name) for name in seen.state.volumes) >= self.at_least


# ── What the seat's own shell tells ──────────────────────────────────────────────────────────────────────────────


class File(_Model):
    short = "path"

    path: Annotated[str, Field(pattern=r"^/")]
    contains: str = ""

    def probes(self) -> Iterator[Probe]:
        yield Probe(("cat", self.path))

    def holds(self, seen: Seen) -> bool:
        return any(seen.tried(probe, exit_code=0, output=f"*{self.contains}*") for probe in self.probes())


class Shell(_Model):
    short = "run"

    run: str
    exit_code: ExitCode = 0
    output: str = "*"

    def probes(self) -> Iterator[Probe]:
        yield Probe(("sh", "-c", self.run))

    def holds(self, seen: Seen) -> bool:
        return any(seen.tried(probe, exit_code=self.exit_code, output=self.output) for probe in self.probes())


# ── What the learner types on the page ───────────────────────────────────────────────────────────────────────────


class Answer(_Model):
    question: Annotated[str, Field(min_length=1, max_length=400)]
    accept: Annotated[list[str], Field(min_length=1)]
    otherwise: str = ""  # said to a wrong answer

    def holds(self, seen: Seen) -> bool:
        return seen.typed is not None and _plain(seen.typed) in map(_plain, self.accept)


# ── Combinations ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class All:
    words: tuple[Word, ...]

    @classmethod
    def read(cls, value: object, path: Path) -> "All":
        return cls(_several(value, path))

    def holds(self, seen: Seen) -> bool:
        return all(word.holds(seen) for word in self.words)

    def probes(self) -> Iterator[Probe]:
        for word in self.words:
            yield from word.probes()


class Any(All):
    __slots__ = ()

    def holds(self, seen: Seen) -> bool:
        return any(word.holds(seen) for word in self.words)


@dataclass(frozen=True, slots=True)
class Not:
    word: Word

    @classmethod
    def read(cls, value: object, path: Path) -> "Not":
        return cls(read_word(value, path))

    def holds(self, seen: Seen) -> bool:
        return not self.word.holds(seen)

    def probes(self) -> Iterator[Probe]:
        yield from self.word.probes()


class _Readable(Protocol):
    def read(self, value: object, path: Path) -> Word: ...


WORDS: dict[str, _Readable] = {
    "did": Did,
    "container": Container,
    "image": Image,
    "network": Network,
    "volume": Volume,
    "file": File,
    "shell": Shell,
    "answer": Answer,
    "all": All,
    "any": Any,
    "not": Not,
}


def read_word(value: object, path: Path) -> Word:
    """The one word of a mapping. Raises BadCheck."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise BadCheck([Problem(path, f"a check is one of these words and what it wants: {', '.join(WORDS)}")])
    ((word, wants),) = value.items()
    if word not in WORDS:
        raise BadCheck([Problem((*path, word), f"unknown check `{word}`: {did_you_mean(str(word), list(WORDS))}")])
    return WORDS[word].read(wants, (*path, word))


def _several(value: object, path: Path) -> tuple[Word, ...]:
    if not isinstance(value, list) or not value:
        raise BadCheck([Problem(path, f"`{path[-1]}` takes a list of checks")])
    words = tuple(read_word(one, (*path, place)) for place, one in enumerate(value))
    if any(isinstance(word, Answer) for word in words):
        raise BadCheck([Problem(path, "an `answer` is a check of its own: give it its own line in the step")])
    return words


def _fits(text: str, pattern: str | None) -> bool:
    return pattern is None or fnmatchcase(text, pattern)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
