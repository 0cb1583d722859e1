"""How a class gets through its lessons, step by step: who has passed, who is there, who stopped there. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from playground.classroom.roster import Key, Member, Place, StepDone, place_of, places_of, usual_times
from playground.curriculum.model import Lesson, Step


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is in the classroom, or was."""

    member: Member
    left_at: datetime | None

    def is_gone(self, now: datetime) -> bool:
        return self.left_at is not None or self.member.is_away(now)


@dataclass(frozen=True, slots=True)
class StepTripped:
    """How many learners have tripped over one thing on a step, and how often all together."""

    lesson: str
    step: str
    kind: str  # one of checks.models.Trip.Kind
    what: str
    learners: int
    times: int


@dataclass(frozen=True, slots=True)
class StepRow:
    step: Step
    number: int  # from 1
    passed: int
    here: int  # at it now
    stopped: int  # were at it last, and are away or have left
    usual: timedelta | None  # what it took, at the median
    helped: int  # passed with a hint, the solution, or played
    trip: StepTripped | None  # the commonest


@dataclass(frozen=True, slots=True)
class LessonRows:
    lesson: Lesson
    rows: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    lessons: tuple[LessonRows, ...]
    people: int  # who are in the classroom, or were


def steps(
    people: Sequence[Somebody],
    passed: Iterable[StepDone],
    at_hand: Mapping[int, Key],
    lessons: Sequence[Lesson],
    now: datetime,
    trips: Iterable[StepTripped],
) -> Steps:
    """What somebody has passed after they left the classroom does not count."""
    left = {one.member.learner_id: one.left_at for one in people}
    by_learner: dict[int, list[StepDone]] = defaultdict(list)
    for done in passed:
        left_at = left.get(done.learner_id)
        if left_at is None or done.at <= left_at:
            by_learner[done.learner_id].append(done)
    usual = usual_times([one.member for one in people], by_learner)
    here, stopped = _where(people, by_learner, at_hand, places_of(lessons), now)
    all_done = [done for several in by_learner.values() for done in several]
    done_by = Counter((done.lesson, done.step) for done in all_done)
    helped = Counter((done.lesson, done.step) for done in all_done if done.how != "alone")
    commonest: dict[Key, StepTripped] = {}
    for trip in sorted(trips, key=lambda trip: (trip.learners, trip.times, trip.what)):
        commonest[trip.lesson, trip.step] = trip

    def row(lesson: Lesson, number: int, step: Step) -> StepRow:
        key = lesson.slug, step.id
        return StepRow(
            step, number, done_by[key], here[key], stopped[key], usual.get(key), helped[key], commonest.get(key)
        )

    return Steps(
        tuple(LessonRows(one, tuple(row(one, *numbered) for numbered in enumerate(one.steps, 1))) for one in lessons),
        len(people),
    )


def _where(
    people: Iterable[Somebody],
    by_learner: Mapping[int, Sequence[StepDone]],
    at_hand: Mapping[int, Key],
    places: Mapping[Key, Place],
    now: datetime,
) -> tuple[Counter[Key], Counter[Key]]:
    """How many are at each step now, and how many stopped there."""
    here: Counter[Key] = Counter()
    stopped: Counter[Key] = Counter()
    for one in people:
        learner = one.member.learner_id
        done = {(each.lesson, each.step) for each in by_learner.get(learner, ())}
        if place := place_of(done, at_hand.get(learner), places):
            (stopped if one.is_gone(now) else here)[place.lesson.slug, place.step.id] += 1
    return here, stopped
