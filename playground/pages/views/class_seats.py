"""A classroom's seats, as its teacher sees them come, and has them started before class."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from playground.pages import class_seats
from playground.pages.guard import ClassroomRequest, by_rights
from playground.seats import reservations


@require_safe
@never_cache
@by_rights
def show(request: ClassroomRequest) -> HttpResponseBase:
    """The part of the classroom's page; its script asks for it again while seats are being started."""
    return render(request, "parts/class_seats_now.html", class_seats.now(request.classroom))


@require_POST
@by_rights
def warm(request: ClassroomRequest) -> HttpResponseBase:
    reservations.warm(request.classroom.pk, up=request.POST.get("up") == "yes")
    return redirect("classroom", request.classroom.pk)
