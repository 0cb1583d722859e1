"""Which commands each lesson is the first to use, for its line on the course page. Pure: read off the solves."""

import re
from collections.abc import Sequence

from playground.curriculum.model import Lesson
from playground.curriculum.typed import Line, typed

# Their second word is the command: `docker network create`.
_GROUPS = "compose|container|image|network|system|volume"
_COMMAND = re.compile(rf"(?<![\w./-])docker\s+((?:{_GROUPS})\s+[a-z]+|(?!(?:{_GROUPS})\b)[a-z]+)(?![\w-])")


def first_used(lessons: Sequence[Lesson]) -> dict[str, tuple[str, ...]]:
    """Of each lesson, by its slug: the commands, in order, that no lesson before it needs."""
    met: set[str] = set()
    firsts = {}
    for lesson in lessons:
        new = dict.fromkeys(command for command in _commands(lesson) if command not in met)
        firsts[lesson.slug] = () if lesson.challenge else tuple(new)  # a challenge tells no commands
        met.update(new)
    return firsts


def _commands(lesson: Lesson) -> list[str]:
    lines = [item.text for step in lesson.steps for item in typed(step.solve) if isinstance(item, Line)]
    return [" ".join(command.split()) for line in lines for command in _COMMAND.findall(line)]
