"""Learners, and the classrooms that they are in."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from playground.classroom.codes import LENGTH, new_code, spaced

# What a guest's username begins with; no account's does.
GUEST = "guest-"


class LearnerSet(models.QuerySet["Learner"]):
    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """What is stored of them in this moment waits, and then finds nobody: or it would keep their rows here."""
        _hold(self.values_list("pk", flat=True))
        return super().delete()


class Learners(UserManager["Learner"]):
    def get_queryset(self) -> LearnerSet:
        return LearnerSet(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> "Learner":
        """Whoever signs in need not remember how they wrote their name."""
        return self.get(username__iexact=username)


class Learner(AbstractUser):
    """A person working through lessons: a guest or a signed-in user; teachers are learners too."""

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

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As above."""
        _hold([self.pk])
        return super().delete(*args, **kwargs)

    @property
    def is_guest(self) -> bool:
        return self.username.startswith(GUEST)


def _hold(ids: Iterable[int]) -> None:
    """Until the transaction ends; all who hold several do so in one order, and so do not wait for each other."""
    list(Learner.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update().values_list("pk"))


class Classroom(models.Model):
    """A teacher's group of learners. While it is open, its code lets people in, and they see its lessons."""

    name = models.CharField(_("name"), max_length=60)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("teacher"), on_delete=models.CASCADE, related_name="classrooms"
    )
    code = models.CharField(_("join code"), max_length=LENGTH, unique=True, default=new_code, editable=False)
    lessons = models.JSONField(_("lessons"), default=list, blank=True)  # slugs in order; none: the whole course
    seats = models.PositiveSmallIntegerField(_("seats"), default=0)  # kept while it is open, and the most; 0: no limit
    is_open = models.BooleanField(_("open"), default=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("classroom")
        verbose_name_plural = _("classrooms")
        ordering = ["-created_at"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="a_classroom_has_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_code(self) -> str:
        return spaced(self.code)


class Membership(models.Model):
    """A learner is, or was, in a classroom; in one at a time."""

    classroom = models.ForeignKey(
        Classroom, verbose_name=_("classroom"), on_delete=models.CASCADE, related_name="memberships"
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE, related_name="memberships"
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["classroom", "learner"], name="a_learner_is_in_a_classroom_once"),
            models.UniqueConstraint(
                fields=["learner"], condition=Q(left_at=None), name="a_learner_is_in_one_classroom_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} in {self.classroom_id}"


class Hand(models.Model):
    """A learner who is in a classroom asks for help."""

    membership = models.OneToOneField(Membership, verbose_name=_("membership"), on_delete=models.CASCADE)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)

    class Meta:
        verbose_name = _("raised hand")
        verbose_name_plural = _("raised hands")
        ordering = ["raised_at", "id"]

    def __str__(self) -> str:
        return str(self.membership)


class Message(models.Model):
    """What a teacher has said to a classroom or to one in it, perhaps with a command to run."""

    classroom = models.ForeignKey(
        Classroom, verbose_name=_("classroom"), on_delete=models.CASCADE, related_name="messages"
    )
    text = models.CharField(_("text"), max_length=500)
    command = models.CharField(_("command"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["sent_at", "id"]

    def __str__(self) -> str:
        return self.text


class Delivery(models.Model):
    """A message that a learner is to see until they put it away."""

    message = models.ForeignKey(Message, verbose_name=_("message"), on_delete=models.CASCADE, related_name="deliveries")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["message", "learner"], name="a_message_reaches_one_once")]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.learner_id}"
