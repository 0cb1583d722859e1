"""What learners trip over, written down together and at most twice a second: a flood of errors is one row."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.utils import timezone

from playground.checks.models import Trip
from playground.checks.phrases import cut, phrase_of
from playground.checks.progress import off_loop
from playground.checks.sitting import Sitting
from playground.gateway.facts import Fact

PACE = 0.5  # seconds for which what comes is kept together
MOST = 20  # different ones of a learner at a step; what comes beyond them is dropped

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewTrip:
    """A trip before it is a row."""

    learner_id: int
    lesson: str
    step: str
    kind: str  # one of Trip.Kind
    what: str

    @property
    def place(self) -> tuple[int, str, str]:
        return self.learner_id, self.lesson, self.step


class Trips:
    """On the loop. `on_trips(learner_id)` is called once theirs are stored; it does not block."""

    def __init__(self, on_trips: Callable[[int], None]) -> None:
        self._on_trips, self._pace = on_trips, PACE
        self._waiting: Counter[NewTrip] = Counter()
        self._different: Counter[tuple[int, str, str]] = Counter()  # of those that wait, by place
        self._storing: asyncio.Task[None] | None = None

    def seen(self, sitting: Sitting, fact: Fact | None, says: Mapping[str, str]) -> None:
        """The fact, or what time has brought, has ticked nothing of the step at hand; `says` is what helps on now. What
        was refused is told as such, and otherwise each new word of help."""
        if sitting.played or not sitting.step:
            return  # the playground types, or nothing is at hand
        place = sitting.learner_id, sitting.lesson, sitting.step
        if refused := phrase_of(fact) if fact else "":
            self.note(NewTrip(*place, Trip.Kind.ERROR, refused))
            return
        for key, text in says.items():
            if sitting.says.get(key) != text:
                self.note(NewTrip(*place, Trip.Kind.CHECK, cut(text)))

    def note(self, trip: NewTrip) -> None:
        """Does not block."""
        if trip not in self._waiting:
            if self._different[trip.place] >= MOST:
                return
            self._different[trip.place] += 1
        self._waiting[trip] += 1
        if self._storing is None:
            self._storing = asyncio.create_task(self._store(), name="trips")

    def forget(self, learner_id: int, lesson: str, step: str = "") -> None:
        """Those of a lesson, or of one of its steps, that are not stored yet."""
        for trip in list(self._waiting):
            if (trip.learner_id, trip.lesson) == (learner_id, lesson) and step in ("", trip.step):
                del self._waiting[trip]

    async def stop(self) -> None:
        """What waits is stored to the end."""
        if self._storing is not None:
            self._pace = 0.0
            await self._storing

    async def _store(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._pace)
                together, self._waiting = self._waiting, Counter()
                self._different.clear()
                try:
                    await off_loop(store, together)
                except DatabaseError:
                    log.exception("%s trips could not be stored", len(together))
                    continue
                for learner_id in {trip.learner_id for trip in together}:
                    self._on_trips(learner_id)
        finally:
            self._storing = None


@transaction.atomic
def store(trips: Mapping[NewTrip, int]) -> None:
    """Add them to the rows that there are, and new rows as long as there is room. A few queries for all of them; those
    of learners who are gone are dropped."""
    learners = {trip.learner_id for trip in trips}
    # Held until the end: of somebody deleted in between, one row would cost everybody theirs. All in one order.
    held = get_user_model()._default_manager.filter(pk__in=learners).order_by("pk").select_for_update(no_key=True)
    there = set(held.values_list("pk", flat=True))
    lessons, steps = {trip.lesson for trip in trips}, {trip.step for trip in trips}
    rows = {
        NewTrip(row.learner_id, row.lesson, row.step, row.kind, row.what): row
        for row in Trip.objects.filter(learner__in=there, lesson__in=lessons, step__in=steps)
    }
    different = Counter(trip.place for trip in rows)
    now, new = timezone.now(), []
    for trip, times in trips.items():
        if row := rows.get(trip):
            row.count, row.at = row.count + times, now
        elif trip.learner_id in there and different[trip.place] < MOST:
            different[trip.place] += 1
            new.append(_row(trip, times))
    Trip.objects.bulk_update([row for trip, row in rows.items() if trip in trips], ["count", "at"])
    Trip.objects.bulk_create(new, ignore_conflicts=True)


def _row(trip: NewTrip, times: int) -> Trip:
    return Trip(
        learner_id=trip.learner_id, lesson=trip.lesson, step=trip.step, kind=trip.kind, what=trip.what,
        count=times,
    )  # fmt: skip
