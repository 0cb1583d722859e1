"""What the seat's own shell tells, and what the learner types on the page."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from playground.checks.seen import Probe, Seen
from playground.checks.words.base import ExitCode, Model


class File(Model):
    short = "path"

    path: Annotated[str, Field(pattern=r"^/")]
    contains: str = ""

    def probes(self) -> Iterator[Probe]:
        yield Probe(("cat", self.path))

    def holds(self, seen: Seen) -> bool:
        return any(seen.tried(probe, exit_code=0, output=f"*{self.contains}*") for probe in self.probes())


class Shell(Model):
    short = "run"

    run: str
    exit_code: ExitCode = 0
    output: str = "*"

    def probes(self) -> Iterator[Probe]:
        yield Probe(("sh", "-c", self.run))

    def holds(self, seen: Seen) -> bool:
        return any(seen.tried(probe, exit_code=self.exit_code, output=self.output) for probe in self.probes())


class Log(Model):
    """What a container has printed; to look at it is nobody's doing."""

    container: Annotated[str, Field(min_length=1)]
    contains: Annotated[str, Field(min_length=1)]

    def probes(self) -> Iterator[Probe]:
        yield Probe(log_of=self.container)

    def holds(self, seen: Seen) -> bool:
        return any(seen.tried(probe, exit_code=0, output=f"*{self.contains}*") for probe in self.probes())


class Answer(Model):
    question: Annotated[str, Field(min_length=1, max_length=400)]
    accept: Annotated[list[str], Field(min_length=1)]
    otherwise: str = ""  # said to a wrong answer

    def holds(self, seen: Seen) -> bool:
        return seen.typed is not None and _plain(seen.typed) in map(_plain, self.accept)


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
