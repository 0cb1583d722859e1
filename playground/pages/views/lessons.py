"""The course page and the lesson page."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from playground.checks import progress
from playground.classroom.members import classroom_of
from playground.classroom.models import Learner
from playground.curriculum.course import slug_of
from playground.curriculum.model import Lesson
from playground.pages.course import course, errors_for, of_classroom
from playground.pages.frontend import importmap
from playground.pages.guard import LearnersRequest, learners_only
from playground.pages.lesson_page import END, shown_steps
from playground.pages.mapwords import map_words
from playground.pages.outline import outline, resume, standing
from playground.pages.words import budget, words
from playground.seats import actions

_SHEETS = (
    "css/lesson.css",
    "css/prose.css",
    "css/dock.css",
    "css/pane.css",
    "css/ports.css",
    "css/terminals.css",
    "css/help.css",
    "css/budget.css",
    "css/class-strip.css",
    "css/files.css",
    "css/touch.css",
    "css/visit.css",
    "css/map.css",
    "css/mapthings.css",
    "vendor/@xterm/xterm/css/xterm.css",
    "terminal/terminal.css",
)


@require_safe
@learners_only
def course_page(request: LearnersRequest) -> HttpResponseBase:
    classroom = classroom_of(request.user.pk)
    lessons = of_classroom(classroom)
    entries = outline(request.user, lessons)
    return render(
        request,
        "lessons.html",
        {
            "place": "lessons",
            "classroom": classroom,
            "entries": entries,
            "standing": standing(entries),
            "resume": resume(request.user, lessons),
            "errors": errors_for(request.user),
        },
    )


@require_safe
@ensure_csrf_cookie  # its scripts post for more time and for a fresh seat
@never_cache  # the ticks of a page that comes back from the browser's cache would be old ones
@learners_only
def lesson_page(request: LearnersRequest, slug: str, step_id: str = "") -> HttpResponseBase:
    lesson = course().lesson(slug)
    errors = [error for error in errors_for(request.user) if slug_of(error.file) == slug]
    if lesson is None and errors:
        return redirect("lessons")  # where its author is told
    if lesson is None:
        raise Http404(_("There is no such lesson."))
    draws = bool(lesson.variants)
    lesson = progress.as_drawn(request.user.pk, lesson)
    ticks = progress.ticks(request.user.pk, slug)
    current = step_id or (ticks.first_unpassed(lesson) or lesson.steps[0]).id
    if current != END and lesson.step(current) is None:
        raise Http404(_("There is no such step."))
    steps = shown_steps(lesson, current, ticks)
    classroom = classroom_of(request.user.pk)
    return render(
        request,
        "lesson.html",
        {
            "lesson": lesson,
            "draws": draws,
            "classroom": classroom,
            "errors": errors,
            "steps": steps,
            "end": current == END,
            "fresh_seat": _is_fresh_since(ticks.last, request.user),
            "passed": sum(step.passed for step in steps),
            "total": len(steps),
            "next_lesson": _next(lesson, of_classroom(classroom)),
            "sheets": [static(path) for path in _SHEETS],
            "importmap": importmap(),
            "words": words() | map_words(),
            "budget": budget(),
            "kept": 0 if settings.DEBUG else None,  # how long what is the same on every page is: for ever
        },
    )


def _is_fresh_since(last: datetime | None, learner: Learner) -> bool:
    """Whether the learner's seat, or the one that they will get, has nothing of what they did until then."""
    if last is None:
        return False
    seat = actions.current(learner)
    return seat is None or seat.lent_at is None or seat.lent_at > last


def _next(lesson: Lesson, lessons: Sequence[Lesson]) -> Lesson | None:
    """None after the last one, and where the lesson is not among them: somebody came to it by its address."""
    pairs = pairwise(lessons)
    return next((after for before, after in pairs if before.slug == lesson.slug), None)
