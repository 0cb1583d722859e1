"""Write an image archive as `docker save` does: one layer, its configuration, the manifest.

The same tree and configuration give the same bytes and so the same image id. Everything goes through files: a layer
with the docker CLI in it is too large to hold in memory.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

CREATED = "2026-01-01T00:00:00Z"  # fixed: the date is a part of the image id
MTIME = 1767225600  # the same moment


@dataclass(frozen=True, slots=True)
class Node:
    """One path of a layer. A file's `content` is its bytes, or where to read them."""

    type: bytes
    mode: int
    content: bytes | Path = b""
    target: str = ""


Tree = Mapping[str, Node]  # by absolute path; parents that are not named are made with mode 0755


def file(content: bytes | Path, mode: int = 0o644) -> Node:
    return Node(tarfile.REGTYPE, mode, content)


def folder(mode: int = 0o755) -> Node:
    return Node(tarfile.DIRTYPE, mode)


def link(target: str) -> Node:
    return Node(tarfile.SYMTYPE, 0o777, target=target)


def write_layer(tree: Tree, path: Path) -> None:
    parents = {str(parent) for name in tree for parent in PurePosixPath(name).parents if str(parent) != "/"}
    nodes = {parent: folder() for parent in parents} | dict(tree)
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(nodes):
            _add(tar, name.lstrip("/"), nodes[name])


def write_image(
    tree: Tree, config: Mapping[str, Any], reference: str, architecture: str, path: Path, scratch: Path
) -> None:
    """`config` is the image's run configuration (Cmd, Env, Labels, …); `scratch` a directory for the layer."""
    layer = scratch / "layer.tar"
    write_layer(tree, layer)
    with layer.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    image = {
        "architecture": architecture,
        "os": "linux",
        "created": CREATED,
        "author": "Docker playground",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "history": [
            {"created": CREATED, "created_by": "/bin/sh -c #(nop) ADD rootfs / "},
            {
                "created": CREATED,
                "created_by": f"/bin/sh -c #(nop)  CMD {json.dumps(config['Cmd'])}",
                "empty_layer": True,
            },
        ],
    }
    body = json.dumps(image, sort_keys=True).encode()
    name = hashlib.sha256(body).hexdigest() + ".json"
    manifest = [{"Config": name, "RepoTags": [reference], "Layers": ["layer.tar"]}]
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
        _add(tar, "layer.tar", file(layer))
        _add(tar, name, file(body))
        _add(tar, "manifest.json", file(json.dumps(manifest).encode()))
    layer.unlink()


def _add(tar: tarfile.TarFile, name: str, node: Node) -> None:
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.mtime, info.linkname = node.type, node.mode, MTIME, node.target
    if isinstance(node.content, Path):
        info.size = node.content.stat().st_size
        with node.content.open("rb") as stream:
            tar.addfile(info, stream)
    else:
        info.size = len(node.content)
        tar.addfile(info, io.BytesIO(node.content))
