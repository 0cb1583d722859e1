"""Classrooms as an operator sees them. They are made and changed on their own pages, where each entry leads; here they
are found, counted and closed. Closing ends seats, so this is not in the classroom's room."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from playground.classroom.models import Classroom, Membership
from playground.pages import doorbell
from playground.pages.closing import close

HERE = Count("memberships", filter=Q(memberships__left_at=None))


class ToLookAt(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Nothing that a person may type over."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        # Django asks for this right before it shows actions.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Classroom)
class ClassroomAdmin(ToLookAt):
    list_display = ("name", "teacher", "shown_code", "is_open", "learners", "seats", "created_at")
    list_filter = ("is_open", ("teacher", admin.RelatedOnlyFieldListFilter), "created_at")
    list_select_related = ("teacher",)
    search_fields = ("name", "code", "teacher__display_name", "teacher__username")
    fields = readonly_fields = ("name", "teacher", "shown_code", "lessons", "seats", "is_open", "created_at", "page")
    actions = ("close_classrooms",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Classroom]:
        return super().get_queryset(request).annotate(here=HERE)  # type: ignore[no-any-return]

    @admin.display(description=_("learners"), ordering="here")
    def learners(self, classroom: Classroom) -> str:
        people = reverse("admin:classroom_membership_changelist")
        here = classroom.here  # type: ignore[attr-defined]  # annotated
        return format_html('<a href="{}?classroom__id__exact={}">{}</a>', people, classroom.pk, here)

    @admin.display(description=_("page"))
    def page(self, classroom: Classroom) -> str:
        address = reverse("classroom", args=[classroom.pk])
        return format_html('<a href="{}">{}</a>', address, _("Roster, results, edit, delete"))

    @admin.action(permissions=["change"], description=_("Close these classrooms, and end their seats"))
    def close_classrooms(self, request: HttpRequest, classrooms: QuerySet[Classroom]) -> None:
        closing = list(classrooms.filter(is_open=True))
        for classroom in closing:
            close(classroom)
            doorbell.roster_changed(classroom.pk)
        text = ngettext("%d classroom is closed.", "%d classrooms are closed.", len(closing))
        self.message_user(request, text % len(closing))


@admin.register(Membership)
class MembershipAdmin(ToLookAt):
    list_display = ("learner", "classroom", "joined_at", "left_at")
    list_filter = (("left_at", admin.EmptyFieldListFilter), ("classroom", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("learner", "classroom")
    search_fields = ("learner__display_name", "learner__username", "classroom__name")
    ordering = ("-joined_at",)
