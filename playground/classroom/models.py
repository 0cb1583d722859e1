"""Learners: Django's users with a display name."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Learner(AbstractUser):
    """A person working through lessons: a guest (no usable password) or a signed-in user; teachers are learners too."""

    display_name = models.CharField(_("display name"), max_length=40)

    class Meta:
        verbose_name = _("learner")
        verbose_name_plural = _("learners")

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_guest(self) -> bool:
        return not self.has_usable_password()
