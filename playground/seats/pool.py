"""Seats started ahead, so that a learner need not wait for a start; and the starts, a few at a time."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from playground.engine.errors import EngineError
from playground.seats import books
from playground.seats.books import off_loop
from playground.seats.machine import Machine
from playground.seats.models import Seat

STARTS_AT_ONCE = 3  # more are not faster, and hold up what runs
PAUSE = timedelta(seconds=10)  # after a start that failed, so that a lasting fault does not start seats for ever


class Pool:
    def __init__(
        self, machine: Machine, instance: str, warm: int, capacity: int, clock: Callable[[], datetime]
    ) -> None:
        self.capacity = capacity
        self._machine = machine
        self._instance = instance
        self._warm = warm
        self._starting = asyncio.Semaphore(STARTS_AT_ONCE)
        self._clock = clock
        self._not_before = clock()

    async def start(self, seat: Seat) -> None:
        """Make the seat of a `starting` row; one that cannot be made is condemned, and the error raised."""
        async with self._starting, self._machine.lock(seat.id):
            try:
                seat.container_id = await self._machine.make(seat.id)
            except (EngineError, OSError):
                self._not_before = self._clock() + PAUSE
                await off_loop(books.condemn, [seat.id], Seat.Why.FAILED)
                raise
        await off_loop(books.has_container, seat.id, seat.container_id)

    def missing(self, seats: Iterable[Seat]) -> int:
        """How many more are to be started ahead now."""
        if self._clock() < self._not_before:
            return 0
        states = Counter(seat.state for seat in seats)
        ahead = states[Seat.State.WARM] + states[Seat.State.STARTING]
        return max(0, min(self._warm - ahead, self.capacity - states.total()))

    def room(self, seats: Iterable[Seat]) -> int:
        """How many learners can have a seat now."""
        states = Counter(seat.state for seat in seats)
        to_start = 0 if self._clock() < self._not_before else self.capacity - states.total()
        return states[Seat.State.WARM] + max(0, to_start)

    async def reserve(self, count: int) -> list[Seat]:
        return await off_loop(books.reserve, self._instance, self.capacity, count)

    async def warm_up(self, seat: Seat) -> None:
        await self.start(seat)
        await off_loop(books.warm, seat.id)
