from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from playground.classroom.models import GUEST, Learner


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:  # type: ignore[override]
        return [("guest", _("guests")), ("account", _("accounts")), ("staff", _("staff"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Learner]) -> QuerySet[Learner]:
        kinds = {
            "guest": Q(username__startswith=GUEST),
            "account": ~Q(username__startswith=GUEST),
            "staff": Q(is_staff=True),
        }
        return queryset.filter(kinds.get(self.value() or "", Q()))


@admin.register(Learner)
class LearnerAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("display_name", "username", "is_staff", "date_joined", "last_login")
    list_filter = (KindFilter, "is_active", "groups", "date_joined")
    search_fields = ("display_name", "username", "email")
    ordering = ("-date_joined",)
    fieldsets = ((None, {"fields": ("display_name",)}), *(UserAdmin.fieldsets or ()))
    add_fieldsets = (*UserAdmin.add_fieldsets, (_("Learner"), {"fields": ("display_name",)}))
