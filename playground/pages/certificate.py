"""Whether a learner has done the course, and what their certificate says. No HTTP, no queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from playground.checks.models import StepPass
from playground.checks.progress import Passed
from playground.curriculum.model import Lesson, Step


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    steps: int
    minutes: int  # at work, by the clock of the page


@dataclass(frozen=True, slots=True)
class Certificate:
    at: datetime  # when the last step was passed
    lines: tuple[Line, ...]
    alone: int  # steps without any help

    @property
    def steps(self) -> int:
        return sum(line.steps for line in self.lines)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)


@dataclass(frozen=True, slots=True)
class Left:
    """Steps of a lesson that stand between the learner and the certificate: not passed, or only played."""

    lesson: Lesson
    steps: tuple[Step, ...]


def left_to_do(lessons: Sequence[Lesson], record: Mapping[tuple[str, str], Passed]) -> list[Left]:
    found = [Left(lesson, tuple(step for step in lesson.steps if not _own(lesson, step, record))) for lesson in lessons]
    return [left for left in found if left.steps]


def certificate(
    lessons: Sequence[Lesson], record: Mapping[tuple[str, str], Passed], seconds: Mapping[str, int]
) -> Certificate | None:
    """None as long as something is left to do, or there is nothing to do."""
    if not lessons or left_to_do(lessons, record):
        return None
    passed = [record[lesson.slug, step.id] for lesson in lessons for step in lesson.steps]
    lines = tuple(
        Line(lesson.title, len(lesson.steps), max(1, round(seconds.get(lesson.slug, 0) / 60))) for lesson in lessons
    )
    return Certificate(max(one.at for one in passed), lines, Counter(one.how for one in passed)[StepPass.How.ALONE])


def _own(lesson: Lesson, step: Step, record: Mapping[tuple[str, str], Passed]) -> bool:
    passed = record.get((lesson.slug, step.id))
    return passed is not None and passed.how != StepPass.How.PLAYED
