"""How long somebody waits for a seat: estimated from when seats end at the latest, and how many did lately. Pure."""

from collections import deque
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from math import ceil

from playground.seats.models import Seat
from playground.seats.tally import Party

LATELY = timedelta(hours=1)
ENOUGH = 3  # ends within that time, fewer say nothing
UNSEEN = timedelta(minutes=2)  # an open terminal is seen once a minute, so that no idle end is near
COARSE = ((15, 1), (60, 5))  # minutes, and what they are rounded up to; beyond, to a quarter of an hour
WENT = (Seat.Why.IDLE, Seat.Why.TIME, Seat.Why.LEARNER)  # what ended by itself, and will again


def minutes(position: int, ends: Sequence[datetime], ended: int, now: datetime) -> int | None:
    """`ends`: when the seats that may become free do so, in order; `ended`: how many such have within the last hour.
    None where neither says anything."""
    guesses = []
    if position <= len(ends):
        guesses.append((ends[position - 1] - now) / timedelta(minutes=1))
    if ended >= ENOUGH:
        guesses.append(position * (LATELY / timedelta(minutes=1)) / ended)
    return _rounded(min(guesses)) if guesses else None


def _rounded(exact: float) -> int:
    step = next((step for limit, step in COARSE if exact <= limit), 15)
    return max(1, ceil(exact / step) * step)


def end_of(seat: Seat, now: datetime, idle: timedelta) -> datetime:
    """When this seat becomes free, as far as one can know."""
    if seat.state != Seat.State.LENT:
        return now
    assert seat.seen_at is not None, "a lent seat has been seen and has an end (constraint)"
    assert seat.ends_at is not None
    return min(seat.ends_at, seat.seen_at + idle) if now - seat.seen_at > UNSEEN else seat.ends_at


class Ended:
    """Whose seats ended lately, as this process has seen it."""

    def __init__(self) -> None:
        self._ends: deque[tuple[Party, datetime]] = deque(maxlen=500)

    def note(self, party: Party, why: str, now: datetime) -> None:
        if why in WENT:
            self._ends.append((party, now))

    def lately(self, parties: Collection[Party], now: datetime) -> int:
        """How many of these."""
        return sum(party in parties and now - at <= LATELY for party, at in self._ends)
