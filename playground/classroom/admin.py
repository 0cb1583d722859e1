from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from playground import sessions
from playground.classroom import teachers
from playground.classroom.models import GUEST, Classroom, Learner


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:  # type: ignore[override]
        return [("guest", _("guests")), ("account", _("accounts")), ("teacher", _("teachers")), ("staff", _("staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Learner]) -> QuerySet[Learner]:
        kinds = {
            "guest": Q(username__startswith=GUEST),
            "account": ~Q(username__startswith=GUEST),
            "teacher": teachers.are_teachers(),
            "staff": Q(is_staff=True),
        }
        return queryset.filter(kinds.get(self.value() or "", Q()))


@admin.register(Learner)
class LearnerAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("display_name", "id", "username", "kind", "teacher", "classroom", "date_joined", "last_login")
    list_filter = (KindFilter, "is_active", "groups", "date_joined")
    search_fields = ("display_name", "username", "email")
    ordering = ("-date_joined",)
    actions = ("let_hold_classrooms", "let_hold_none")
    fieldsets = ((None, {"fields": ("display_name",)}), *(UserAdmin.fieldsets or ()))
    add_fieldsets = (*UserAdmin.add_fieldsets, (_("Learner"), {"fields": ("display_name",)}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Learner]:
        """With what the list shows of each, in the one query."""
        here = Classroom.objects.filter(memberships__learner=OuterRef("pk"), memberships__left_at=None, is_open=True)
        found: QuerySet[Learner] = super().get_queryset(request)
        return found.annotate(
            in_classroom=Subquery(here.values("name")[:1]),
            holds=Case(When(teachers.are_teachers(), then=Value(True)), default=Value(False)),
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Everything about a learner goes with the learner, also seats and classrooms, which nobody deletes by hand."""
        going, counts, _lacking, held = super().get_deleted_objects(objs, request)
        return going, counts, set(), held

    # ── Whose sessions end ───────────────────────────────────────────────────────────────────────────────────────

    def save_model(self, request: HttpRequest, obj: Learner, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            sessions.end_all([obj.pk])

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        answer: HttpResponse = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            own = str(request.user.pk) == id
            sessions.end_all([int(id)], but=sessions.stay_of(request.session) if own else "")
        return answer

    def delete_model(self, request: HttpRequest, obj: Learner) -> None:
        number = obj.pk
        super().delete_model(request, obj)
        sessions.end_all([number])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Learner]) -> None:
        numbers = list(queryset.values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        sessions.end_all(numbers)

    @admin.display(description=_("kind"))
    def kind(self, learner: Learner) -> str:
        return str(_("guest") if learner.is_guest else _("staff") if learner.is_staff else _("account"))

    @admin.display(description=_("teacher"), boolean=True, ordering="holds")
    def teacher(self, learner: Learner) -> bool:
        return bool(learner.holds)  # type: ignore[attr-defined]  # annotated

    @admin.display(description=_("classroom"), ordering="in_classroom")
    def classroom(self, learner: Learner) -> str | None:
        return learner.in_classroom  # type: ignore[attr-defined,no-any-return]  # annotated

    @admin.action(permissions=["change"], description=_("Let these accounts hold classrooms"))
    def let_hold_classrooms(self, request: HttpRequest, learners: QuerySet[Learner]) -> None:
        chosen = list(learners)
        accounts = [learner for learner in chosen if not learner.is_guest]
        teachers.appoint(*accounts)
        text = ngettext("%d account may hold classrooms.", "%d accounts may hold classrooms.", len(accounts))
        left_out = len(chosen) - len(accounts)
        guests = ngettext("%d guest needs an account first.", "%d guests need an account first.", left_out)
        self.message_user(request, text % len(accounts) + (f" {guests % left_out}" if left_out else ""))

    @admin.action(permissions=["change"], description=_("Let these hold no classrooms any more"))
    def let_hold_none(self, request: HttpRequest, learners: QuerySet[Learner]) -> None:
        chosen = list(learners)
        teachers.dismiss(*chosen)
        text = ngettext(
            "%d learner holds no classrooms by a right of their own.",
            "%d learners hold no classrooms by a right of their own.",
            len(chosen),
        )
        self.message_user(request, text % len(chosen))
