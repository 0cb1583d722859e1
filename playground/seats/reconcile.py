"""Rows against what is on the machine, in both directions. Pure; the desk does what the comparison says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from playground.seats.machine import Found
from playground.seats.models import Seat

LONGEST_START = timedelta(minutes=10)  # a hundred in line behind a busy engine


@dataclass(frozen=True, slots=True)
class Differences:
    orphans: set[str]  # on the machine, with no row that takes room: to be removed
    adopt: list[Seat]  # running: only the gateway's socket may be missing
    revive: list[Seat]  # the terminal does not run, or not any more


def compare(found: Found, seats: Iterable[Seat], now: datetime, idle: timedelta) -> Differences:
    """`seats` are all that take room, read after `found` was: what has no row then is an orphan for sure, and a seat
    made in between is revived, which changes nothing of one that runs."""
    seats = list(seats)
    running = {seat for seat, terminal in found.terminals.items() if terminal.running}
    kept = [seat for seat in seats if seat.state == Seat.State.WARM or _lent_on(seat, now, idle)]
    return Differences(
        orphans=found.seats - {seat.id for seat in seats},
        adopt=[seat for seat in kept if seat.id in running],
        revive=[seat for seat in kept if seat.id not in running],
    )


def given_up(seats: Iterable[Seat], now: datetime, first: bool) -> list[str]:
    """The ids of seats whose start nobody will finish: begun by an earlier process, at the `first` look, or so
    long ago that what should have been written of it was lost."""
    starting = [seat for seat in seats if seat.state == Seat.State.STARTING]
    return [seat.id for seat in starting if first or now - seat.created_at > LONGEST_START]


def _lent_on(seat: Seat, now: datetime, idle: timedelta) -> bool:
    return seat.state == Seat.State.LENT and not seat.is_expired(now, idle)
