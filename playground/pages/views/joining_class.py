"""Joining a classroom: by its code, its link, or the link's QR code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from playground.classroom import guests, members
from playground.classroom.forms import DisplayNameForm
from playground.classroom.models import Classroom, Learner
from playground.classroom.tries import may_try
from playground.pages import class_seats, doorbell
from playground.pages.guard import LearnersRequest, learners_only


@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request: HttpRequest) -> HttpResponseBase:
    typed = request.POST.get("code", "")
    if request.method == "POST":
        if not may_try(request, "code"):
            return render(request, "429.html", status=429)
        if classroom := members.with_code(typed):
            return redirect("join-classroom", classroom.code)
    return render(request, "type_code.html", {"typed": typed, "unknown": request.method == "POST"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str) -> HttpResponseBase:
    """With a name for strangers; who has one already needs only say yes."""
    if not may_try(request, "join" if request.method == "POST" else "code"):
        return render(request, "429.html", status=429)
    classroom = members.with_code(code)
    if classroom is None:
        return render(request, "type_code.html", {"typed": code[:20], "unknown": True}, status=404)
    form = DisplayNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if isinstance(request.user, Learner):
            return _welcome(request, request.user, classroom)
        if form.is_valid():
            return _welcome(request, guests.join(request, form.cleaned_data["display_name"]), classroom)
    return render(request, "join_classroom.html", {"classroom": classroom, "form": form})


def _welcome(request: HttpRequest, learner: Learner, classroom: Classroom) -> HttpResponseBase:
    with class_seats.given_back(learner, going_to=classroom), doorbell.rosters_of(learner.pk):
        members.join(learner, classroom)
    messages.success(request, _("You are in “%s”. Its lessons are waiting.") % classroom)
    return redirect("lessons")


@require_POST
@learners_only
def leave(request: LearnersRequest) -> HttpResponseBase:
    with class_seats.given_back(request.user) as seat_goes, doorbell.rosters_of(request.user.pk):
        members.leave(request.user)
    if seat_goes:
        messages.success(request, _("You have left the classroom, and your seat with it. Your ticks stay."))
    return redirect("lessons")
