"""The certificate, or what is still missing for it."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from playground.checks import progress
from playground.pages.certificate import certificate, left_to_do
from playground.pages.course import lessons_of
from playground.pages.guard import LearnersRequest, learners_only


@require_safe
@never_cache
@learners_only
def show(request: LearnersRequest) -> HttpResponseBase:
    lessons = lessons_of(request.user.pk)
    record = progress.record_of(request.user.pk)
    found = certificate(lessons, record, progress.time_spent(request.user.pk))
    return render(
        request,
        "certificate.html",
        {"place": "me", "certificate": found, "left": left_to_do(lessons, record)},
    )
