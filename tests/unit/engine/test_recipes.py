"""What the assembled images hold, with stand-ins for the machine's busybox and docker."""

import shutil
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from playground.engine import labels, recipes
from playground.engine.errors import EngineError
from playground.engine.recipes import Tools


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    busybox = tmp_path / "busybox"
    busybox.write_text("#!/bin/sh\necho busybox; echo sh; echo ls\n")
    busybox.chmod(0o755)
    return Tools(busybox, Path("/bin/sh").resolve(), "stand-in")


def test_the_seat_holds_a_shell_the_client_and_the_libraries_that_it_links(tools: Tools) -> None:
    tree = recipes.seat(tools, "x86_64").tree

    assert {"/bin/busybox", "/bin/sh", "/bin/ls", "/usr/bin/docker", "/etc/profile", "/etc/passwd"} <= set(tree)
    assert {str(library) for library in recipes.linked(tools.docker)} <= set(tree)
    assert recipes.linked(tools.docker), "the stand-in links the C library, so this test could not fail otherwise"


def test_the_seat_has_compose_where_there_is_one_and_says_so(tools: Tools) -> None:
    without = recipes.seat(tools, "x86_64")
    with_it = recipes.seat(replace(tools, compose=tools.docker), "x86_64")

    assert recipes.COMPOSE not in without.tree
    assert labels.COMPOSE not in without.config["Labels"]
    assert with_it.tree[recipes.COMPOSE].mode == 0o755
    assert labels.COMPOSE in with_it.config["Labels"]


def test_the_seat_holds_no_credentials(tools: Tools) -> None:
    tree = recipes.seat(tools, "x86_64").tree

    assert [path for path in tree if path.startswith("/root/")] == ["/root/.docker/config.json", "/root/.docker"]
    content = tree["/root/.docker/config.json"].content
    assert isinstance(content, Path)
    assert content.read_text().strip() == "{}"


def test_busybox_is_a_link_for_each_of_its_tools_and_not_to_itself(tools: Tools) -> None:
    tree = recipes.busybox(tools, "x86_64").tree

    assert {path for path, node in tree.items() if node.target} == {"/bin/sh", "/bin/ls"}
    assert tree["/bin/busybox"].mode == 0o755


def test_hello_world_is_one_program_and_nothing_else(tools: Tools) -> None:
    recipe = recipes.hello_world(tools, "x86_64")

    assert list(recipe.tree) == ["/hello"]
    assert recipe.config["Cmd"] == ["/hello"]


def test_a_program_without_libraries_links_none(tools: Tools) -> None:
    assert recipes.linked(tools.busybox) == []


def test_the_hash_of_the_inputs_changes_with_any_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = recipes.inputs_hash()
    copy = tmp_path / "images"
    shutil.copytree(recipes.FOLDER, copy)
    monkeypatch.setattr(recipes, "FOLDER", copy)

    assert recipes.inputs_hash() == before
    (copy / "hello-world" / "message.txt").write_text("Hello, Ada!\n")
    assert recipes.inputs_hash() != before


def test_a_machine_without_the_programs_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(recipes, "HOST_PROGRAMS", {"busybox": "/nowhere", "docker": sys.executable})

    with pytest.raises(EngineError, match=r"no busybox on this machine.*install busybox-static"):
        recipes.host_tools()


def test_every_recipe_of_the_table_exists() -> None:
    rows = tomllib.loads((recipes.FOLDER / "images.toml").read_text())["image"]

    assert {row["recipe"] for row in rows if "recipe" in row} == set(recipes.RECIPES)
