"""The roster: where everybody in a classroom is, and who needs help. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from playground.curriculum.model import Lesson, Step

AWAY_AFTER = timedelta(minutes=3)  # without a terminal open
STUCK_AFTER = timedelta(minutes=4)  # on one step, whatever the others took
STUCK_FACTOR = 2  # times what the step took the class, at the median
_A_PAUSE = timedelta(minutes=45)  # what takes longer was not spent on the step


class Standing(StrEnum):
    """In the order in which a teacher looks."""

    STUCK = "stuck"
    WORKING = "working"
    AWAY = "away"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Member:
    learner_id: int
    name: str
    joined_at: datetime
    seen_at: datetime | None  # with a terminal open
    hand_at: datetime | None = None  # raised, as long as it is up


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


@dataclass(frozen=True, slots=True)
class Roster:
    rows: tuple[Row, ...]  # who needs help first
    total: int  # steps in the classroom's lessons

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
    at_hand: Mapping[int, tuple[str, str]],
    lessons: Sequence[Lesson],
    now: datetime,
) -> Roster:
    """`at_hand`: learner -> lesson and step; it counts while that step is among the lessons and not passed."""
    by_learner: dict[int, list[StepDone]] = defaultdict(list)
    known = {(lesson.slug, step.id) for lesson in lessons for step in lesson.steps}
    for done in passed:
        if (done.lesson, done.step) in known:
            by_learner[done.learner_id].append(done)
    usual = _usual(members, by_learner)
    rows = [_row(member, by_learner[member.learner_id], at_hand, lessons, usual, now) for member in members]
    order = list(Standing)
    rows.sort(key=lambda row: (*_hand(row), order.index(row.standing), -row.since, row.member.name.casefold()))
    return Roster(tuple(rows), len(known))


def _hand(row: Row) -> tuple[bool, float]:
    """Raised hands stand before everything else, the first one first."""
    raised = row.member.hand_at
    return raised is None, raised.timestamp() if raised else 0.0


def _usual(members: Sequence[Member], by_learner: Mapping[int, Sequence[StepDone]]) -> dict[tuple[str, str], timedelta]:
    """What each step took, at the median of those who have passed it."""
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
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
    at_hand: Mapping[int, tuple[str, str]],
    lessons: Sequence[Lesson],
    usual: Mapping[tuple[str, str], timedelta],
    now: datetime,
) -> Row:
    passed = {(one.lesson, one.step) for one in done}
    place = _place(passed, at_hand.get(member.learner_id), lessons)
    since = now - max([member.joined_at, *(one.at for one in done)])
    expected = usual.get((place.lesson.slug, place.step.id)) if place else None
    return Row(
        member=member,
        standing=_standing(member, place, since, expected, now),
        place=place,
        since=since,
        usual=expected,
        done=len(passed),
        total=sum(len(lesson.steps) for lesson in lessons),
        done_by_lesson=tuple((lesson, sum(slug == lesson.slug for slug, _ in passed)) for lesson in lessons),
        helped=sum(one.how != "alone" for one in done),
    )


def _place(passed: set[tuple[str, str]], at_hand: tuple[str, str] | None, lessons: Sequence[Lesson]) -> Place | None:
    left = [
        Place(lesson, step, number)
        for lesson in lessons
        for number, step in enumerate(lesson.steps, 1)
        if (lesson.slug, step.id) not in passed
    ]
    here = [place for place in left if (place.lesson.slug, place.step.id) == at_hand]
    return next(iter(here or left), None)


def _standing(
    member: Member, place: Place | None, since: timedelta, usual: timedelta | None, now: datetime
) -> Standing:
    if place is None:
        return Standing.FINISHED
    if member.seen_at is None or now - member.seen_at > AWAY_AFTER:
        return Standing.AWAY
    patience = max(STUCK_AFTER, STUCK_FACTOR * usual) if usual is not None else STUCK_AFTER * STUCK_FACTOR
    return Standing.STUCK if since > patience else Standing.WORKING
