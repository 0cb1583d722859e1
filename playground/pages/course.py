"""The course as the pages show it: parsed at the first look, and while an author writes, whenever a file changes."""

from functools import cache

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from playground.checks import kinds
from playground.curriculum.course import Course, load
from playground.curriculum.errors import LessonError


@cache
def course() -> Course:
    return load(settings.LESSONS_DIR, kinds.parse, refresh=settings.LESSONS_WATCH)


def errors_for(user: AbstractBaseUser) -> tuple[LessonError, ...]:
    """What authors and staff are told of; learners are not."""
    return course().errors if settings.LESSONS_WATCH or settings.DEBUG or getattr(user, "is_staff", False) else ()
