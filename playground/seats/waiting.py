"""The queue as this process sees it: who is here waiting, at which position, and when that moved. No rows here."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(seconds=30)  # a learner who reloads the page keeps the place


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in the queue among those who wait for the same: 1 is the next to get a seat."""

    position: int
    minutes: int | None = None  # until then, about; None where nothing can be said
    limit: int | None = None  # the seats of the learner's party, where all of them being taken is what it waits for


class Line:
    def __init__(self) -> None:
        self.moved = asyncio.Event()  # set once, then replaced by a new one
        self._here: Counter[int] = Counter()
        self._places: dict[int, Queued] = {}  # in the order of the queue
        self._away_since: dict[int, datetime] = {}

    @contextmanager
    def waiting(self, learner_id: int) -> Iterator[None]:
        self._here[learner_id] += 1
        try:
            yield
        finally:
            self._here[learner_id] -= 1

    def place(self, learner_id: int) -> Queued | None:
        return self._places.get(learner_id)

    def update(self, places: Mapping[int, Queued], now: datetime) -> list[int]:
        """Take in the queue as the rows have it; returns who has been away for too long and loses the place."""
        away = [learner_id for learner_id in places if not self._here[learner_id]]
        self._away_since = {learner_id: self._away_since.get(learner_id, now) for learner_id in away}
        before, self._places = self._places, dict(places)
        if self._places != before:
            self.wake()
        return [learner_id for learner_id, since in self._away_since.items() if since + GRACE <= now]

    def here(self) -> list[int]:
        """Who waits in this process, in their order."""
        return [learner_id for learner_id in self._places if self._here[learner_id]]

    def wake(self) -> None:
        self.moved.set()
        self.moved = asyncio.Event()
