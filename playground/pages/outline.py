"""The course as one learner sees it: how far each lesson is, and where to go on."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from django.urls import reverse

from playground.checks import progress
from playground.classroom.models import Learner
from playground.curriculum.model import Lesson, Step
from playground.pages.commands import first_used


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson, the ids of the steps that the learner has passed in it, and the commands that are new in it."""

    lesson: Lesson
    ticked: Set[str]
    minutes_spent: int = 0
    commands: tuple[str, ...] = ()

    @property
    def passed(self) -> int:
        return sum(step.id in self.ticked for step in self.lesson.steps)

    @property
    def total(self) -> int:
        return len(self.lesson.steps)

    @property
    def url(self) -> str:
        return reverse("lesson", args=[self.lesson.slug])


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a learner goes on, and whether they have been in that lesson before."""

    lesson: Lesson
    step: Step
    started: bool

    @property
    def url(self) -> str:
        return reverse("step", args=[self.lesson.slug, self.step.id])


def outline(learner: Learner, lessons: Sequence[Lesson]) -> list[Entry]:
    """These lessons in order, with two queries."""
    ticked = progress.steps_passed(learner.pk)
    spent = progress.time_spent(learner.pk)
    commands = first_used(lessons)
    return [
        Entry(
            lesson,
            ticked.get(lesson.slug, frozenset()),
            round(spent.get(lesson.slug, 0) / 60),
            commands[lesson.slug],
        )
        for lesson in lessons
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the whole course is."""

    steps: int
    steps_passed: int
    lessons: int
    lessons_done: int
    minutes_left: int  # as the lessons' authors reckon, by steps


def standing(entries: Sequence[Entry]) -> Standing:
    return Standing(
        steps=sum(entry.total for entry in entries),
        steps_passed=sum(entry.passed for entry in entries),
        lessons=len(entries),
        lessons_done=sum(entry.passed == entry.total for entry in entries),
        minutes_left=round(
            sum(entry.lesson.minutes * (entry.total - entry.passed) / entry.total for entry in entries) / 5
        )
        * 5,
    )


def resume(learner: Learner, lessons: Sequence[Lesson]) -> Resume | None:
    """None when everything is done, or there is nothing to do."""
    found = progress.where_to_go_on(learner.pk, lessons)
    if found is None:
        return None
    lesson, step = found
    position = progress.position_of(learner.pk)
    been_there = position is not None and position[0] == lesson.slug
    return Resume(lesson, step, started=been_there or step is not lesson.steps[0])
