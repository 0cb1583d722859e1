"""Seats, the queue for them, and what is reserved for whom. A row is the truth; what runs on the engine follows it
(reconcile.py)."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_id() -> str:
    """The name of a seat on the engine, of its socket's directory and of its cgroup; no learner's name is like it."""
    return secrets.token_hex(6)


class SeatQuerySet(models.QuerySet["Seat"]):
    def here(self) -> Self:
        """The seats of this playground; several may share one database."""
        return self.filter(instance=settings.INSTANCE)

    def occupying(self) -> Self:
        """The seats that take room on the machine. By name, as the index is: what has ended grows without end."""
        return self.filter(state__in=(state for state in Seat.State if state != Seat.State.ENDED))

    def lent(self) -> Self:
        return self.filter(state=Seat.State.LENT)

    def claim(self, seat_id: str, learner_id: int, now: datetime, lifetime: timedelta) -> bool:
        """Lend a ready seat to the learner, unless another process was faster.

        Raises IntegrityError where the learner has a seat already."""
        ready = self.filter(id=seat_id, state__in=(Seat.State.STARTING, Seat.State.WARM))
        values = {"state": Seat.State.LENT, "learner_id": learner_id, "lent_at": now, "seen_at": now}
        return ready.update(**values, ends_at=now + lifetime) == 1

    def condemn(self, ids: Collection[str], why: "Seat.Why") -> int:
        """Mark seats as ending, for the desk to clear away; the first reason given stays."""
        going = (Seat.State.ENDING, Seat.State.ENDED)
        return self.filter(id__in=ids).exclude(state__in=going).update(state=Seat.State.ENDING, ended_why=why)

    def bury(self, seat_id: str) -> int:
        """The last step: nothing of the seat is left on the machine."""
        ending = self.filter(id=seat_id, state=Seat.State.ENDING)
        return ending.update(state=Seat.State.ENDED, ended_at=timezone.now(), container_id="")


class Seat(models.Model):
    """A learner's place: one terminal container, one gateway socket, one budget."""

    class State(models.TextChoices):
        STARTING = "starting", _("starting")
        WARM = "warm", _("waiting in the pool")
        LENT = "lent", _("lent")
        ENDING = "ending", _("being cleared away")
        ENDED = "ended", _("ended")

    class Why(models.TextChoices):
        IDLE = "idle", _("no terminal was open for a while")
        TIME = "time", _("its time was up")
        LEARNER = "learner", _("the learner ended it")
        OPERATOR = "operator", _("the operator ended it")
        TEACHER = "teacher", _("the teacher closed the classroom")
        UNUSED = "unused", _("nobody needed it")
        FAILED = "failed", _("it could not be started")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    instance = models.CharField(_("playground"), max_length=40)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,  # what is left on the engine has no row then, and reconcile removes it
        related_name="seats",
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.STARTING)
    container_id = models.CharField(_("container"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    lent_at = models.DateTimeField(_("lent"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen with a terminal open"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=8, choices=Why, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        indexes = [models.Index(fields=["instance", "state"], name="seat_of_instance_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "learner"], condition=Q(state="lent"), name="one_lent_seat_for_each_learner"
            ),
            models.CheckConstraint(
                condition=~Q(state="lent")
                | Q(learner__isnull=False, lent_at__isnull=False, seen_at__isnull=False, ends_at__isnull=False),
                name="lent_to_somebody_for_some_time",
            ),
            # One that is being started may be for somebody already.
            models.CheckConstraint(condition=~Q(state="warm") | Q(learner__isnull=True), name="nobodys_while_warm"),
            models.CheckConstraint(
                condition=~Q(state__in=("ending", "ended")) | ~Q(ended_why=""), name="ends_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False) | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="ended_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def holder(self) -> int:
        """The learner whose lent seat this is."""
        assert self.learner_id is not None, "a lent seat has a learner (constraint)"
        return self.learner_id

    def deadline(self, idle: timedelta) -> tuple[datetime, "Seat.Why"]:
        """When this lent seat ends if nothing else happens, and what will have ended it."""
        assert self.seen_at is not None, "a lent seat has been seen and has an end (constraint)"
        assert self.ends_at is not None
        return min((self.ends_at, Seat.Why.TIME), (self.seen_at + idle, Seat.Why.IDLE))

    def is_expired(self, now: datetime, idle: timedelta) -> bool:
        return self.deadline(idle)[0] <= now

    def minutes_left(self, now: datetime) -> int:
        """Whole minutes until its time is up, for a person to read; 0 where it has none."""
        return max(0, int((self.ends_at - now).total_seconds() // 60)) if self.ends_at else 0


class SeatRequest(models.Model):
    """A learner's place in the queue for a seat on a full machine."""

    instance = models.CharField(_("playground"), max_length=40)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("place in the queue")
        verbose_name_plural = _("places in the queue")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["instance", "learner"], name="one_place_in_the_queue_for_each_learner")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} since {self.asked_at:%H:%M:%S}"


class Reservation(models.Model):
    """Seats that are kept for a party (parties.py), which is also the most that its people have at once."""

    instance = models.CharField(_("playground"), max_length=40)
    party = models.PositiveBigIntegerField(_("party"))
    seats = models.PositiveSmallIntegerField(_("seats"))
    warm = models.PositiveSmallIntegerField(_("of them started ahead"), default=0)
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ["party"]
        constraints = [
            models.UniqueConstraint(fields=["instance", "party"], name="one_reservation_for_each_party"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="a_reservation_has_seats"),
            models.CheckConstraint(condition=Q(warm__lte=models.F("seats")), name="no_more_warm_than_reserved"),
        ]

    def __str__(self) -> str:
        return f"{self.seats} for {self.party}"


class House(models.Model):
    """How many seats fit the machine: the desk writes it when it starts, for pages, which do not see the desk."""

    instance = models.CharField(_("playground"), max_length=40, primary_key=True)
    capacity = models.PositiveIntegerField(_("seats that fit"))
    seen_at = models.DateTimeField(_("last start"))

    class Meta:
        verbose_name = _("house")
        verbose_name_plural = _("houses")

    def __str__(self) -> str:
        return f"{self.instance}: {self.capacity}"
