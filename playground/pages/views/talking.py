"""Raised hands and messages: what a learner's page shows of the classroom, and what the teacher does there."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from playground.classroom import members, talking
from playground.classroom.forms import SayForm
from playground.pages import doorbell
from playground.pages.guard import ClassroomRequest, LearnersRequest, by_rights, learners_only


@require_safe
@never_cache
@learners_only
def mine(request: LearnersRequest) -> HttpResponseBase:
    """The part of an open lesson's page that is about the classroom; fetched anew when its bell rings."""
    return _mine(request)


@require_POST
@learners_only
def set_hand(request: LearnersRequest) -> HttpResponseBase:
    with doorbell.rosters_of(request.user.pk):
        talking.set_hand(request.user.pk, up=request.POST.get("up") == "yes")
    return _mine(request)


@require_POST
@learners_only
def put_away(request: LearnersRequest, delivery: int) -> HttpResponseBase:
    talking.put_away(request.user.pk, delivery)
    return _mine(request)


def _mine(request: LearnersRequest) -> HttpResponseBase:
    learner = request.user.pk
    context = {
        "classroom": members.classroom_of(learner),
        "place": talking.place_in_line(learner),
        "deliveries": talking.unread(learner),
    }
    return render(request, "parts/classroom.html", context)


@require_POST
@by_rights
def say(request: ClassroomRequest) -> HttpResponseBase:
    people = members.people_of(request.classroom)
    form = SayForm(request.POST, learners=people)
    if form.is_valid():
        chosen = form.cleaned_data["to"]
        to = [int(chosen)] if chosen else [learner.pk for learner in people]
        talking.say(request.classroom, form.cleaned_data["text"], form.cleaned_data["command"], to)
        doorbell.classroom_changed(to)
        messages.success(request, _("Sent."))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return redirect(reverse("classroom", args=[request.classroom.pk]) + "#say")


@require_POST
@by_rights
def lower_hand(request: ClassroomRequest, learner: int) -> HttpResponseBase:
    if learner in {one.pk for one in members.people_of(request.classroom)}:
        talking.set_hand(learner, up=False)
        doorbell.classroom_changed(
            [one.membership.learner_id for one in talking.line_of(request.classroom)] + [learner]
        )
        doorbell.roster_changed(request.classroom.pk)
    return redirect("classroom", request.classroom.pk)
