"""Everybody's place in the queue, from the rows. Pure."""

from datetime import datetime, timedelta

from playground.seats import estimate
from playground.seats.models import Seat
from playground.seats.rows import Rows
from playground.seats.tally import Party, Tally
from playground.seats.waiting import Queued


def places(rows: Rows, tally: Tally, ended: estimate.Ended, now: datetime, idle: timedelta) -> dict[int, Queued]:
    """In the order of the queue. A party stands in a line of its own, as it has seats of its own."""
    lines: dict[Party, _Line] = {}
    found = {}
    for learner in rows.queue:
        party = rows.party_of.get(learner)
        if (line := lines.get(party)) is None:
            line = lines[party] = _Line(rows, tally, party, ended, now, idle)
        found[learner] = line.next(now)
    return found


class _Line:
    def __init__(
        self, rows: Rows, tally: Tally, party: Party, ended: estimate.Ended, now: datetime, idle: timedelta
    ) -> None:
        self.limit = rows.reserved[party].seats if party is not None and not tally.left(party) else None
        # What others give back may be the party's, but not when the party has all that it may have.
        whose = {party} if self.limit else {party, None}
        self._ends = sorted(
            estimate.end_of(seat, now, idle)
            for seat in rows.seats
            if seat.state in (Seat.State.LENT, Seat.State.ENDING)
            and (seat.learner_id and rows.party_of.get(seat.learner_id)) in whose
        )
        self._ended = ended.lately(whose, now)
        self._count = 0

    def next(self, now: datetime) -> Queued:
        self._count += 1
        return Queued(self._count, estimate.minutes(self._count, self._ends, self._ended, now), self.limit)
