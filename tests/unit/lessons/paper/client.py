"""The `docker` command of one seat: what each of its commands needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.unit.lessons.paper.engine import Held, Paper, Refused
from tests.unit.lessons.paper.words import Words

_UNITS = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass
class Client:
    paper: Paper
    files: dict[str, str]  # of the seat
    attached: dict[int, tuple[str, Held]] = field(default_factory=dict)  # what keeps a terminal: "run" or "logs"
    folder: str = "/root"
    terminal: int = 1
    told: str | None = None  # what is fed to the command that runs now

    def about(self, action: str, reference: str) -> Held | None:
        """None, and a fact that says so: there is no such container."""
        try:
            return self.paper.find(reference)
        except Refused as refused:
            self.paper.did(action, status=refused.status)
            return None

    def stay(self, how: str, held: Held) -> None:
        """With the container, as long as it goes on."""
        if held.runs:
            self.attached[self.terminal] = (how, held)

    def path(self, name: str) -> str:
        return name if name.startswith("/") else f"{self.folder}/{name}"


Commands: TypeAlias = Mapping[
    str, Callable[[Client, Words], str | None]
]  # what is printed, where scripts go on with it
EachOf: TypeAlias = Mapping[str, Callable[[Client, Words, str], None]]  # of commands that take several names


def in_bytes(text: str) -> int:
    unit = text[-1].lower()
    return int(text[:-1]) * _UNITS[unit] if unit in _UNITS else int(text)
