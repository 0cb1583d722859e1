"""What the terminal asks of the seats: the part of `seats.desk.Seats` that it calls."""

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from playground.seats.models import Seat
from playground.seats.roster import Change
from playground.seats.waiting import Queued


class Desk(Protocol):
    async def lend(self, learner_id: int) -> Seat | Queued: ...

    def wait(self, learner_id: int) -> AsyncIterator[Seat | Queued]: ...

    def of_learner(self, learner_id: int) -> Seat | None: ...

    def learner_of(self, seat_id: str) -> int | None: ...

    async def revive(self, seat: Seat) -> None: ...

    async def seen(self, seat_id: str) -> None: ...

    def on_change(self, callback: Callable[[Change], None]) -> None: ...
