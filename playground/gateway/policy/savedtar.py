"""`docker save`: the engine's archive on its way to the learner, with the learner's own names in it instead of ours.

The engine is asked by id, so that the archive comes without names; they are written into its manifest as it passes.
"""

import io
import json
import tarfile
from collections.abc import Mapping
from typing import Any

from playground.engine.errors import EngineError
from playground.gateway.policy.names import Reference

_BLOCK = 512
_MANIFEST, _REPOSITORIES = "manifest.json", "repositories"
_MAX_MANIFEST = 1024 * 1024


class SavedTar:
    """`feed` the archive's bytes in, and send what comes out."""

    def __init__(self, names: Mapping[str, list[Reference]]) -> None:
        self._names = names  # by image id
        self._buffer = b""
        self._passing = 0  # bytes of the member at hand that go on as they are
        self._dropping = 0
        self._manifest = -1  # its size, once its header has come
        self._top_layers: dict[str, str] = {}
        self._ended = False

    def feed(self, data: bytes) -> bytes:
        self._buffer += data
        out: list[bytes] = []
        while not self._ended and (part := self._step()) is not None:
            out.append(part)
        return b"".join(out)

    def _step(self) -> bytes | None:
        """What goes on now; None where more bytes are needed."""
        if self._passing:
            part = self._take(min(self._passing, len(self._buffer)))
            self._passing -= len(part)
            return part or None
        if self._dropping:
            part = self._take(min(self._dropping, len(self._buffer)))
            self._dropping -= len(part)
            return b"" if part else None
        if self._manifest >= 0:
            if len(self._buffer) < _padded(self._manifest):
                return None
            size, self._manifest = self._manifest, -1
            return _member(_MANIFEST, self._named(json.loads(self._take(_padded(size))[:size])))
        return self._header() if len(self._buffer) >= _BLOCK else None

    def _take(self, size: int) -> bytes:
        part, self._buffer = self._buffer[:size], self._buffer[size:]
        return part

    def _header(self) -> bytes:
        block = self._take(_BLOCK)
        if not block.strip(b"\0"):
            self._ended, self._buffer = True, b""
            return self._repositories() + bytes(2 * _BLOCK)
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            raise EngineError("the engine's archive is not a tar", 502) from None
        if info.name == _MANIFEST and info.size <= _MAX_MANIFEST:
            self._manifest = info.size
            return b""
        if info.name == _REPOSITORIES:
            self._dropping = _padded(info.size)
            return b""
        self._passing = _padded(info.size)
        return block

    def _named(self, manifest: list[dict[str, Any]]) -> Any:
        for image in manifest:
            identity = "sha256:" + image["Config"].removeprefix("blobs/sha256/").removesuffix(".json")
            names = self._names.get(identity, [])
            image["RepoTags"] = [name.familiar for name in names] or None
            folder, slash, _ = (image.get("Layers") or [""])[-1].rpartition("/layer.tar")
            if slash:  # the older layout, where a layer's folder stands for the image
                self._top_layers[identity] = folder
        return manifest

    def _repositories(self) -> bytes:
        found: dict[str, dict[str, str]] = {}
        for identity, layer in self._top_layers.items():
            for name in self._names.get(identity, []):
                found.setdefault(name.repository, {})[name.tag] = layer
        return _member(_REPOSITORIES, found) if found else b""


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _member(name: str, value: Any) -> bytes:
    data = json.dumps(value).encode() + b"\n"
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o644
    stream = io.BytesIO(info.tobuf(tarfile.GNU_FORMAT) + data)
    return stream.getvalue().ljust(_BLOCK + _padded(len(data)), b"\0")
