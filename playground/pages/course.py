"""The course as the pages show it: parsed at the first look, and while an author writes, whenever a file changes."""

from functools import cache

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from playground.checks import kinds
from playground.classroom.members import classroom_of
from playground.classroom.models import Classroom
from playground.curriculum.course import Course, load
from playground.curriculum.errors import LessonError
from playground.curriculum.model import Lesson


@cache
def course() -> Course:
    return load(settings.LESSONS_DIR, kinds.parse, refresh=settings.LESSONS_WATCH)


def errors_for(user: AbstractBaseUser) -> tuple[LessonError, ...]:
    """What authors and staff are told of; learners are not."""
    return course().errors if settings.LESSONS_WATCH or settings.DEBUG or getattr(user, "is_staff", False) else ()


def lessons_of(learner_id: int) -> tuple[Lesson, ...]:
    """The lessons that a learner sees: those of their classroom in its order, or the whole course."""
    return of_classroom(classroom_of(learner_id))


def of_classroom(classroom: Classroom | None) -> tuple[Lesson, ...]:
    """A lesson that is broken just now, or gone, is left out."""
    whole = course()
    if classroom is None or not classroom.lessons:
        return whole.lessons
    found = (whole.lesson(slug) for slug in classroom.lessons)
    return tuple(lesson for lesson in found if lesson is not None)
