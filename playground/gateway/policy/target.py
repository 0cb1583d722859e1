"""The request target: one strict reading of path and query, so that no second reader can see another one.

The engine itself decodes before routing, redirects `..` and `//`, and takes absolute-form targets; nothing of that gets
past here, because the upstream path and query are always written anew from what this returns.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from playground.gateway.policy.errors import bad

MAX_TARGET = 8192
Lists = Mapping[str, tuple[str, ...]]
MAX_PARAMETERS = 32
_PRINTABLE = re.compile(rb"[\x21-\x7e]+")
_VERSION = re.compile(r"v1\.(2[4-9]|3[0-9]|4[01])")
_LOOKS_LIKE_VERSION = re.compile(r"v[0-9]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Target:
    segments: tuple[str, ...]  # percent-decoded, without the version; only an image's reference may hold a "/"
    query: str  # as it came, see `parse_query`


def parse_target(raw: bytes) -> Target:
    if len(raw) > MAX_TARGET or not raw.startswith(b"/") or not _PRINTABLE.fullmatch(raw):
        raise bad("the request target is not readable")
    path, _, query = raw.decode("ascii").partition("?")
    if "#" in path or ";" in path or "#" in query:
        raise bad("the request target is not readable")
    segments = [_segment(part) for part in path[1:].split("/")]
    if _LOOKS_LIKE_VERSION.match(segments[0]):
        version = segments.pop(0)
        if not _VERSION.fullmatch(version):
            raise bad(f"client version {version[1:]} is not supported here: use 1.24 to 1.41")
    if not segments:
        raise bad("the request target is not readable")
    return Target(tuple(segments), query)


def _segment(raw: str) -> str:
    text = _decode(raw)
    if any(part in ("", ".", "..") for part in text.split("/")) or "%" in text:
        raise bad("the request target is not readable")
    return text


def _decode(raw: str) -> str:
    """Percent-decode exactly once, strictly."""
    if raw.count("%") != len(_ESCAPE.findall(raw)):
        raise bad("the request target holds a broken escape")
    try:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), raw).encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        raise bad("the request target is not UTF-8") from None
    if _CONTROL.search(text):
        raise bad("the request target holds a control character")
    return text


def parse_query(raw: str, allowed: frozenset[str], lists: frozenset[str] = frozenset()) -> Mapping[str, str]:
    """The allowed keys only. A repeated key is refused, known or not: readers differ on which one counts. Those of
    `lists` may be repeated, and are `parse_lists`' to read."""
    return {key: values[0] for key, values in _parameters(raw, lists).items() if key in allowed}


def parse_lists(raw: str, lists: frozenset[str]) -> Lists:
    """The values of the keys that may be repeated."""
    return {key: tuple(values) for key, values in _parameters(raw, lists).items() if key in lists}


def _parameters(raw: str, lists: frozenset[str]) -> dict[str, list[str]]:
    if ";" in raw:
        raise bad("the query holds a semicolon")
    seen: dict[str, list[str]] = {}
    for count, part in enumerate(filter(None, raw.split("&")), 1):
        key, _, value = part.partition("=")
        key, value = _decode(key.replace("+", " ")), _decode(value.replace("+", " "))
        if key in seen and key not in lists:
            raise bad(f"the query holds {key[:40]!r} twice")
        seen.setdefault(key, []).append(value)
        if count > MAX_PARAMETERS:
            raise bad("the query holds too many parameters")
    return seen


def flag(query: Mapping[str, str], key: str, default: bool = False) -> bool:
    """The engine's reading of a boolean: everything but these words is true."""
    value = query.get(key)
    if value is None:
        return default
    return value.strip().lower() not in ("", "0", "no", "false", "none")


def integer(query: Mapping[str, str], key: str, low: int, high: int, default: int) -> int:
    """A number clamped to its bounds; anything but a short decimal number is refused."""
    value = query.get(key, "")
    if value == "":
        return default
    if not re.fullmatch(r"-?[0-9]{1,15}", value):
        raise bad(f"{key} must be a number")
    return min(max(int(value), low), high)
