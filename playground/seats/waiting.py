"""The queue as this process sees it: who is here waiting, at which position, and when that moved. No rows here."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(seconds=30)  # a learner who reloads the page keeps the place


@dataclass(frozen=True, slots=True)
class Queued:
    """A place in the queue; 1 is the next to get a seat."""

    position: int


class Line:
    def __init__(self) -> None:
        self.moved = asyncio.Event()  # set once, then replaced by a new one
        self._here: Counter[int] = Counter()
        self._order: list[int] = []
        self._away_since: dict[int, datetime] = {}

    @contextmanager
    def waiting(self, learner_id: int) -> Iterator[None]:
        self._here[learner_id] += 1
        try:
            yield
        finally:
            self._here[learner_id] -= 1

    def place(self, learner_id: int) -> Queued | None:
        return Queued(self._order.index(learner_id) + 1) if learner_id in self._order else None

    def update(self, order: Sequence[int], now: datetime) -> list[int]:
        """Take in the order of the rows; returns who has been away for too long and loses the place."""
        away = [learner_id for learner_id in order if not self._here[learner_id]]
        self._away_since = {learner_id: self._away_since.get(learner_id, now) for learner_id in away}
        if list(order) != self._order:
            self._order = list(order)
            self.wake()
        return [learner_id for learner_id, since in self._away_since.items() if since + GRACE <= now]

    def here(self) -> list[int]:
        """Who waits in this process, in their order."""
        return [learner_id for learner_id in self._order if self._here[learner_id]]

    def wake(self) -> None:
        self.moved.set()
        self.moved = asyncio.Event()
