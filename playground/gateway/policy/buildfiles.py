"""COPY and ADD: which files of a build's context go where in the image. Nothing here leaves the context."""

import hashlib
import json
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from playground.gateway.policy import tarball
from playground.gateway.policy.dockerfile import Instruction
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import clean_path
from playground.gateway.policy.tarball import Entry, under
from playground.gateway.policy.words import expand, split

MAX_LINKS = 16
MAX_STARS = 4
_REMOTE = ("http://", "https://", "git://", "git@", "ssh://", "ftp://")
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")


class Context:
    """The files that came with the build."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            found = replace(self._entries[entry.target], name=entry.name) if entry.kind == "link" else entry
            self._entries[entry.name] = found
        for name in list(self._entries):
            while "/" in name:
                name = name.rpartition("/")[0]
                self._entries.setdefault(name, Entry(name, "directory", 0o755))
        self._entries.setdefault("", Entry("", "directory", 0o755))

    def file(self, name: str) -> bytes:
        entry = self._entries.get(self.resolve(name))
        if entry is None or entry.kind != "file":
            raise bad(f"Cannot locate specified Dockerfile: {name[:80]}")
        return entry.data

    def resolve(self, name: str) -> str:
        """Through the context's own links."""
        for _ in range(MAX_LINKS):
            linked = self._first_link(name)
            if linked is None:
                return name
            link, rest = linked
            target = posixpath.normpath(posixpath.join(posixpath.dirname(link), self._entries[link].target, rest))
            if target.startswith(("/", "..")):
                raise bad(f"forbidden path outside the build context: {name[:80]}")
            name = "" if target == "." else target
        raise bad(f"too many links: {name[:80]}")

    def _first_link(self, name: str) -> tuple[str, str] | None:
        parts = name.split("/")
        for count in range(1, len(parts) + 1):
            at = "/".join(parts[:count])
            if at in self._entries and self._entries[at].kind == "symlink":
                return at, "/".join(parts[count:])
        return None

    def sources(self, pattern: str, keyword: str) -> list[list[Entry]]:
        """For each match: its entries, named from it; a single file has its own name."""
        name = _inside(pattern)
        if any(sign in name for sign in "*?["):
            if name.count("*") > MAX_STARS or "[" in name:
                raise bad(f"a pattern has at most {MAX_STARS} stars here, and no brackets")
            names = sorted(found for found in self._entries if found and _fits(found, name))
            if not names:
                raise bad(f"{keyword} failed: no source files were specified")
            return [self._under(found, keyword) for found in names]
        return [self._under(name, keyword)]

    def _under(self, asked: str, keyword: str) -> list[Entry]:
        top = self.resolve(asked)
        entry = self._entries.get(top)
        if entry is None:
            raise bad(
                f"{keyword} failed: file not found in build context or excluded by .dockerignore: "
                f"stat {asked[:80]}: file does not exist"
            )
        if entry.kind == "file":
            return [replace(entry, name=posixpath.basename(asked))]
        start = f"{top}/" if top else ""
        inside = [found for name, found in self._entries.items() if name and name.startswith(start)]
        return [replace(entry, name=""), *(replace(found, name=found.name[len(start) :]) for found in inside)]


def _inside(path: str) -> str:
    cleaned = posixpath.normpath("/" + path.lstrip("/")) if ".." not in path.split("/") else ".."
    if cleaned == "..":
        raise bad(f"forbidden path outside the build context: {path[:80]}")
    return cleaned.strip("/")


def _fits(name: str, pattern: str) -> bool:
    parts, patterns = name.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def arguments(instruction: Instruction, variables: Mapping[str, str], directory: str) -> tuple[list[str], str]:
    """The sources, and the absolute destination, which ends in a slash where it must be a folder."""
    words = list(instruction.listed) if instruction.listed is not None else split(instruction.text)
    if len(words) < 2:
        raise bad(f"{instruction.keyword} requires at least two arguments: what, and where to")
    *sources, asked = [expand(word, variables) for word in words]
    for source in sources:
        if source.lower().startswith(_REMOTE):
            raise Refused(403, "ADD of an address is not available in this playground: there is no network.")
        if source.startswith("<<"):
            raise bad("here-documents are not available in this playground")
    if len(sources) > 1 and not asked.endswith("/"):
        raise bad(
            f"When using {instruction.keyword} with more than one source file, the destination must be a directory and "
            "end with a /"
        )
    path = clean_path(asked if asked.startswith("/") else f"{directory or '/'}/{asked}", instruction.keyword)
    is_folder = asked.endswith(("/", "/.")) or asked in (".", "..")
    return sources, path.rstrip("/") + "/" if is_folder or path == "/" else path


def is_archive(entry: Entry) -> bool:
    return entry.kind == "file" and (entry.data.startswith(_ARCHIVES) or entry.data[257:262] == b"ustar")


def placed(
    sources: list[list[Entry]], destination: str, exists: bool, is_folder: bool, owner: tuple[int, int], unpack: bool,
    limit: int,
) -> list[Entry]:  # fmt: skip
    """What is written into the image: absolute names without their first slash. `exists` and `is_folder` say what the
    image has at the destination."""
    folder = destination.strip("/")
    into_folder = destination.endswith("/") or is_folder
    found: list[Entry] = []
    for entries in sources:
        is_directory = entries[0].kind == "directory"
        if unpack and len(entries) == 1 and is_archive(entries[0]):
            found += [under(folder, entry) for entry in tarball.read(entries[0].data, limit) if entry.name]
            continue
        if is_directory and exists and not is_folder:
            raise bad(f"{destination} is a file, and a folder cannot be copied there")
        if is_directory or into_folder:
            kept = [entry for entry in entries if entry.name or not (exists or not folder)]
            found += [under(folder, entry) for entry in kept]
        else:
            found.append(replace(entries[0], name=folder))
    if sum(len(entry.data) for entry in found) > limit:
        raise Refused(413, f"a step may copy at most {limit} bytes")
    return [replace(entry, uid=owner[0], gid=owner[1]) for entry in found if entry.name]


def content_hash(entries: list[Entry]) -> str:
    """Of all but the times."""
    digest = hashlib.sha256()
    for entry in entries:
        head = [entry.name, entry.kind, entry.mode, entry.uid, entry.gid, entry.target, len(entry.data)]
        digest.update(json.dumps(head).encode() + entry.data)
    return digest.hexdigest()
