"""The archive that the engine loads as an image."""

import hashlib
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from playground.engine.archive import Node, file, folder, link, write_image, write_layer

CONFIG = {"Cmd": ["sh"], "Labels": {"a": "b"}}


@pytest.fixture
def tree(tmp_path: Path) -> dict[str, Node]:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    return {"/usr/bin/docker": file(program, 0o755), "/bin/ls": link("busybox"), "/tmp": folder(0o1777)}


def write(tree: dict[str, Node], to: Path) -> Path:
    write_image(tree, CONFIG, "web:latest", "amd64", to, to.parent)
    return to


def read_json(image: tarfile.TarFile, name: str) -> Any:
    member = image.extractfile(name)
    assert member is not None
    return json.load(member)


def test_the_same_tree_gives_the_same_bytes_whatever_its_order(tree: dict[str, Node], tmp_path: Path) -> None:
    once = write(tree, tmp_path / "once.tar")
    again = write(dict(reversed(tree.items())), tmp_path / "again.tar")

    assert once.read_bytes() == again.read_bytes()


def test_a_layer_holds_the_tree_the_folders_above_it_and_nothing_of_this_machine(
    tree: dict[str, Node], tmp_path: Path
) -> None:
    write_layer(tree, tmp_path / "layer.tar")

    with tarfile.open(tmp_path / "layer.tar") as layer:
        members = {member.name: member for member in layer}
    assert list(members) == ["bin", "bin/ls", "tmp", "usr", "usr/bin", "usr/bin/docker"]
    assert members["usr/bin/docker"].mode == 0o755
    assert members["tmp"].mode == 0o1777
    assert members["bin/ls"].linkname == "busybox"
    assert {(member.uid, member.gid, member.mtime) for member in members.values()} == {(0, 0, 1767225600)}


def test_the_manifest_leads_to_a_configuration_that_names_the_layer_by_its_content(
    tree: dict[str, Node], tmp_path: Path
) -> None:
    with tarfile.open(write(tree, tmp_path / "image.tar")) as image:
        (manifest,) = read_json(image, "manifest.json")
        config = read_json(image, manifest["Config"])
        layer = image.extractfile(manifest["Layers"][0])
        assert layer is not None
        digest = hashlib.sha256(layer.read()).hexdigest()

    assert manifest["RepoTags"] == ["web:latest"]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{digest}"]
    assert config["config"] == CONFIG
    assert (config["os"], config["architecture"]) == ("linux", "amd64")
