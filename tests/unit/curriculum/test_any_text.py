"""Whatever stands in a lesson's file, its author is told, and the site goes on."""

from functools import cache

from django.conf import settings
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from playground.checks import kinds
from playground.curriculum.course import lesson_files
from playground.curriculum.errors import BadLesson
from playground.curriculum.parser import parse
from playground.curriculum.rendering import rendered

SCRAPS = [
    "```check\n",
    "```",
    "~~~sh run\n",
    "---\n",
    "## x {#x}\n",
    "[",
    "{",
    ": ",
    "- ",
    "&a ",
    "*a",
    "\t",
    "\0",
    "@{x}",
]
SCRAPS += [
    "did: ",
    "says:\n",
    "1: 2\n",
    "null",
    "true",
    "''",
    "<script>",
    "> ",
    "\r\n",
    "draw: {x: [1, 2]}\n",
    "é",
    "\ud7ff",
]


@cache
def lesson() -> str:
    return lesson_files(settings.LESSONS_DIR)[1].read_text()


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A lesson with pieces cut out and others put in their place."""
    text = lesson()
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 40))
        text = text[:start] + "".join(draw(st.lists(st.sampled_from(SCRAPS), max_size=4))) + text[end:]
    return text


@effort(max_examples=150, deadline=None)
@given(spoilt() | st.text(max_size=300) | st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join))
def test_any_text_is_a_lesson_or_a_list_of_mistakes_with_lines_that_are_there(text: str) -> None:
    assert all(0 <= line <= text.count("\n") + 2 for line in lines_of_mistakes(text))


def lines_of_mistakes(text: str) -> list[int]:
    try:
        rendered(parse(text, "lesson.md", "t", kinds.parse))
    except BadLesson as bad:
        return [error.line for error in bad.errors]
    return []
