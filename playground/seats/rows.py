"""What the rows say at one moment, and what follows from it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from playground.seats.models import Seat
from playground.seats.tally import Party, Share, Tally


@dataclass(frozen=True, slots=True)
class Rows:
    """`party_of` has the learners with a seat or in the queue whose party has seats kept for it."""

    seats: Sequence[Seat]  # that take room, oldest first
    queue: Sequence[int]  # learners in their order
    shares: Mapping[int, Share]
    party_of: Mapping[int, int]

    def tally(self, capacity: int) -> Tally:
        return counted(((seat.state, seat.learner_id) for seat in self.seats), capacity, self.shares, self.party_of)


def counted(
    seats: Iterable[tuple[str, int | None]], capacity: int, shares: Mapping[int, Share], party_of: Mapping[int, int]
) -> Tally:
    """`seats`: the state and the learner of each that takes room."""
    held, others = Counter[Party](), Counter[str]()
    for state, learner in seats:
        if learner is not None and state in (Seat.State.LENT, Seat.State.STARTING):
            held[party_of.get(learner)] += 1
        else:
            others[state] += 1
    ending, warm, coming = (others[state] for state in (Seat.State.ENDING, Seat.State.WARM, Seat.State.STARTING))
    return Tally(capacity, shares, held, ending, warm, coming)
