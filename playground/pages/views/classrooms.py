"""A teacher's classrooms: making one, watching it work, and what is left of it afterwards."""

import segno
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from playground import sessions
from playground.classroom import members, record, results
from playground.classroom.forms import ClassroomForm, SayForm
from playground.classroom.models import Classroom
from playground.classroom.rights import Who, who
from playground.classroom.roster import Roster
from playground.pages import class_seats, doorbell
from playground.pages.closing import close
from playground.pages.course import course, of_classroom
from playground.pages.guard import ClassroomRequest, by_rights
from playground.seats import actions, reservations
from playground.seats.models import Seat

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
@by_rights
def index(request: ClassroomRequest) -> HttpResponseBase:
    """A teacher's own; an administrator sees everybody's."""
    all_of_them = Classroom.objects.select_related("teacher")
    seen = all_of_them if who(request.user) is Who.ADMIN else all_of_them.filter(teacher=request.user)
    here = Count("memberships", filter=Q(memberships__left_at=None))
    return render(request, "classrooms.html", {"place": "classrooms", "classrooms": seen.annotate(learners=here)})


@_FORM
@by_rights
def new(request: ClassroomRequest) -> HttpResponseBase:
    form = _form(request, Classroom(teacher=request.user))
    if request.method == "POST" and _is_saved(form):
        return redirect("classroom", form.instance.pk)
    return render(request, "classroom_form.html", {"place": "classrooms", "form": form})


@_FORM
@by_rights
def edit(request: ClassroomRequest) -> HttpResponseBase:
    form = _form(request, request.classroom)
    if request.method == "POST" and _is_saved(form):
        doorbell.roster_changed(request.classroom.pk)
        messages.success(request, _("Saved."))
        return redirect("classroom", request.classroom.pk)
    return render(request, "classroom_form.html", {"place": "classrooms", "form": form, "classroom": form.instance})


@require_safe
@never_cache
@by_rights
def show(request: ClassroomRequest) -> HttpResponseBase:
    return render(
        request,
        "classroom.html",
        {
            **class_seats.now(request.classroom),
            "place": "classrooms",
            "lessons": of_classroom(request.classroom),
            "link": _link(request),
            "roster": _roster(request.classroom),
            "say": SayForm(initial={"to": request.GET.get("to", "")}, learners=members.people_of(request.classroom)),
        },
    )


@require_safe
@never_cache
@by_rights
def roster(request: ClassroomRequest) -> HttpResponseBase:
    """The part of the page that moves; its script asks for it again and again."""
    template = "parts/projector.html" if "projector" in request.GET else "parts/roster.html"
    context = {
        "classroom": request.classroom,
        "roster": _roster(request.classroom),
        "lessons": of_classroom(request.classroom),
        "names": "names" in request.GET,
    }
    return render(request, template, context)


@require_safe
@never_cache
@by_rights
def steps(request: ClassroomRequest) -> HttpResponseBase:
    """Where the class is, step by step, and where it stops: for the teacher's eyes only."""
    classroom = request.classroom
    seen = actions.seen(classroom.memberships.values_list("learner", flat=True))
    found = record.steps_of(classroom, of_classroom(classroom), seen)
    return render(request, "class_steps.html", {"place": "classrooms", "classroom": classroom, "steps": found})


@require_safe
@never_cache
@by_rights
def projector(request: ClassroomRequest) -> HttpResponseBase:
    """For the wall: how to join, and how far everybody is. Names only where the teacher asks for them."""
    link = _link(request)
    return render(
        request,
        "projector.html",
        {
            "classroom": request.classroom,
            "lessons": of_classroom(request.classroom),
            "link": link,
            "qr": _qr(link),
            "roster": _roster(request.classroom),
            "names": "names" in request.GET,
        },
    )


@require_POST
@by_rights
def set_open(request: ClassroomRequest) -> HttpResponseBase:
    """Closing ends the seats of all who are in it, and nothing is kept for it; what they have passed stays."""
    classroom = request.classroom
    if request.POST.get("open") == "yes":
        try:
            _open(classroom)
        except reservations.TooMany as error:
            messages.error(request, class_seats.refusal(error))
    else:
        close(classroom)
        messages.success(request, _("The classroom is closed. Seats end now; what was passed stays."))
    doorbell.roster_changed(classroom.pk)
    return redirect("classroom", classroom.pk)


@_FORM
@by_rights
def delete(request: ClassroomRequest) -> HttpResponseBase:
    guests = members.guests_of(request.classroom)
    if request.method != "POST":
        return render(
            request,
            "classroom_delete.html",
            {"place": "classrooms", "classroom": request.classroom, "guests": len(guests)},
        )
    actions.end_all((learner.pk for learner in members.people_of(request.classroom)), Seat.Why.TEACHER)
    number = request.classroom.pk
    reservations.release(number)
    gone = [guest.pk for guest in guests]
    members.delete(request.classroom)
    sessions.end_all(gone)
    doorbell.roster_changed(number)
    messages.success(request, _("The classroom and everything about its guests have been deleted."))
    return redirect("classrooms")


@require_POST
@by_rights
def remove_member(request: ClassroomRequest, learner: int) -> HttpResponseBase:
    """Out of the classroom; the learner keeps what they have passed."""
    found = get_object_or_404(members.here(request.classroom), pk=learner)
    members.leave(found)
    actions.end_all([found.pk], Seat.Why.TEACHER)
    doorbell.roster_changed(request.classroom.pk)
    messages.success(request, _("%(name)s is not in the classroom any more.") % {"name": found})
    return redirect("classroom", request.classroom.pk)


@require_safe
@never_cache
@by_rights
def download(request: ClassroomRequest, form: str) -> HttpResponseBase:
    classroom, lessons = request.classroom, of_classroom(request.classroom)
    people = record.people_of(classroom)
    if form == "json":
        answer: HttpResponse = JsonResponse(results.as_data(classroom.name, people, lessons))
    elif form == "csv":
        answer = HttpResponse(results.as_csv(people, lessons), content_type="text/csv; charset=utf-8")
    else:
        raise Http404(_("There is no such page."))
    name = slugify(classroom.name) or "classroom"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _form(request: ClassroomRequest, classroom: Classroom) -> ClassroomForm:
    fits = class_seats.how_many_fit(classroom)
    return ClassroomForm(request.POST or None, instance=classroom, course=course().lessons, fits=fits)


def _is_saved(form: ClassroomForm) -> bool:
    """The classroom and its seats, or neither and the form says why."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            class_seats.reserve(form.save())
    except reservations.TooMany as error:
        form.add_error("seats", class_seats.refusal(error))
        return False
    return True


@transaction.atomic
def _open(classroom: Classroom) -> None:
    classroom.is_open = True
    classroom.save(update_fields=["is_open"])
    class_seats.reserve(classroom)


def _roster(classroom: Classroom) -> Roster:
    here = classroom.memberships.filter(left_at=None).values_list("learner", flat=True)
    return record.roster_of(classroom, of_classroom(classroom), actions.seen(here))


def _link(request: ClassroomRequest) -> str:
    return request.build_absolute_uri(reverse("join-classroom", args=[request.classroom.code]))


def _qr(link: str) -> SafeString:
    """Dark on light in both themes: cameras expect it."""
    drawn = segno.make(link, error="m").svg_inline(scale=1, border=3, omitsize=True, dark="#14222e", light="#ffffff")
    return mark_safe(drawn)  # made of our own address by a library that draws squares
