"""A Dockerfile's text → its instructions. Strict: what is not known here is an error with its line, never passed over.

The grammar is the classic builder's, without heredocs, `# escape` and ONBUILD.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.gateway.policy.errors import Refused, bad

MAX_BYTES = 64 * 1024
MAX_INSTRUCTIONS = 100

# Each instruction's flags.
FLAGS: Mapping[str, frozenset[str]] = {
    "ADD": frozenset({"chown"}),
    "ARG": frozenset(),
    "CMD": frozenset(),
    "COPY": frozenset({"chown", "from"}),
    "ENTRYPOINT": frozenset(),
    "ENV": frozenset(),
    "EXPOSE": frozenset(),
    "FROM": frozenset({"platform"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "retries"}),
    "LABEL": frozenset(),
    "RUN": frozenset(),
    "SHELL": frozenset(),
    "STOPSIGNAL": frozenset(),
    "USER": frozenset(),
    "VOLUME": frozenset(),
    "WORKDIR": frozenset(),
}
_ABSENT = {
    "ONBUILD": "ONBUILD is not available in this playground: its commands would run in other builds",
    "MAINTAINER": "MAINTAINER is outdated: use LABEL maintainer=…",
}
_OF_BUILDKIT = ("mount", "network", "security", "chmod", "link", "parents", "exclude", "checksum", "keep-git-dir")
_FLAG = re.compile(r"--([a-zA-Z-]+)(?:=(\S*))?(?:\s+|$)")
_ESCAPE = re.compile(r"#\s*escape\s*=\s*(\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Instruction:
    line: int
    keyword: str
    text: str  # without keyword and flags
    flags: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[str, ...] | None = None  # the words of the ["exec", "form"]
    typed: str = field(default="", compare=False)  # the keyword as it was written

    def __str__(self) -> str:
        flags = "".join(f"--{name}={value} " for name, value in self.flags.items())
        return f"{self.typed or self.keyword} {flags}{self.text}"


def at_line(line: int, message: str) -> Refused:
    return bad(f"dockerfile parse error line {line}: {message}")


def parse(data: bytes, name: str = "Dockerfile") -> list[Instruction]:
    """Raises Refused with the line."""
    if len(data) > MAX_BYTES:
        raise bad(f"a Dockerfile may have at most {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad("the Dockerfile is not UTF-8") from None
    if "\0" in text:
        raise bad("the Dockerfile holds a NUL")
    found = [_instruction(line, logical) for line, logical in _logical_lines(text)]
    if not found:
        raise bad(f"the Dockerfile ({name}) cannot be empty")
    if len(found) > MAX_INSTRUCTIONS:
        raise at_line(found[MAX_INSTRUCTIONS].line, f"at most {MAX_INSTRUCTIONS} instructions")
    _check_order(found)
    return found


def parse_change(text: str) -> Instruction:
    """One of `docker commit --change`."""
    (found,) = parse(b"FROM scratch\n" + text.replace("\n", " ").encode())[1:] or (None,)
    if found is None:
        raise bad("an empty change")
    return found


def _check_order(found: list[Instruction]) -> None:
    for instruction in found:
        if instruction.keyword == "FROM":
            return
        if instruction.keyword != "ARG":
            raise bad("no build stage in current context")
    raise bad("no FROM in the Dockerfile")


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines put together at a trailing backslash, each with the number of its first one; comments left out."""
    found: list[tuple[int, str]] = []
    first, joined = 0, ""
    for number, raw in enumerate(re.split(r"\r?\n", text), 1):
        line = raw.strip() if not first else raw.rstrip()
        if line.lstrip().startswith("#"):
            if not found and not first and (escape := _ESCAPE.match(line)) and escape[1] != "\\":
                raise at_line(number, "# escape is not available in this playground: use the backslash")
            continue
        if not line:
            continue
        first = first or number
        if line.endswith("\\"):
            joined += line[:-1]
            continue
        found.append((first, joined + line))
        first, joined = 0, ""
    return [*found, (first, joined)] if first and joined.strip() else found


def _instruction(line: int, logical: str) -> Instruction:
    word, *after = logical.split(maxsplit=1)
    keyword, rest = word.upper(), after[0].strip() if after else ""
    if keyword in _ABSENT:
        raise at_line(line, _ABSENT[keyword])
    if keyword not in FLAGS:
        raise at_line(line, f"unknown instruction: {keyword[:40]}")
    flags, rest = _flags(line, keyword, rest)
    if not rest:
        raise at_line(line, f"{keyword} requires at least one argument")
    return Instruction(line, keyword, rest, flags, _listed(rest), word)


def _flags(line: int, keyword: str, rest: str) -> tuple[dict[str, str], str]:
    found: dict[str, str] = {}
    while match := _FLAG.match(rest):
        name, value = match[1], match[2]
        if name in _OF_BUILDKIT:
            raise at_line(line, f"the --{name} option requires BuildKit, which this playground does not have")
        if name not in FLAGS[keyword]:
            raise at_line(line, f"Unknown flag: {name}")
        if name in found:
            raise at_line(line, f"Duplicate flag specified: {name}")
        if not value:
            raise at_line(line, f"Missing a value on flag: {name}")
        found[name] = value
        rest = rest[match.end() :]
    return found, rest


def _listed(text: str) -> tuple[str, ...] | None:
    """JSON, or else it is the shell's form."""
    if not text.startswith("["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tuple(found) if isinstance(found, list) and all(isinstance(word, str) for word in found) else None
