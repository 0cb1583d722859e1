"""Seats that end are cleared off the machine, each once at a time; what could not be is tried again later."""

import logging
from collections.abc import Callable, Iterable

from playground.seats import books
from playground.seats.books import off_loop
from playground.seats.machine import Machine
from playground.seats.models import Seat
from playground.seats.work import FAULTS

log = logging.getLogger(__name__)


class Clearing:
    """`cleared` is called when there is room for somebody."""

    def __init__(self, machine: Machine, cleared: Callable[[], None]) -> None:
        self._machine = machine
        self._cleared = cleared
        self._under_way: set[str] = set()
        self._stuck: set[str] = set()

    def due(self, seats: Iterable[Seat]) -> list[str]:
        busy = self._under_way | self._stuck
        return [seat.id for seat in seats if seat.state == Seat.State.ENDING and seat.id not in busy]

    def try_again(self) -> None:
        self._stuck.clear()

    async def clear_away(self, seat_id: str) -> None:
        self._under_way.add(seat_id)
        try:
            await self.remove(seat_id)
            await off_loop(books.bury, seat_id)
            self._cleared()
        except FAULTS as error:
            log.warning("Seat %s could not be cleared away yet: %s", seat_id, error)
            self._stuck.add(seat_id)
        finally:
            self._under_way.discard(seat_id)

    async def remove(self, seat_id: str) -> None:
        """All that is on the machine of it; one without a row, too."""
        async with self._machine.lock(seat_id):
            await self._machine.unmake(seat_id)
