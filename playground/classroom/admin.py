from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from playground.classroom.models import Learner


@admin.register(Learner)
class LearnerAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("display_name", "username", "is_staff", "date_joined", "last_login")
    search_fields = ("display_name", "username")
    fieldsets = ((None, {"fields": ("display_name",)}), *(UserAdmin.fieldsets or ()))
    add_fieldsets = (*UserAdmin.add_fieldsets, (_("Learner"), {"fields": ("display_name",)}))
