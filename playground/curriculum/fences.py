"""Fenced blocks: what stands around them, and what the plain ones hold. Pure."""

import re

from markdown_it.token import Token

from playground.curriculum.model import Command, Listing, Output

OPTION = re.compile(r"(?P<name>[^\s=]+)=(?P<value>\S*)")


def is_closed(token: Token, lines: list[str]) -> bool:
    assert token.map is not None
    start, end = token.map
    return end - start > 1 and lines[end - 1].strip().startswith(token.markup)


def word_and_options(info: str) -> tuple[str, dict[str, str]]:
    """`sh run terminal=2` -> `sh run` and {"terminal": "2"}."""
    parts = info.split()
    options = {found["name"]: found["value"] for part in parts if (found := OPTION.fullmatch(part))}
    return " ".join(part for part in parts if not OPTION.fullmatch(part)), options


def shown(word: str, text: str, terminal: int) -> Command | Output | Listing:
    if word in ("sh", "sh run"):
        return Command(text.strip("\n"), run=word == "sh run", terminal=terminal)
    if word == "output":
        return Output(text)
    return Listing(word, text)
