"""Reservations: seats that are kept for a party, and started ahead. Plain functions over rows for views; the desk sees
them."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from playground.seats import books, doorbell
from playground.seats.models import House, Reservation, Seat
from playground.seats.parties import Parties

LATELY = timedelta(minutes=2)  # a lasting fault is tried again far sooner


class TooMany(Exception):
    """So many seats cannot be reserved; `left` is how many can, or None where no desk has yet said how many fit."""

    def __init__(self, left: int | None) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, slots=True)
class Stand:
    """What has become of a party's seats."""

    seats: int
    warm: int  # of them, to be started ahead
    held: int  # by its people
    ready: int  # started, and waiting for them
    missing: int  # cannot be had before seats of others have ended

    @property
    def at_once(self) -> int:
        """What nobody of the party waits for."""
        return self.held + self.ready

    @property
    def wanted(self) -> int:
        """What `at_once` is to be."""
        return max(self.held, min(self.held + self.warm, self.seats))

    @property
    def is_warming(self) -> bool:
        return self.at_once < self.wanted


def fits() -> int | None:
    """How many seats fit this machine. None before a desk has started here, as it asks the engine."""
    return House.objects.filter(instance=settings.INSTANCE).values_list("capacity", flat=True).first()


def reserved(besides: int | None = None) -> int:
    """How many seats are, besides this party's."""
    others = Reservation.objects.filter(instance=settings.INSTANCE).exclude(party=besides or 0)
    return others.aggregate(all=Sum("seats"))["all"] or 0


@transaction.atomic
def reserve(party: int, seats: int) -> None:
    """From now on so many; with 0 the reservation is gone. Raises TooMany."""
    if not seats:
        release(party)
        return
    house = House.objects.select_for_update().filter(instance=settings.INSTANCE).first()
    left = max(0, house.capacity - reserved(besides=party)) if house else None
    if left is None or seats > left:
        raise TooMany(left)
    row, _ = Reservation.objects.get_or_create(instance=settings.INSTANCE, party=party, defaults={"seats": seats})
    row.seats, row.warm = seats, min(row.warm, seats)
    row.save(update_fields=["seats", "warm"])
    transaction.on_commit(doorbell.ring)


def release(party: int) -> None:
    if Reservation.objects.filter(instance=settings.INSTANCE, party=party).delete()[0]:
        transaction.on_commit(doorbell.ring)


@transaction.atomic
def warm(party: int, *, up: bool) -> None:
    """Have all that is reserved for the party started ahead, or none of it. Without a reservation, nothing happens."""
    row = Reservation.objects.select_for_update().filter(instance=settings.INSTANCE, party=party).first()
    if row:
        row.warm = row.seats if up else 0
        row.save(update_fields=["warm"])
        transaction.on_commit(doorbell.ring)


def stand(party: int, parties: Parties) -> Stand | None:
    """None where nothing is reserved for the party."""
    rows = books.read(settings.INSTANCE, parties)
    theirs = rows.reserved.get(party)
    if theirs is None:
        return None
    tally = rows.tally(fits() or 0)
    return Stand(theirs.seats, theirs.warm, tally.held[party], tally.ready(party), tally.missing(party))


def last_start_failed() -> bool:
    """Of those that were begun lately and are through."""
    lately = Seat.objects.here().filter(created_at__gt=timezone.now() - LATELY).exclude(state=Seat.State.STARTING)
    return lately.order_by("-created_at").values_list("ended_why", flat=True).first() == Seat.Why.FAILED
