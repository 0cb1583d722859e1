"""Search over the lessons, and the glossary."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from playground.curriculum.model import Lesson
from playground.curriculum.search import MOST_CHARACTERS, Index
from playground.pages.course import course
from playground.pages.guard import LearnersRequest, learners_only


class _Held:
    """The index of the lessons as they are now; an author's change makes a new one."""

    lessons: tuple[Lesson, ...] | None = None
    index = Index(())

    @classmethod
    def of(cls, lessons: tuple[Lesson, ...]) -> Index:
        if cls.lessons is not lessons:
            cls.index, cls.lessons = Index(lessons), lessons
        return cls.index


@require_safe
@learners_only
def search(request: LearnersRequest) -> HttpResponseBase:
    question = request.GET.get("q", "")[:MOST_CHARACTERS].strip()
    hits = _Held.of(course().lessons).search(question)
    return render(request, "search.html", {"question": question, "hits": hits})


@require_safe
@learners_only
def glossary(request: LearnersRequest) -> HttpResponseBase:
    return render(request, "glossary.html", {"terms": course().glossary.terms})
