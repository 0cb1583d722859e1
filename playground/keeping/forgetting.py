"""What has served its time goes: guests of whom nothing was seen for long, with all that is theirs, and rows that only
tell of seats and sessions that ended. Accounts stay, whatever they do or not.

In batches of one short transaction each, so that whoever works meanwhile waits for none of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from playground.checks.models import CheckPass, Help, Position, StepPass, Trip
from playground.classroom.models import GUEST, Classroom, Delivery, Hand, Learner, Membership
from playground.seats.models import Seat, SeatRequest

BATCH = 50
ENDED_SEATS = timedelta(days=30)  # are kept for whoever asks why a seat ended

# Where it shows that a guest was here, and when. That a classroom of theirs is open does not: many are never closed.
_TRACES: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Position, "learner", ("at",)),  # a lesson's page was opened
    (StepPass, "learner", ("at",)),
    (CheckPass, "learner", ("at",)),
    (Help, "learner", ("at",)),
    (Trip, "learner", ("at",)),
    (Membership, "learner", ("joined_at", "left_at")),
    (Hand, "membership__learner", ("raised_at",)),
    (Delivery, "learner", ("read_at",)),
    (Seat, "learner", ("lent_at", "seen_at")),
    (SeatRequest, "learner", ("asked_at",)),
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many went."""

    guests: int = 0
    seats: int = 0
    sessions: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __bool__(self) -> bool:
        return self != Forgotten()

    def __str__(self) -> str:
        counts = {"guests": self.guests, "seats": self.seats, "sessions": self.sessions}
        return _("Forgotten: %(guests)d guests, %(seats)d ended seats, %(sessions)d sessions.") % counts


def unseen_guests(before: datetime) -> QuerySet[Learner]:
    """Guests of whom nothing was seen since. One who has a password or a right in the admin is no guest, whatever the
    name; nor does anybody go who has a seat, or holds a classroom, which would go with them."""
    guests = Learner.objects.filter(
        username__startswith=GUEST,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
        is_staff=False,
        is_superuser=False,
        date_joined__lt=before,
    ).exclude(last_login__gte=before)
    sitting = Seat.objects.filter(learner=OuterRef("pk"), state=Seat.State.LENT)
    holding = Classroom.objects.filter(teacher=OuterRef("pk"))
    return guests.filter(~Exists(sitting), ~Exists(holding), *(~Exists(trace) for trace in _since(before)))


def _since(before: datetime) -> Iterator[QuerySet[Model]]:
    for model, learner, times in _TRACES:
        lately = Q()
        for time in times:
            lately |= Q(**{f"{time}__gte": before})
        yield model._default_manager.filter(lately, **{learner: OuterRef("pk")})


def forget_some(now: datetime, guest_days: int) -> Forgotten:
    """One batch of each kind; nothing once there is nothing left. With 0 days guests stay for ever."""
    return Forgotten(
        guests=_guests(now - timedelta(days=guest_days)) if guest_days > 0 else 0,
        seats=_some(Seat.objects.filter(state=Seat.State.ENDED, ended_at__lt=now - ENDED_SEATS)),
        sessions=_some(Session.objects.filter(expire_date__lt=now)),
    )


@transaction.atomic
def _guests(before: datetime) -> int:
    """Nobody who comes back in this moment: their row is held until it is gone."""
    ids = list(unseen_guests(before).order_by("pk").select_for_update().values_list("pk", flat=True)[:BATCH])
    Learner.objects.filter(pk__in=ids).delete()
    return len(ids)


def _some(rows: "QuerySet[Seat] | QuerySet[Session]") -> int:
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    rows.filter(pk__in=ids).delete()
    return len(ids)
