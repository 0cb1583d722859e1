"""Who may see a page. Pages of a learner send a stranger to the join form, and back when the name is given."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from playground.classroom import rights
from playground.classroom.models import Classroom, Learner

Given = ParamSpec("Given")


class LearnersRequest(HttpRequest):
    """A request whose user is known to be a learner."""

    user: Learner


def learners_only(
    view: Callable[Concatenate[LearnersRequest, Given], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponseBase]:
    """The view for learners. Others get the join form, or a 401 where a script asked."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # narrowed by the line above
        return turned_away(request)

    return guarded


def turned_away(request: HttpRequest) -> HttpResponse:
    """What a stranger gets where only learners may go."""
    if wants_json(request):
        return JsonResponse({"error": _("Your session has ended. Reload the page to join again.")}, status=401)
    return redirect_to_login(request.get_full_path()) if request.method == "GET" else redirect("join")


class ClassroomRequest(LearnersRequest):
    """A request about a classroom, by somebody who may do what is asked."""

    classroom: Classroom


def by_rights(
    view: Callable[Concatenate[ClassroomRequest, Given], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Given], HttpResponseBase]:
    """The view for whom `classroom/rights.py` names. It is given no number of a classroom, but the classroom itself."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponseBase:
        assert request.resolver_match is not None, "a view is called for an address"
        number = kwargs.pop("classroom", None)
        classroom = Classroom.objects.filter(pk=number).first() if isinstance(number, int) else None
        allowed = rights.may(request.user, request.resolver_match.url_name or "", classroom)
        if allowed and (number is None or classroom is not None):
            request.classroom = classroom  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)  # type: ignore[arg-type]  # narrowed by the lines above
        if not request.user.is_authenticated and request.method == "GET":
            return redirect_to_login(request.get_full_path(), reverse("sign-in"))
        raise Http404(_("There is no such page."))

    return guarded


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asked, rather than a form."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def safe_next(request: HttpRequest) -> str:
    """Where `next` points, if that is a path of this site; "" otherwise. A word without a slash would be taken for the
    name of a page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not wanted.startswith("/"):
        return ""
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here else ""
