"""What a learner does with the seat from the page: more time, or a fresh one."""

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from playground.pages.guard import LearnersRequest, learners_only, safe_next, wants_json
from playground.seats import actions
from playground.seats.models import Seat


@require_POST
@learners_only
def extend(request: LearnersRequest) -> HttpResponseBase:
    try:
        seat = actions.extend(request.user)
    except Seat.DoesNotExist:
        return _answer(request, {"error": _("Your seat has ended. Open a lesson to get a new one.")}, status=409)
    assert seat.ends_at is not None, "a lent seat has an end"
    return _answer(request, {"ends_at": seat.ends_at.isoformat()})


@require_POST
@learners_only
def end(request: LearnersRequest) -> HttpResponseBase:
    actions.end(request.user)
    return _answer(request, {"ended": True})


def _answer(request: LearnersRequest, data: dict[str, object], status: int = 200) -> HttpResponseBase:
    """JSON for a script; for a form the page that it came from, with the error as a message."""
    if wants_json(request):
        return JsonResponse(data, status=status)
    if "error" in data:
        messages.error(request, str(data["error"]))
    return redirect(safe_next(request) or "lessons")
