"""What the rows say at one moment, and what follows from it. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playground.seats.models import Seat
from playground.seats.tally import Party, Reserved, Tally, Way


@dataclass(frozen=True, slots=True)
class Rows:
    """`party_of` has the learners with a seat or in the queue whose party has seats reserved for it."""

    seats: Sequence[Seat]  # that take room, oldest first
    queue: Sequence[int]  # learners in their order
    reserved: Mapping[int, Reserved]
    party_of: Mapping[int, int]

    def seat_of(self, learner: int) -> Seat | None:
        """The one that is lent to the learner."""
        return next((seat for seat in self.seats if seat.state == Seat.State.LENT and seat.learner_id == learner), None)

    def tally(self, capacity: int) -> Tally:
        held, others = Counter[Party](), Counter[str]()
        for seat in self.seats:
            if seat.learner_id is not None and seat.state in (Seat.State.LENT, Seat.State.STARTING):
                held[self.party_of.get(seat.learner_id)] += 1
            else:
                others[seat.state] += 1
        ending, warm, coming = (others[state] for state in (Seat.State.ENDING, Seat.State.WARM, Seat.State.STARTING))
        return Tally(capacity, self.reserved, held, ending, warm, coming)

    def way(self, learner: int, capacity: int, *, in_turn: bool) -> Way | None:
        """How somebody without a seat gets one now; `in_turn` is for who comes from the queue."""
        tally = self.tally(capacity)
        if not in_turn:  # what those before the learner are to have is theirs, though they may not have it yet
            before = self.queue[: self.queue.index(learner)] if learner in self.queue else self.queue
            holders = {seat.learner_id for seat in self.seats if seat.state == Seat.State.STARTING}
            tally.serve((one, self.party_of.get(one)) for one in before if one not in holders)
        return tally.way(self.party_of.get(learner))
