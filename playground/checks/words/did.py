"""`did`: what the learner did, in the command line's own words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from playground.checks.seen import Probe, Seen
from playground.checks.words.base import AtLeast, ExitCode, Model, fits
from playground.curriculum.errors import BadCheck, Path, Problem, did_you_mean
from playground.gateway.facts import Fact

ABOUT_IMAGES = (
    "run",
    "create",
    "pull",
    "history",
    "rmi",
    "tag",
    "build",
    "save",
)  # `did: {run: busybox}` names an image
ABOUT_CONTAINERS = (  # `did: {stop: web}` names a container
    "start", "attach", "logs", "exec", "top", "stop", "kill", "restart", "pause", "unpause", "rename", "rm", "wait",
    "diff", "stats", "cp", "commit", "inspect", "update", "detach", "export",
)  # fmt: skip
ABOUT_OTHERS = (  # `did: {network create: mine}` names a network or a volume
    "network create", "network connect", "network disconnect", "network rm", "volume create", "volume rm",
)  # fmt: skip
ABOUT_A_COMMAND = ("compose",)  # `did: {compose: "up *"}` is the rest of the command line
ABOUT_NOTHING = ("version", "info", "images", "ps", "events", "prune", "search", "df", "network ls", "volume ls")
ACTIONS = ABOUT_IMAGES + ABOUT_CONTAINERS + ABOUT_OTHERS + ABOUT_A_COMMAND + ABOUT_NOTHING


class Conditions(Model):
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
    wants: Conditions

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
            wants = {_subject(action): wants}
        return cls(action, Conditions.read(wants, (*path, action)))

    def holds(self, seen: Seen) -> bool:
        return sum(self._fits(fact, seen) for fact in seen.calls(self.action)) >= self.wants.at_least

    def _fits(self, fact: Fact, seen: Seen) -> bool:
        wants = self.wants
        return (
            fact.ok == wants.ok
            and (wants.image is None or seen.same_image(_image(fact), wants.image))
            and fits(fact.name, wants.name)
            and fits(" ".join(fact.command), wants.command)
            and all(_flag_fits(fact.flags.get(flag, False), value) for flag, value in wants.flags.items())
            and (wants.exit_code is None or seen.exit_code(fact) == wants.exit_code)
        )

    def probes(self) -> Iterator[Probe]:
        yield from ()


def _subject(action: str) -> str:
    """The condition that a plain word stands for."""
    return "image" if action in ABOUT_IMAGES else "command" if action in ABOUT_A_COMMAND else "name"


def _image(fact: Fact) -> str:
    """A build is about the image that it makes."""
    return fact.name if fact.action == "build" else fact.image


def _flag_fits(given: object, wanted: bool | int | str) -> bool:
    """A text is a pattern, "*" a flag that was given, whatever its value; of several values one must fit."""
    values = given if isinstance(given, list | tuple) else [given]
    if isinstance(wanted, str):
        return any(value is not False and fnmatchcase(str(value), wanted) for value in values)
    return any(str(value) == str(wanted) for value in values)
