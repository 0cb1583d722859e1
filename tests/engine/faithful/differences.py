"""The list of differences, `differences.toml`: what may differ, line by line, and why.

[[difference]]
what = "…"                       as the table in docs/explanation/gateway.md shows it
why = "…"
commands = ["docker info*"]      patterns as a shell has them
own = ["out\\| Swarm: .*"]       lines that only an engine of one's own prints, as regular expressions
here = ["out\\| Swarm: off"]     lines that only the playground prints
release = "trixie"               only with this engine, where that matters
"""

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

FILE = Path(__file__).parent / "differences.toml"


@dataclass(frozen=True, slots=True)
class Difference:
    what: str
    why: str
    commands: Sequence[str]
    own: Sequence[str] = ()
    here: Sequence[str] = ()


@dataclass(slots=True)
class Listed:
    """The list, and which of its lines have been seen."""

    differences: list[Difference]
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def unlisted(self, command: str, own: list[str], here: list[str]) -> list[str]:
        """What differs and is not on the list: lines with `-` in front, which only an engine of one's own has, and
        lines with `+`, which only the playground has."""
        changed = [line for line in difflib.ndiff(own, here) if line[0] in "-+"]
        return [line for line in changed if not self._covers(command, line[0], line[2:])]

    def _covers(self, command: str, side: str, line: str) -> bool:
        found = [
            (one.what, side, pattern)
            for one in self.differences
            if any(fnmatchcase(command, words) for words in one.commands)
            for pattern in (one.own if side == "-" else one.here)
            if re.fullmatch(pattern, line)
        ]
        self.seen.update(found)
        return bool(found)

    def unseen(self) -> list[str]:
        listed = {
            (one.what, side, line)
            for one in self.differences
            for side, lines in (("-", one.own), ("+", one.here))
            for line in lines
        }
        return [f"{what}: {side} {line}" for what, side, line in sorted(listed - self.seen)]


def read_differences() -> list[Difference]:
    return [Difference(**row) for row in tomllib.loads(FILE.read_text())["difference"]]
