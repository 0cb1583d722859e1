"""What learners trip over, and what a class does. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

MOST_LINES = 3
FROM_LEARNERS = 2  # what one alone trips over is not the class's


@dataclass(frozen=True, slots=True)
class StepTrip:
    """What went wrong for a learner on a step, and how often."""

    learner_id: int
    lesson: str
    step: str
    kind: str  # one of checks.models.Trip.Kind
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class ClassTrip:
    """`learners` of the `present` ones have tripped over one thing on one step."""

    lesson: str
    step: str
    kind: str
    what: str
    learners: int
    present: int


def total(trips: Iterable[StepTrip]) -> int:
    return sum(trip.count for trip in trips)


def commonest_first(trips: Iterable[StepTrip]) -> tuple[StepTrip, ...]:
    return tuple(sorted(trips, key=lambda trip: (-trip.count, trip.kind, trip.what)))


def of_class(trips: Iterable[StepTrip], present: int) -> tuple[ClassTrip, ...]:
    """The few that most have tripped over."""
    who: dict[tuple[str, str, str, str], set[int]] = defaultdict(set)
    for trip in trips:
        who[trip.lesson, trip.step, trip.kind, trip.what].add(trip.learner_id)
    several = [(what, len(learners)) for what, learners in who.items() if len(learners) >= FROM_LEARNERS]
    several.sort(key=lambda one: (-one[1], one[0]))
    return tuple(ClassTrip(*what, learners, present) for what, learners in several[:MOST_LINES])
