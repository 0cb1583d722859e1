"""How the differential test reads its scripts and what a command has printed."""

import pytest

from tests.engine.faithful.differences import Difference, Listed
from tests.engine.faithful.scripts import Turn, parse
from tests.engine.faithful.transcript import Printed

ID = "aefe48a9da03f1e5a126b0dd387d3ec8850e21c21a29bf9ab946ef95c178cf15"


def test_an_indented_line_belongs_to_the_terminal_of_the_command_above() -> None:
    script = parse("x", "# why\ndocker ps\n\ndocker exec -it web sh\n  < #\n  > exit\n  > ^P^Q\n")
    assert [command.line for command in script.commands] == ["docker ps", "docker exec -it web sh"]
    assert script.commands[1].turns == (Turn(False, "#"), Turn(True, "exit\n"), Turn(True, "\x10\x11"))
    with pytest.raises(ValueError, match="neither"):
        parse("x", "docker ps\n  exit\n")


def test_what_differs_between_any_two_runs_is_left_out() -> None:
    printed = Printed(3, f"{ID}  web   Up 2 seconds\n{ID[:12]} 10.1.2.3 2026-11-21T20:26:23.4Z\n", "bad\n")
    assert printed.lines() == ["out| <id 1>  web  Up <span>", "out| <id 1> <ip> <time>", "err| bad", "exit 3"]


def test_json_is_told_leaf_by_leaf() -> None:
    assert Printed(0, '[{"b": {"c": 1}, "a": []}]\n').lines() == ["out| [0].a = []", "out| [0].b.c = 1", "exit 0"]


def test_a_line_that_differs_must_be_on_the_list_for_that_command() -> None:
    listed = Listed([Difference("x", "y", ["docker info*"], own=["out\\| a"], here=["out\\| b", "out\\| never"])])
    assert listed.unlisted("docker info", ["out| a", "exit 0"], ["out| b", "exit 0"]) == []
    assert listed.unlisted("docker ps", ["out| a"], ["out| b"]) == ["- out| a", "+ out| b"]
    assert listed.unseen() == ["x: + out\\| never"]
