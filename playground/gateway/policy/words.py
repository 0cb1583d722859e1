"""The words of a Dockerfile's line: quotes, escapes and $VARIABLES, as the classic builder reads them."""

import re
from collections.abc import Mapping

from playground.gateway.policy.errors import bad

_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*|[0-9])|\{([A-Za-z_][A-Za-z0-9_]*)(?::([-+])([^{}]*))?\})")
_PART = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.|[^\s'\"\\]|\\$", re.DOTALL)
_IN_QUOTES = re.compile(r"\\([\"$\\])")
MAX_WORD = 8192


def split(text: str) -> list[str]:
    """At blanks outside of quotes; the quotes stay, for `expand`."""
    found: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        if text[at].isspace():
            found.append([])
            at += 1
            continue
        part = _PART.match(text, at)
        if part is None:
            raise bad(f"a quote is not closed: {text[at : at + 40]!r}")
        found[-1].append(part[0])
        at = part.end()
    return ["".join(parts) for parts in found if parts]


def expand(word: str, variables: Mapping[str, str]) -> str:
    """Without its quotes and escapes, and with every variable's value."""
    found, at = "", 0
    while at < len(word):
        if word[at] == "$":
            value, at = _variable(word, at, variables)
            found += value
        elif word[at].isspace():
            found, at = found + word[at], at + 1
        else:
            part = _PART.match(word, at)
            if part is None:
                raise bad(f"a quote is not closed: {word[at : at + 40]!r}")
            found, at = found + _plain(part[0], variables), part.end()
        if len(found) > MAX_WORD:
            raise bad("a word is too long")
    return found


def _plain(part: str, variables: Mapping[str, str]) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] == "\\":
        return part[1:]
    if part[0] != '"':
        return part
    inner, found, at = part[1:-1], "", 0
    while at < len(inner):
        if inner[at] == "$":
            value, at = _variable(inner, at, variables)
            found += value
        elif escape := _IN_QUOTES.match(inner, at):
            found, at = found + escape[1], escape.end()
        else:
            found, at = found + inner[at], at + 1
    return found


def _variable(text: str, at: int, variables: Mapping[str, str]) -> tuple[str, int]:
    """The value of the variable at `at`, and where the text goes on."""
    match = _VARIABLE.match(text, at)
    if match is None:
        if text.startswith("${", at):
            raise bad(f"unsupported modifier in substitution: {text[at : at + 40]!r}")
        return "$", at + 1
    value = variables.get(match[1] or match[2], "")
    if match[3] == "-":
        value = value or match[4]
    elif match[3] == "+":
        value = match[4] if value else ""
    return value, match.end()
