"""Which lent seats end now, and whose learners are to be told that theirs will soon. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from playground.seats.models import Seat


def due(lent: Iterable[Seat], now: datetime, idle: timedelta) -> dict[Seat.Why, list[str]]:
    """The ids of the seats to end, by what ends them."""
    ending: dict[Seat.Why, list[str]] = {}
    for seat in lent:
        deadline, why = seat.deadline(idle)
        if deadline <= now:
            ending.setdefault(why, []).append(seat.id)
    return ending


class Warned:
    """Each deadline is told once; one that was moved is told again when it comes near."""

    def __init__(self) -> None:
        self._told: dict[str, datetime] = {}

    def near(self, lent: Iterable[Seat], now: datetime, idle: timedelta, warn: timedelta) -> list[Seat]:
        deadlines = {seat: seat.deadline(idle)[0] for seat in lent}
        near = {seat: deadline for seat, deadline in deadlines.items() if now < deadline <= now + warn}
        fresh = [seat for seat, deadline in near.items() if self._told.get(seat.id) != deadline]
        self._told = {seat.id: deadline for seat, deadline in near.items()}
        return fresh
