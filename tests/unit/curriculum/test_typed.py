"""What stands in a `sh solve`, as it is typed."""

import pytest

from playground.curriculum.typed import BadKeys, Keys, Line, See, Terminal, typed


def test_lines_are_typed_and_lines_in_angle_brackets_are_keys() -> None:
    script = "docker run -it --name box busybox sh\n<ctrl-p> <ctrl-q>\n\ndocker ps\n"

    assert typed(script) == [Line("docker run -it --name box busybox sh"), Keys(b"\x10\x11"), Line("docker ps")]


def test_a_text_can_be_waited_for_and_another_terminal_used() -> None:
    script = "docker attach box\n<terminal 2>\ndocker stop box\n<terminal 1>\n<see all done>\n<enter>"

    assert typed(script) == [
        Line("docker attach box"), Terminal(2), Line("docker stop box"), Terminal(1), See("all done"), Keys(b"\r"),
    ]  # fmt: skip


def test_what_only_has_brackets_in_it_is_a_line() -> None:
    assert typed("sort < names > sorted") == [Line("sort < names > sorted")]


@pytest.mark.parametrize(
    ("script", "line", "message"),
    [
        ("ls\n<ctrl-1>", 2, "unknown key `<ctrl-1>`"),
        ("<ctrl-c> <see it>", 1, "unknown key `<see it>`"),
        ("<terminal 9>", 1, "a seat has 4 terminals"),
        ("ls\n\tls", 2, "a tab would make the shell complete a word"),
    ],
)
def test_what_cannot_be_typed_is_named_with_its_line(script: str, line: int, message: str) -> None:
    with pytest.raises(BadKeys) as bad:
        typed(script)

    assert bad.value.line == line
    assert message in str(bad.value)
