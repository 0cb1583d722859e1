"""Whose the machine's seats are: what is reserved for which party, and who may have a seat now. Pure.

A party is a group of learners that seats are reserved for, by its number; None is everybody who is in no such group.
The room of a party is what is reserved for it and no more; everybody else has what is not reserved. So nobody outside
takes a party's seats, and no two parties wait for each other.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

Party = int | None


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is reserved for a party, which is also the most that its people have at once."""

    seats: int
    warm: int = 0  # so many of them wait started ahead, until people have them


class Way(Enum):
    """How somebody gets a seat."""

    WARM = auto()  # one that is started and waits
    START = auto()  # one that is started for them


@dataclass(slots=True)
class Tally:
    capacity: int
    reserved: Mapping[int, Reserved]
    held: Counter[Party] = field(default_factory=Counter)  # lent, or being started for somebody
    ending: int = 0
    warm: int = 0
    coming: int = 0  # being started for nobody yet

    @property
    def taken(self) -> int:
        return self.held.total() + self.ending

    @property
    def empty(self) -> int:
        """So many more can be started."""
        return self.capacity - self.taken - self.warm - self.coming

    def left(self, party: int) -> int:
        """What the party has not of its own yet."""
        return max(0, self.reserved[party].seats - self.held[party])

    def left_to_all(self) -> int:
        """What all parties have not of theirs yet."""
        return sum(self.left(party) for party in self.reserved)

    def room(self, party: Party) -> int:
        """How many more of these people may have a seat now."""
        free = self.capacity - self.taken
        return max(0, free - self.left_to_all() if party is None else min(free, self.left(party)))

    def asked(self, party: int) -> int:
        """Warm seats that wait for the party, or would if they were started."""
        return min(self.reserved[party].warm, self.left(party))

    def _asked_by_all(self) -> int:
        return sum(self.asked(party) for party in self.reserved)

    def way(self, party: Party, may_start: bool = True) -> Way | None:
        """Warm seats are all alike. Who has asked for some takes any; others leave as many as were asked for, and one
        is started for them. Where there is no room for that, a party's people take a warm one all the same."""
        if not self.room(party):
            return None
        theirs = party is not None and self.asked(party) > 0
        if self.warm and (theirs or self.warm > self._asked_by_all()):
            return Way.WARM
        if self.empty > 0:
            return Way.START if may_start else None
        return Way.WARM if self.warm and party is not None else None

    def take(self, party: Party, way: Way) -> None:
        self.held[party] += 1
        if way is Way.WARM:
            self.warm -= 1

    def serve(self, waiting: Iterable[tuple[int, Party]], may_start: bool = True) -> list[int]:
        """Who of those who wait, in their order, may have a seat now. They count as having it from here on."""
        served = []
        for learner, party in waiting:
            if way := self.way(party, may_start):
                self.take(party, way)
                served.append(learner)
        return served

    def surplus(self, usual: int) -> int:
        """Seats started ahead beyond `usual` ones and what parties ask for. Below 0: so many are to be started."""
        target = min(usual + self._asked_by_all(), self.capacity - self.taken)
        return self.warm + self.coming - target

    def ready(self, party: int) -> int:
        """Warm seats that wait for the party; where there are too few, the party with the lower number has them."""
        before = sum(self.asked(other) for other in self.reserved if other < party)
        return max(0, min(self.warm - before, self.asked(party)))

    def missing(self, party: int) -> int:
        """What the party cannot have of its own before seats of others have ended."""
        return min(self.left(party), max(0, self.left_to_all() - (self.capacity - self.taken)))
