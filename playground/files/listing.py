"""What a seat says is in a folder. Pure.

Names may hold any byte but a slash and NUL, line ends too, and what prints them is a program in the learner's hands. So
a record begins with the one byte that no name has, and whatever does not look like a record is left out.
"""

import re
import stat
from dataclasses import dataclass

MOST = 500  # entries that a page is shown
LARGEST = 128 * 1024  # bytes of a listing
# `stat -c FORMAT` of `./name`, as scripts.LIST has it.
FORMAT = "/%f %s %n"
_RECORD = re.compile(rb"/([0-9a-f]{1,8}) ([0-9]{1,20}) \./([^/]+)\n(?=/|\Z)")
_KINDS = {stat.S_IFDIR: "folder", stat.S_IFREG: "file", stat.S_IFLNK: "link"}


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: str  # "folder", "file", "link" or "other"
    size: int
    named: bool  # whether a page can say this name: it is text


@dataclass(frozen=True, slots=True)
class Listing:
    entries: tuple[Entry, ...]
    more: bool  # there are others beside these


def parse(output: bytes) -> Listing:
    """Folders first, then by name."""
    entries = sorted((_entry(*match.groups()) for match in _RECORD.finditer(output)), key=_order)
    return Listing(tuple(entries[:MOST]), len(entries) > MOST or len(output) >= LARGEST)


def _entry(mode: bytes, size: bytes, name: bytes) -> Entry:
    text = name.decode(errors="replace")
    return Entry(text, _KINDS.get(stat.S_IFMT(int(mode, 16)), "other"), int(size), text.encode() == name)


def _order(entry: Entry) -> tuple[bool, str, str]:
    return entry.kind != "folder", entry.name.casefold(), entry.name
