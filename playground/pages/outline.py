"""The course as one learner sees it: how far each lesson is, and where to go on."""

from collections.abc import Set
from dataclasses import dataclass

from django.urls import reverse

from playground.checks import progress
from playground.classroom.models import Learner
from playground.curriculum.model import Lesson, Step
from playground.pages.course import course


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson and the ids of the steps that the learner has passed in it."""

    lesson: Lesson
    ticked: Set[str]
    minutes_spent: int = 0

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


def outline(learner: Learner) -> list[Entry]:
    """All lessons in order, with two queries."""
    ticked = progress.steps_passed(learner.pk)
    spent = progress.time_spent(learner.pk)
    return [
        Entry(lesson, ticked.get(lesson.slug, frozenset()), round(spent.get(lesson.slug, 0) / 60))
        for lesson in course().lessons
    ]


def resume(learner: Learner) -> Resume | None:
    """None when everything is done, or there is nothing to do."""
    found = progress.where_to_go_on(learner.pk, course())
    if found is None:
        return None
    lesson, step = found
    position = progress.position_of(learner.pk)
    been_there = position is not None and position[0] == lesson.slug
    return Resume(lesson, step, started=been_there or step is not lesson.steps[0])
