"""The front page and the one form between a newcomer and a terminal."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from playground.classroom import guests
from playground.classroom.forms import DisplayNameForm
from playground.classroom.tries import may_try
from playground.pages.course import lessons_of
from playground.pages.guard import safe_next
from playground.pages.outline import resume


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "front.html", {"form": DisplayNameForm()})
    return render(request, "front.html", {"resume": resume(request.user, lessons_of(request.user.pk))})


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    wanted = safe_next(request)
    if request.user.is_authenticated:
        return redirect(wanted or "lessons")
    form = DisplayNameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_try(request, "join"):
            return render(request, "429.html", status=429)
        if form.is_valid():
            guests.join(request, form.cleaned_data["display_name"])
            return redirect(wanted or "lessons")
    return render(request, "join.html", {"form": form, "next": wanted})
