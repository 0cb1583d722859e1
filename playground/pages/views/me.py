"""A learner's own page: progress, name, leaving, and being forgotten."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground import sessions
from playground.classroom.forms import DisplayNameForm
from playground.classroom.members import classroom_of
from playground.classroom.models import Learner
from playground.keeping.exporting import all_about
from playground.pages import doorbell, signed_in
from playground.pages.course import of_classroom
from playground.pages.guard import LearnersRequest, learners_only
from playground.pages.outline import outline
from playground.seats import actions


@require_http_methods(["GET", "HEAD", "POST"])
@learners_only
def me(request: LearnersRequest) -> HttpResponseBase:
    # The form gets a learner of its own: a name that was refused must not show up in the page's head.
    form = DisplayNameForm(request.POST or None, instance=Learner.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        with doorbell.rosters_of(request.user.pk):
            form.save()
        messages.success(request, _("From now on you are called %(name)s.") % {"name": form.instance})
        return redirect("me")
    classroom = classroom_of(request.user.pk)
    entries = outline(request.user, of_classroom(classroom))
    about = {"form": form, "entries": entries, "classroom": classroom, "guest_days": max(0, settings.GUEST_DAYS)}
    return render(request, "me.html", {"place": "me", "mail": settings.MAIL_IS_CONFIGURED, **about})


@require_safe
@never_cache
@learners_only
def data(request: LearnersRequest) -> HttpResponseBase:
    """All that is kept about the learner, to be saved as a file."""
    answer = JsonResponse(all_about(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@require_POST
@learners_only
def leave(request: LearnersRequest) -> HttpResponseBase:
    """This browser alone: whoever is at work with their account on another device goes on there, in the same seat."""
    if request.user.is_guest or not signed_in.elsewhere(request.user.pk, sessions.stay_of(request.session)):
        actions.end(request.user)
    logout(request)
    return redirect("front")


@require_http_methods(["GET", "HEAD", "POST"])
@learners_only
def delete(request: LearnersRequest) -> HttpResponseBase:
    if request.method != "POST":
        return render(request, "delete_me.html", {"place": "me"})
    learner = Learner.objects.get(pk=request.user.pk)
    number = learner.pk
    with doorbell.rosters_of(learner.pk):
        actions.end(learner)
        logout(request)
        learner.delete()
    sessions.end_all([number])
    messages.success(request, _("Everything about you has been deleted."))
    return redirect("front")
