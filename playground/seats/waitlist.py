"""Places in the queue as this process can tell them: the rows, and what it has seen end lately."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from playground.seats.estimate import Ended
from playground.seats.places import places
from playground.seats.roster import Change
from playground.seats.rows import Rows
from playground.seats.waiting import Queued


class Waitlist:
    def __init__(self, idle: timedelta, clock: Callable[[], datetime]) -> None:
        self._idle = idle
        self._clock = clock
        self._ended = Ended()
        self._party_of: Mapping[int, int] = {}  # as the rows had it last: who loses a seat may be in none after that

    def read(self, rows: Rows) -> None:
        self._party_of = rows.party_of

    def note(self, change: Change) -> None:
        if change.kind == "ended":
            self._ended.note(self._party_of.get(change.learner), change.why, self._clock())

    def places(self, rows: Rows, capacity: int, now: datetime) -> dict[int, Queued]:
        return places(rows, rows.tally(capacity), self._ended, now, self._idle) if rows.queue else {}
