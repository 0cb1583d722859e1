"""A step's solve as a page gets it: to be read, and to be typed into the terminals. No queries."""

from typing import assert_never

from playground.curriculum.model import Lesson, Step
from playground.curriculum.typed import Keys, Line, See, Terminal, Typed, typed


def script(step: Step) -> list[list[str | int]]:
    """Pairs of what to do and with what: static/js/player.js does it."""
    return [_item(item) for item in typed(step.solve)]


def scripts_before(lesson: Lesson, step_id: str) -> list[dict[str, object]]:
    """What is to be typed to be where somebody is who comes to that step."""
    ids = [step.id for step in lesson.steps]
    before = lesson.steps[: ids.index(step_id)] if step_id in ids else ()
    return [{"id": step.id, "title": step.title, "script": script(step)} for step in before]


def readable(step: Step) -> str:
    """The solve as a person would type it: keys in brackets, and nothing that only says what to wait for."""
    lines = [line for line in step.solve.strip("\n").split("\n") if not line.strip().startswith("<see ")]
    return "\n".join(lines)


def _item(item: Typed) -> list[str | int]:
    match item:
        case Line(text):
            return ["line", text]
        case Keys(data):
            return ["keys", data.decode("ascii")]
        case See(text):
            return ["see", text]
        case Terminal(number):
            return ["terminal", number]
        case _:
            assert_never(item)
