"""What a command has printed, as lines that can be compared: without what differs between any two runs."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Printed:
    code: int
    out: str
    err: str = ""

    def lines(self) -> list[str]:
        """`out|`, `err|` and `exit` lines. JSON is told leaf by leaf, so that one leaf may differ and no other."""
        shown = [f"out| {line}" for line in _leaves(self.out)] + [f"err| {line}" for line in self.err.splitlines()]
        return _normal("\n".join([*shown, f"exit {self.code}"])).splitlines()


def _leaves(text: str) -> list[str]:
    if text.lstrip()[:1] in ("[", "{"):
        try:
            return list(_walk("", json.loads(text)))
        except ValueError:
            pass
    return text.splitlines()


def _walk(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from _walk(f"{path}.{key}", value[key])
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _walk(f"{path}[{index}]", item)
    else:
        yield f"{path} = {json.dumps(value)}"


_STAMP = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d( UTC)?)?"
_SPAN = r"(Less than a second|About a(n hour| minute)|\d+ (second|minute|hour|day|week|month|year)s?)( ago)?"
_RULES = tuple(
    (re.compile(pattern, re.MULTILINE), instead)
    for pattern, instead in (
        (r"^.*error waiting for container: context canceled.*\n", ""),  # when the CLI is quicker than itself
        (r"^.*: (Verifying Checksum|Download complete)\n", ""),  # in no certain order
        (r"/tmp/(playground-test-\w+|pg-\w+)", "<folder>"),
        (r"\x1b\[[0-9;?]*[a-zA-Z]|\r", ""),  # what moves the cursor
        (r"(?<=from daemon: )(Invalid|Cannot)", lambda match: match[0].lower()),  # as newer engines begin a sentence
        (_STAMP, "<time>"),
        (_SPAN, "<span>"),
        (r"\b(?!127\.0\.0\.|0\.0\.0\.0)(\d{1,3}\.){3}\d{1,3}\b", "<ip>"),
        (r"\b([0-9a-f]{2}:){5}[0-9a-f]{2}\b", "<mac>"),
        (r" {2,}", "  "),  # a column is as wide as its longest name
        (r" +$", ""),
    )
)
_ID = re.compile(r"\b(?:sha256:)?([0-9a-f]{64}|[0-9a-f]{12})\b")


def _normal(text: str) -> str:
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return _ID.sub(_numbered(), text)


def _numbered() -> Callable[[re.Match[str]], str]:
    """Ids in the order in which the command shows them: what is the same id stays so."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        kind = "digest" if match[0].startswith("sha256:") else "id"
        return f"<{kind} {seen.setdefault(match[1][:12], str(len(seen) + 1))}>"

    return number
