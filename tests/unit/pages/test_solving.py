"""A solve as a page gets it."""

from playground.curriculum.model import Step
from playground.pages.solving import readable, script

SOLVE = """docker run -d --name web nginx
<terminal 2>
docker attach web
<see started>
<ctrl-c>
"""


def step(solve: str) -> Step:
    return Step(id="s", title="S", line=1, blocks=(), checks=(), solve=solve)


def test_a_script_has_every_key_and_every_wait() -> None:
    assert script(step(SOLVE)) == [
        ["line", "docker run -d --name web nginx"],
        ["terminal", 2],
        ["line", "docker attach web"],
        ["see", "started"],
        ["keys", "\x03"],
    ]


def test_what_is_shown_says_nothing_of_waits() -> None:
    assert readable(step(SOLVE)) == "docker run -d --name web nginx\n<terminal 2>\ndocker attach web\n<ctrl-c>"


def test_a_step_of_questions_has_nothing_to_type() -> None:
    assert script(step("")) == []
