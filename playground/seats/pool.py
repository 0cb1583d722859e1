"""Seats started ahead, so that a learner need not wait for a start; and the starts, a few at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from playground.engine.errors import EngineError
from playground.seats import books
from playground.seats.books import off_loop
from playground.seats.machine import Machine
from playground.seats.models import Seat
from playground.seats.tally import Tally

STARTS_AT_ONCE = 3  # more are not faster, and hold up what runs
PAUSE = timedelta(seconds=10)  # after a start that failed, so that a lasting fault does not start seats for ever


class Pool:
    """`warmed` is called when a seat has been started ahead: the next one can be, or somebody waits for this one."""

    def __init__(
        self,
        machine: Machine,
        instance: str,
        warm: int,
        capacity: int,
        clock: Callable[[], datetime],
        warmed: Callable[[], None],
    ) -> None:
        self.capacity = capacity
        self._machine = machine
        self._instance = instance
        self._warm = warm
        self._starting = asyncio.Semaphore(STARTS_AT_ONCE)
        self._clock = clock
        self._not_before = clock()
        self._warmed = warmed

    async def start(self, seat: Seat) -> None:
        """Make the seat of a `starting` row; one that cannot be made is condemned, and the error raised. What has ended
        while it waited for its turn has been cleared away already, and is not made."""
        async with self._starting, self._machine.lock(seat.id):
            if not await off_loop(books.is_starting, seat.id):
                return
            try:
                seat.container_id = await self._machine.make(seat.id)
            except (EngineError, OSError):
                self._not_before = self._clock() + PAUSE
                await off_loop(books.condemn, [seat.id], Seat.Why.FAILED)
                raise
        await off_loop(books.has_container, seat.id, seat.container_id)

    @property
    def may_start(self) -> bool:
        return self._clock() >= self._not_before

    async def let_go(self, tally: Tally) -> None:
        """Warm seats that nobody asks for any more end."""
        count = min(tally.surplus(self._warm), tally.warm)
        if count > 0:
            await off_loop(books.let_go, self._instance, count)

    async def ahead(self, tally: Tally) -> list[Seat]:
        """Rows of seats that are to be started ahead now, a few at a time, so that a start for a learner does not wait
        behind a whole class's."""
        count = min(-tally.surplus(self._warm), tally.empty, STARTS_AT_ONCE - tally.coming)
        if count <= 0 or not self.may_start:
            return []
        return await off_loop(books.rows_to_start, self._instance, self.capacity, count)

    async def warm_up(self, seat: Seat) -> None:
        await self.start(seat)
        await off_loop(books.warm, seat.id)
        self._warmed()
