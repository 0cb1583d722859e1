"""The course as the pages show it: parsed at the first look, and in debug again when a lesson's file changes."""

from functools import cache

from django.conf import settings

from playground.checks import kinds
from playground.curriculum.course import Course, load


@cache
def course() -> Course:
    return load(settings.LESSONS_DIR, kinds.parse, refresh=settings.DEBUG)
