"""What the rows say, in memory: who has which seat now. Who listens is told of each change of a lent seat."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from playground.seats.models import Seat

Kind = Literal["lent", "extended", "soon", "ended"]


@dataclass(frozen=True, slots=True)
class Change:
    seat: str
    learner: int
    kind: Kind
    ends_at: datetime | None = None
    why: str = ""  # one of Seat.Why, when ended


class Roster:
    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}  # all that take room
        self.lent: dict[int, Seat] = {}  # by learner
        self.listeners: list[Callable[[Change], None]] = []

    def set(self, seats: Iterable[Seat]) -> bool:
        """Returns whether somebody got or lost a seat."""
        before = self.lent
        self.seats = {seat.id: seat for seat in seats}
        self.lent = {seat.holder: seat for seat in self.seats.values() if seat.state == Seat.State.LENT}
        for learner, seat in self.lent.items():
            if (old := before.get(learner)) != seat:
                self.tell(seat, "lent", seat.ends_at)
            elif old.ends_at != seat.ends_at:
                self.tell(seat, "extended", seat.ends_at)
        for learner, old in before.items():
            if self.lent.get(learner) != old:
                # Without a row, the learner's account is gone and the seat with it.
                why = self.seats[old.id].ended_why if old.id in self.seats else Seat.Why.OPERATOR
                self.tell(old, "ended", why=why)
        return before.keys() != self.lent.keys()

    def tell(self, seat: Seat, kind: Kind, ends_at: datetime | None = None, why: str = "") -> None:
        for listener in self.listeners:
            listener(Change(seat.id, seat.holder, kind, ends_at, why))
