"""Learners: Django's users with a display name."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Learners(UserManager["Learner"]):
    def get_by_natural_key(self, username: str | None) -> "Learner":
        """Whoever signs in need not remember how they wrote their name."""
        return self.get(username__iexact=username)


class Learner(AbstractUser):
    """A person working through lessons: a guest (no usable password) or a signed-in user; teachers are learners too."""

    display_name = models.CharField(_("display name"), max_length=40)

    objects: ClassVar[Learners] = Learners()

    class Meta:
        verbose_name = _("learner")
        verbose_name_plural = _("learners")
        permissions = [("hold_classrooms", _("Can hold classrooms"))]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="a_username_is_one_in_any_case",
                violation_error_message=_("This username is taken. Please choose another one."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_guest(self) -> bool:
        return not self.has_usable_password()
