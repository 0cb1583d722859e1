"""What the desk reads and writes in the rows: one short transaction each, called off the loop by `off_loop`."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Q

from playground.clerk import Clerk
from playground.seats.models import Seat, SeatRequest

off_loop = Clerk("desk")


def read(instance: str) -> tuple[list[Seat], list[int]]:
    """The seats that take room, oldest first, and the learners in the queue in their order."""
    seats = Seat.objects.filter(instance=instance).occupying().order_by("created_at")
    queue = SeatRequest.objects.filter(instance=instance).values_list("learner_id", flat=True)
    return list(seats), list(queue)


@transaction.atomic
def find(
    instance: str, learner_id: int, now: datetime, lifetime: timedelta, capacity: int, *, in_turn: bool
) -> Seat | None:
    """The learner's seat (lent), or the row of one that is to be started for the learner, where there is room.

    None sends the learner to the queue; `in_turn` is for who comes from there."""
    lent, warm = Q(state=Seat.State.LENT, learner_id=learner_id), Q(state=Seat.State.WARM)
    seats = list(Seat.objects.filter(lent | warm, instance=instance).order_by("created_at"))
    if found := next((seat for seat in seats if seat.state == Seat.State.LENT), None):
        return found
    queue = set(SeatRequest.objects.filter(instance=instance).values_list("learner_id", flat=True))
    if not in_turn and queue - {learner_id}:
        return None
    for seat in seats:
        if Seat.objects.claim(seat.id, learner_id, now, lifetime):
            return _lent(seat.id, learner_id in queue)
    return next(iter(reserve(instance, capacity)), None)


def hand_over(seat_id: str, learner_id: int, now: datetime, lifetime: timedelta) -> Seat | None:
    """A seat made for this learner is lent; None when it was condemned meanwhile."""
    try:
        with transaction.atomic():
            return _lent(seat_id, True) if Seat.objects.claim(seat_id, learner_id, now, lifetime) else None
    except IntegrityError:  # another process was faster: the learner has a seat, and this one waits for somebody else
        warm(seat_id)
        return Seat.objects.lent().filter(learner_id=learner_id).first()


def is_here(learner_id: int) -> bool:
    """Whether the learner has not been deleted."""
    return get_user_model().objects.filter(pk=learner_id).exists()


def _lent(seat_id: str, from_queue: bool) -> Seat:
    seat = Seat.objects.get(id=seat_id)
    if from_queue:
        leave_queue(seat.instance, [seat.holder])
    return seat


@transaction.atomic
def reserve(instance: str, capacity: int, count: int = 1) -> list[Seat]:
    """Rows for up to `count` seats that are to be started, as far as there is room."""
    room = capacity - Seat.objects.filter(instance=instance).occupying().count()
    return Seat.objects.bulk_create(Seat(instance=instance) for _ in range(min(room, count)))


def has_container(seat_id: str, container_id: str) -> None:
    Seat.objects.filter(id=seat_id).update(container_id=container_id)


def warm(seat_id: str) -> bool:
    """It waits in the pool now; False when it was condemned meanwhile."""
    return Seat.objects.filter(id=seat_id, state=Seat.State.STARTING).update(state=Seat.State.WARM) == 1


def seen(seat_id: str, now: datetime) -> None:
    Seat.objects.lent().filter(id=seat_id).update(seen_at=now)


def all_seen(instance: str, now: datetime) -> None:
    Seat.objects.filter(instance=instance).lent().update(seen_at=now)


def condemn(ids: Collection[str], why: Seat.Why) -> int:
    return Seat.objects.condemn(ids, why)


def bury(seat_id: str) -> int:
    return Seat.objects.bury(seat_id)


def join_queue(instance: str, learner_id: int, now: datetime) -> int:
    """The learner's position, from 1; a place that is there is kept."""
    request, _ = SeatRequest.objects.get_or_create(instance=instance, learner_id=learner_id, defaults={"asked_at": now})
    return SeatRequest.objects.filter(instance=instance, asked_at__lt=request.asked_at).count() + 1


def leave_queue(instance: str, learner_ids: Collection[int]) -> None:
    SeatRequest.objects.filter(instance=instance, learner_id__in=learner_ids).delete()
