"""What the desk reads and writes in the rows: one short transaction each, called off the loop by `off_loop`."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from playground.clerk import Clerk
from playground.seats.models import House, Reservation, Seat, SeatRequest
from playground.seats.parties import Parties
from playground.seats.rows import Rows
from playground.seats.rules import Rules
from playground.seats.tally import Reserved, Way

off_loop = Clerk("desk")


def read(instance: str, parties: Parties, asking: int | None = None) -> Rows:
    """For somebody who is `asking` for a seat: one transaction after the other counts what is reserved."""
    reserved = _reserved(instance, lock=asking is not None)
    seats = list(Seat.objects.filter(instance=instance).occupying().order_by("created_at"))
    queue = list(SeatRequest.objects.filter(instance=instance).values_list("learner_id", flat=True))
    party_of = _party_of([asking, *queue, *(seat.learner_id for seat in seats)], reserved, parties)
    return Rows(seats, queue, reserved, party_of)


def _reserved(instance: str, lock: bool) -> dict[int, Reserved]:
    rows = Reservation.objects.filter(instance=instance).order_by("party")
    rows = rows.select_for_update() if lock else rows
    return {party: Reserved(seats, warm) for party, seats, warm in rows.values_list("party", "seats", "warm")}


def _party_of(learners: Iterable[int | None], reserved: Mapping[int, Reserved], parties: Parties) -> dict[int, int]:
    if not reserved:
        return {}
    found = parties.of({learner for learner in learners if learner is not None})
    return {learner: party for learner, party in found.items() if party in reserved}


@transaction.atomic
def find(
    rules: Rules, learner_id: int, now: datetime, capacity: int, parties: Parties, *, in_turn: bool
) -> Seat | None:
    """The learner's seat (lent), or the row of one that is to be started for the learner, where there is room.

    None sends the learner to the queue; `in_turn` is for who comes from there."""
    rows = read(rules.instance, parties, asking=learner_id)
    if mine := rows.seat_of(learner_id):
        return mine
    way = rows.way(learner_id, capacity, in_turn=in_turn)
    if way is Way.WARM:
        for seat in rows.seats:
            if seat.state == Seat.State.WARM and Seat.objects.claim(seat.id, learner_id, now, rules.lifetime):
                return _lent(seat.id, learner_id in rows.queue)
    return next(iter(rows_to_start(rules.instance, capacity, learner_id=learner_id)), None) if way else None


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
def rows_to_start(instance: str, capacity: int, count: int = 1, learner_id: int | None = None) -> list[Seat]:
    """Rows for up to `count` seats that are to be started, as far as there is room; for the learner, or for nobody."""
    room = capacity - Seat.objects.filter(instance=instance).occupying().count()
    seats = (Seat(instance=instance, learner_id=learner_id) for _ in range(min(room, count)))
    return Seat.objects.bulk_create(seats)


def is_starting(seat_id: str) -> bool:
    return Seat.objects.filter(id=seat_id, state=Seat.State.STARTING).exists()


def has_container(seat_id: str, container_id: str) -> None:
    Seat.objects.filter(id=seat_id).update(container_id=container_id)


def warm(seat_id: str) -> bool:
    """It waits in the pool now; False when it was condemned meanwhile."""
    starting = Seat.objects.filter(id=seat_id, state=Seat.State.STARTING)
    return starting.update(state=Seat.State.WARM, learner=None) == 1


def let_go(instance: str, count: int) -> int:
    """So many warm seats end, the newest first."""
    ready = Seat.objects.filter(instance=instance, state=Seat.State.WARM)
    ids = list(ready.order_by("-created_at").values_list("id", flat=True)[:count])
    return ready.condemn(ids, Seat.Why.UNUSED)  # on the condition that nobody has one of them meanwhile


def seen(seat_id: str, now: datetime) -> None:
    Seat.objects.lent().filter(id=seat_id).update(seen_at=now)


def all_seen(instance: str, now: datetime) -> None:
    Seat.objects.filter(instance=instance).lent().update(seen_at=now)


def condemn(ids: Collection[str], why: Seat.Why) -> int:
    return Seat.objects.condemn(ids, why)


def bury(seat_id: str) -> int:
    return Seat.objects.bury(seat_id)


def join_queue(instance: str, learner_id: int, now: datetime) -> None:
    """A place that is there is kept."""
    SeatRequest.objects.get_or_create(instance=instance, learner_id=learner_id, defaults={"asked_at": now})


def leave_queue(instance: str, learner_ids: Collection[int]) -> None:
    SeatRequest.objects.filter(instance=instance, learner_id__in=learner_ids).delete()


def open_house(instance: str, capacity: int, now: datetime) -> None:
    """How many seats fit, for pages to read."""
    House.objects.update_or_create(instance=instance, defaults={"capacity": capacity, "seen_at": now})


@transaction.atomic
def release_gone(instance: str, parties: Parties) -> int:
    """Nothing is reserved for a party that is not there any more, however it went."""
    reservations = Reservation.objects.filter(instance=instance)
    known = set(reservations.values_list("party", flat=True))
    gone = known.difference(parties.still(known)) if known else known
    return reservations.filter(party__in=gone).delete()[0] if gone else 0
