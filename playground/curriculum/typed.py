"""A `sh solve` or `sh wrong` as it is typed into terminals: lines, keys, and what to wait for. Pure.

A line in angle brackets is not typed as it stands: `<ctrl-p> <ctrl-q>`, `<enter>`, `<see TEXT>`, `<terminal 2>`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from playground.curriculum.errors import did_you_mean

MOST_TERMINALS = 4
KEYS = {"enter": b"\r", "tab": b"\t", "escape": b"\x1b", "up": b"\x1b[A", "down": b"\x1b[B", "space": b" "} | {
    f"ctrl-{chr(letter)}": bytes([letter - ord("a") + 1]) for letter in range(ord("a"), ord("z") + 1)
}  # fmt: skip
_BRACKETS = re.compile(r"<[^<>]+>(?: *<[^<>]+>)*")
_ONE = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True, slots=True)
class Line:
    """Text and the Enter key, once the terminal waits for it."""

    text: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Bytes, once what was typed before has begun its work."""

    data: bytes


@dataclass(frozen=True, slots=True)
class See:
    """Go on when the terminal has shown this text."""

    text: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """What follows goes into this one of the seat's terminals; 1 is where every block begins."""

    number: int


Typed: TypeAlias = Line | Keys | See | Terminal


class BadKeys(Exception):
    """`line` counts from 1 within the block."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def typed(script: str) -> list[Typed]:
    """Raises BadKeys."""
    return [item for number, line in enumerate(script.split("\n"), 1) for item in _typed(line, number)]


def _typed(line: str, number: int) -> Iterator[Typed]:
    if "\t" in line:
        raise BadKeys(number, "a tab would make the shell complete a word: use blanks")
    if not _BRACKETS.fullmatch(line.strip()):
        if line.strip():
            yield Line(line)
        return
    words = _ONE.findall(line)
    pressed = b"".join(KEYS.get(word, b"") for word in words)
    if all(word in KEYS for word in words):
        yield Keys(pressed)
    elif len(words) == 1 and words[0].startswith("see "):
        yield See(words[0].removeprefix("see ").strip())
    elif len(words) == 1 and (found := re.fullmatch(r"terminal ([1-9])", words[0])):
        yield _terminal(int(found[1]), number)
    else:
        unknown = next(word for word in words if word not in KEYS)
        raise BadKeys(
            number,
            f"unknown key `<{unknown}>`: write keys such as `<ctrl-c>` and `<enter>`, `<see TEXT>`, or `<terminal 2>`",
        )


def key_words(text: str) -> tuple[str, ...]:
    """The keys of a `keys` block, `ctrl-p ctrl-q`. Raises BadKeys."""
    words = tuple(text.split())
    for word in words:
        if word not in KEYS:
            raise BadKeys(1, f"unknown key `{word}`: {did_you_mean(word, list(KEYS))}")
    return words


def _terminal(asked: int, line: int) -> Terminal:
    if asked > MOST_TERMINALS:
        raise BadKeys(line, f"a seat has {MOST_TERMINALS} terminals")
    return Terminal(asked)
