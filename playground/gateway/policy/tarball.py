"""Tar archives of a learner's: read strictly into entries, and written anew, uncompressed.

Engines have unpacked compressed archives with programs of the container's own file system (CVE-2026-41567), and
followed names out of the folder; nothing of a client's archive reaches one as it came.
"""

import io
import tarfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.tarheaders import check_headers

MAX_ENTRIES = 1000
MAX_RATIO = 100  # of inflated bytes to compressed ones
UNSUSPICIOUS = 256 * 1024  # bytes: a small archive is mostly padding
MAX_NAME = 1024
MAX_ID = 65535
_GZIP = b"\x1f\x8b"
_OTHER_COMPRESSIONS = (b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
_BROKEN = (tarfile.TarError, ValueError, ArithmeticError, LookupError, EOFError, RecursionError)

Kind = Literal["file", "directory", "symlink", "link"]
_KINDS: dict[bytes, Kind] = {
    tarfile.REGTYPE: "file",
    tarfile.AREGTYPE: "file",
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "symlink",
    tarfile.LNKTYPE: "link",
}
_TYPES = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "symlink": tarfile.SYMTYPE, "link": tarfile.LNKTYPE}


@dataclass(frozen=True, slots=True)
class Entry:
    name: str  # relative, cleaned; "" is the top itself
    kind: Kind
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    target: str = ""  # of a symlink as it stands; of a hard link the other entry's name
    data: bytes = b""


def inflate(data: bytes, limit: int) -> bytes:
    """At most `limit` bytes of what may be compressed with gzip."""
    if data.startswith(_OTHER_COMPRESSIONS):
        raise bad("an archive may be compressed with gzip only")
    if not data.startswith(_GZIP):
        return data
    parts: list[bytes] = []
    room, rest = min(limit, max(MAX_RATIO * len(data), UNSUSPICIOUS)) + 1, data
    try:
        while rest.startswith(_GZIP):
            member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            parts.append(member.decompress(rest, room))
            room -= len(parts[-1])
            if room <= 0:
                raise Refused(413, f"the archive unpacks to more than {limit} bytes, or to {MAX_RATIO} times its size")
            if not member.eof:
                raise bad("the archive breaks off")
            rest = member.unused_data
    except zlib.error:
        raise bad("the archive cannot be unpacked") from None
    return b"".join(parts)


def read(data: bytes, limit: int, rooted: bool = False) -> list[Entry]:
    """The archive's entries in their order, no two of a name, each within a folder and not within a link. `rooted`: a
    name may begin with the slash that stands for the archive's top, as those of compose's `configs` do."""
    plain = inflate(data, limit)
    check_headers(plain)
    found: dict[str, Entry] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as tar:
            for count, member in enumerate(tar, 1):
                if count > MAX_ENTRIES:
                    raise Refused(413, f"an archive may have at most {MAX_ENTRIES} entries")
                if rooted:
                    member.name = member.name.lstrip("/")
                entry = _entry(tar, member, limit)
                _check_place(entry, found)
                found[entry.name] = entry
    except _BROKEN:
        raise bad("the archive is not a readable tar") from None
    return list(found.values())


def _entry(tar: tarfile.TarFile, member: tarfile.TarInfo, limit: int) -> Entry:
    kind = _KINDS.get(member.type)
    if kind is None or member.sparse is not None:
        raise Refused(403, f"{member.name[:80]!r}: only files, folders and links may be copied in this playground")
    if member.size > limit:
        raise Refused(413, f"an archive may have at most {limit} bytes")
    content = tar.extractfile(member) if kind == "file" else None
    data = content.read() if content else b""
    if len(data) != (member.size if kind == "file" else 0):
        raise bad("the archive breaks off")
    target = clean(member.linkname) if kind == "link" else member.linkname if kind == "symlink" else ""
    if kind == "symlink" and (not target or len(target) > MAX_NAME or "\0" in target):
        raise bad(f"{member.name[:80]!r} is a link to nothing")
    return Entry(
        name=clean(member.name),
        kind=kind,
        mode=member.mode & 0o7777,
        uid=_small(member.uid),
        gid=_small(member.gid),
        mtime=max(0, min(int(member.mtime), 2**33)),
        target=target,
        data=data,
    )


def _small(identity: int) -> int:
    """An owner that no container's user table can hold is root."""
    return identity if 0 <= identity <= MAX_ID else 0


def clean(name: str) -> str:
    """Without `./` and slashes at the ends; refuses what leads out."""
    if name.startswith("/") or ".." in name.split("/") or "\0" in name or len(name) > MAX_NAME:
        raise bad(f"the archive holds a name that leads out of it: {name[:80]!r}")
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def _check_place(entry: Entry, found: dict[str, Entry]) -> None:
    known = found.get(entry.name)
    if known is not None and not known.kind == entry.kind == "directory":
        raise bad(f"the archive holds {entry.name[:80]!r} twice")
    parent = entry.name
    while "/" in parent:
        parent = parent.rpartition("/")[0]
        if parent in found and found[parent].kind != "directory":
            raise bad(f"{entry.name[:80]!r} lies in something that is not a folder")
    if entry.kind == "link" and (entry.target not in found or found[entry.target].kind != "file"):
        raise bad(f"{entry.name[:80]!r} is a link to something that is not in the archive")


def write(entries: Iterable[Entry]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT, errors="surrogateescape") as tar:
        for entry in entries:
            info = tarfile.TarInfo(entry.name or ".")
            info.type, info.mode, info.uid, info.gid = _TYPES[entry.kind], entry.mode, entry.uid, entry.gid
            info.mtime, info.linkname, info.size = entry.mtime, entry.target, len(entry.data)
            tar.addfile(info, io.BytesIO(entry.data))
    return stream.getvalue()


def under(prefix: str, entry: Entry) -> Entry:
    """The entry with all its names moved into the folder `prefix`."""

    def moved(name: str) -> str:
        return "/".join(part for part in (prefix, name) if part)

    return replace(entry, name=moved(entry.name), target=moved(entry.target) if entry.kind == "link" else entry.target)
