"""The roster: where everybody in a classroom is, and who needs help. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import TypeAlias

from playground.classroom.trips import ClassTrip, StepTrip, commonest_first, of_class, total
from playground.curriculum.model import Lesson, Step

AWAY_AFTER = timedelta(minutes=3)  # without a terminal open
STUCK_AFTER = timedelta(minutes=4)  # on one step, whatever the others took
STUCK_FACTOR = 2  # times what the step took the class, at the median
STUCK_TRIPS = 5  # of whatever kind on the step at hand, after a minute at it at least
STUCK_TRIPS_AFTER = timedelta(minutes=1)
TRIPS_COUNT_FOR = timedelta(minutes=20)  # after their step was passed, what the class trips over
_A_PAUSE = timedelta(minutes=45)  # what takes longer was not spent on the step

Key: TypeAlias = tuple[str, str]  # the slugs of a lesson and of a step


class Standing(StrEnum):
    """In the order in which a teacher looks."""

    STUCK = "stuck"
    WORKING = "working"
    AWAY = "away"
    FINISHED = "finished"


class Why(StrEnum):
    """Somebody is taken for stuck."""

    TIME = "time"
    TRIPS = "trips"


@dataclass(frozen=True, slots=True)
class Member:
    learner_id: int
    name: str
    joined_at: datetime
    seen_at: datetime | None  # with a terminal open
    hand_at: datetime | None = None  # raised, as long as it is up

    def is_away(self, now: datetime) -> bool:
        return self.seen_at is None or now - self.seen_at > AWAY_AFTER


@dataclass(frozen=True, slots=True)
class StepDone:
    learner_id: int
    lesson: str
    step: str
    at: datetime
    how: str  # one of checks.models.StepPass.How


@dataclass(frozen=True, slots=True)
class Place:
    """Where a learner is: the step at hand, or with nothing left no step."""

    lesson: Lesson
    step: Step
    number: int  # of the step, from 1


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    standing: Standing
    place: Place | None
    since: timedelta  # at the step
    usual: timedelta | None  # what the step took the others, at the median
    done: int
    total: int
    done_by_lesson: tuple[tuple[Lesson, int], ...]
    helped: int  # steps passed with a hint, the solution, or played
    trips: tuple[StepTrip, ...] = ()  # on the step at hand, the commonest first
    why: Why | None = None  # stuck


@dataclass(frozen=True, slots=True)
class Roster:
    rows: tuple[Row, ...]  # who needs help first
    total: int  # steps in the classroom's lessons
    trips: tuple[ClassTrip, ...] = ()  # what several trip over now

    @property
    def finished(self) -> int:
        return self.count(Standing.FINISHED)

    @property
    def stuck(self) -> int:
        return self.count(Standing.STUCK)

    @property
    def done(self) -> int:
        """Steps passed by all together."""
        return sum(row.done for row in self.rows)

    def count(self, standing: Standing) -> int:
        return sum(row.standing is standing for row in self.rows)


def roster(
    members: Sequence[Member],
    passed: Sequence[StepDone],
    at_hand: Mapping[int, Key],
    lessons: Sequence[Lesson],
    now: datetime,
    trips: Sequence[StepTrip] = (),
) -> Roster:
    """`at_hand`: learner -> lesson and step; it counts while that step is among the lessons and not passed."""
    by_learner: dict[int, list[StepDone]] = defaultdict(list)
    places = places_of(lessons)
    for done in passed:
        if (done.lesson, done.step) in places:
            by_learner[done.learner_id].append(done)
    usual = usual_times(members, by_learner)
    tripped: dict[int, list[StepTrip]] = defaultdict(list)
    for trip in trips:
        tripped[trip.learner_id].append(trip)
    rows = [
        _row(member, by_learner[member.learner_id], tripped[member.learner_id], at_hand, lessons, places, usual, now)
        for member in members
    ]
    order = list(Standing)
    rows.sort(key=lambda row: (*_hand(row), order.index(row.standing), -row.since, row.member.name.casefold()))
    return Roster(tuple(rows), len(places), _class_trips(rows, by_learner, tripped, now))


def _class_trips(
    rows: Sequence[Row],
    by_learner: Mapping[int, Sequence[StepDone]],
    tripped: Mapping[int, Sequence[StepTrip]],
    now: datetime,
) -> tuple[ClassTrip, ...]:
    """Of those who are present: on their steps at hand, and on those that they have passed lately."""
    present = [row for row in rows if not row.member.is_away(now)]
    counted: list[StepTrip] = []
    for row in present:
        learner = row.member.learner_id
        lately = {(one.lesson, one.step) for one in by_learner[learner] if now - one.at <= TRIPS_COUNT_FOR}
        counted += row.trips
        counted += [trip for trip in tripped[learner] if (trip.lesson, trip.step) in lately]
    return of_class(counted, len(present))


def _hand(row: Row) -> tuple[bool, float]:
    """Raised hands stand before everything else, the first one first."""
    raised = row.member.hand_at
    return raised is None, raised.timestamp() if raised else 0.0


def usual_times(members: Sequence[Member], by_learner: Mapping[int, Sequence[StepDone]]) -> dict[Key, timedelta]:
    """What each step took, at the median of those who have passed it."""
    took: dict[Key, list[float]] = defaultdict(list)
    for member in members:
        before = member.joined_at
        for done in sorted(by_learner.get(member.learner_id, ()), key=lambda done: done.at):
            spent, before = done.at - before, done.at
            if timedelta(0) <= spent <= _A_PAUSE:
                took[done.lesson, done.step].append(spent.total_seconds())
    return {step: timedelta(seconds=median(times)) for step, times in took.items()}


def _row(
    member: Member,
    done: Sequence[StepDone],
    tripped: Sequence[StepTrip],
    at_hand: Mapping[int, Key],
    lessons: Sequence[Lesson],
    places: Mapping[Key, Place],
    usual: Mapping[Key, timedelta],
    now: datetime,
) -> Row:
    passed = {(one.lesson, one.step) for one in done}
    by_lesson = Counter(slug for slug, _ in passed)
    place = place_of(passed, at_hand.get(member.learner_id), places)
    here = (place.lesson.slug, place.step.id) if place else ("", "")
    since = now - max([member.joined_at, *(one.at for one in done)])
    expected = usual.get(here)
    trips = commonest_first(trip for trip in tripped if (trip.lesson, trip.step) == here)
    standing = _standing(member, place, now)
    why = _why_stuck(since, expected, total(trips)) if standing is Standing.WORKING else None
    return Row(
        member=member,
        standing=Standing.STUCK if why else standing,
        place=place,
        since=since,
        usual=expected,
        done=len(passed),
        total=len(places),
        done_by_lesson=tuple((lesson, by_lesson[lesson.slug]) for lesson in lessons),
        helped=sum(one.how != "alone" for one in done),
        trips=trips,
        why=why,
    )


def places_of(lessons: Sequence[Lesson]) -> dict[Key, Place]:
    """Where one can be, in the order of the lessons."""
    return {
        (lesson.slug, step.id): Place(lesson, step, number)
        for lesson in lessons
        for number, step in enumerate(lesson.steps, 1)
    }


def place_of(passed: Collection[Key], at_hand: Key | None, places: Mapping[Key, Place]) -> Place | None:
    """The step at hand while it is among the places and not passed, else the first one left."""
    if at_hand is not None and at_hand in places and at_hand not in passed:
        return places[at_hand]
    return next((place for key, place in places.items() if key not in passed), None)


def _standing(member: Member, place: Place | None, now: datetime) -> Standing:
    if place is None:
        return Standing.FINISHED
    return Standing.AWAY if member.is_away(now) else Standing.WORKING


def _why_stuck(since: timedelta, usual: timedelta | None, tripped: int) -> Why | None:
    patience = max(STUCK_AFTER, STUCK_FACTOR * usual) if usual is not None else STUCK_AFTER * STUCK_FACTOR
    if since > patience:
        return Why.TIME
    return Why.TRIPS if tripped >= STUCK_TRIPS and since >= STUCK_TRIPS_AFTER else None
