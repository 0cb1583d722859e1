"""What a learner can do with a seat from a page. Plain functions over rows; the desk is rung and sees them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from playground.seats import doorbell
from playground.seats.models import Seat


def current(learner: AbstractBaseUser) -> Seat | None:
    """The learner's seat, if there is one."""
    return Seat.objects.here().lent().filter(learner_id=learner.pk).first()


def seen(learners: Iterable[int]) -> dict[int, datetime]:
    """When a terminal of each of them was open last, where they have a seat. One query."""
    lent = Seat.objects.here().lent().filter(learner__in=list(learners))
    return {learner: at for learner, at in lent.values_list("learner", "seen_at") if at is not None}


def extend(learner: AbstractBaseUser) -> Seat:
    """More time for the learner's seat, up to a whole lifetime from now; never less than it had.

    Raises Seat.DoesNotExist where the learner has none."""
    now = timezone.now()
    with transaction.atomic():
        seat = Seat.objects.here().lent().select_for_update().get(learner_id=learner.pk)
        assert seat.ends_at is not None, "a lent seat has an end (constraint)"
        longest = now + timedelta(minutes=settings.SEAT_MAX_MINUTES)
        wanted = seat.ends_at + timedelta(minutes=settings.SEAT_EXTEND_MINUTES)
        seat.ends_at = max(seat.ends_at, min(wanted, longest))
        seat.seen_at = now
        seat.save(update_fields=["ends_at", "seen_at"])
        transaction.on_commit(doorbell.ring)
    return seat


def end(learner: AbstractBaseUser) -> None:
    """Give the learner's seat back; without one, nothing happens."""
    end_all([learner.pk], Seat.Why.LEARNER)


def end_all(learners: Iterable[int], why: Seat.Why) -> None:
    """The seats of all these learners, where they have one or one is being started for them."""
    theirs = (Seat.State.LENT, Seat.State.STARTING)
    seats = Seat.objects.here().filter(learner__in=list(learners), state__in=theirs)
    if Seat.objects.condemn(list(seats.values_list("id", flat=True)), why):
        transaction.on_commit(doorbell.ring)
