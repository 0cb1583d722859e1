"""Lessons for the tests, and a check that knows no Docker."""

from dataclasses import dataclass

from playground.curriculum.errors import BadCheck, BadLesson, Problem
from playground.curriculum.model import Lesson
from playground.curriculum.parser import parse

HEAD = "---\ntitle: A lesson\nsummary: About something.\nminutes: 5\n---\n"
STEP = "\n## Do it {#do-it}\n\n```check\nsaw: it\n```\n\n```sh solve\ndo it\n```\n"


@dataclass(frozen=True)
class SawIt:
    """The only check of these tests: `saw: it`; with `asks` it is a question."""

    key: str
    goal: str = ""
    asks: str = ""


def parse_check(value: object) -> SawIt:
    if isinstance(value, dict) and "saw" in value:
        return SawIt(key=str(value["saw"]), goal=value.get("goal", ""), asks=value.get("asks", ""))
    raise BadCheck([Problem(tuple(value) if isinstance(value, dict) else (), "unknown check")])


def lesson(text: str) -> Lesson:
    return parse(text, "lesson.md", "a-lesson", parse_check)


def errors(text: str) -> list[tuple[int, str]]:
    """What the author is told: (line, message) of every error."""
    try:
        lesson(text)
    except BadLesson as bad:
        return [(error.line, error.message) for error in bad.errors]
    return []
