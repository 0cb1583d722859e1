"""Ada and Ben are in a class of two lessons, Cleo has left it; what each has done is a table."""

from datetime import timedelta

from playground.classroom.roster import Member, StepDone
from playground.classroom.steps import Somebody, StepRow, StepTripped, steps
from tests.unit.classroom.test_roster import ADA, BEN, CLEO, LESSONS, START, at, done

NOW = 60


def somebody(learner: int, seen: float | None = None, left: float | None = None) -> Somebody:
    member = Member(learner, "", START, None if seen is None else at(seen))
    return Somebody(member, None if left is None else at(left))


HERE = (somebody(ADA, seen=NOW), somebody(BEN, seen=20), somebody(CLEO, left=30))


def rows(*passed: StepDone, people: tuple[Somebody, ...] = HERE, trips: tuple[StepTripped, ...] = ()) -> list[StepRow]:
    """Of both lessons, a step each."""
    found = steps(people, passed, {}, LESSONS, at(NOW), trips)
    assert found.people == len(people)
    return [row for lesson in found.lessons for row in lesson.rows]


def test_a_step_knows_who_is_at_it_and_who_stopped_there() -> None:
    first, second = rows(done(ADA, "one", 2), done(BEN, "one", 4, "hint"))
    assert (first.passed, first.here, first.stopped, first.helped) == (2, 0, 1, 1)  # Cleo left there
    assert (second.passed, second.here, second.stopped, second.helped) == (0, 1, 1, 0)  # Ada is, Ben is away
    assert (first.usual, second.usual) == (timedelta(minutes=3), None)


def test_who_has_passed_everything_has_stopped_nowhere() -> None:
    first, second = rows(done(BEN, "one", 2), done(BEN, "two", 4), people=(somebody(BEN),))
    assert (first.stopped, second.stopped, second.passed) == (0, 0, 1)


def test_what_was_passed_after_leaving_does_not_count() -> None:
    first, second = rows(done(CLEO, "one", 2), done(CLEO, "two", 31), people=(somebody(CLEO, left=30),))
    assert (first.passed, second.passed, second.stopped) == (1, 0, 1)


def test_the_commonest_trip_is_the_one_of_most_learners() -> None:
    trips = tuple(
        StepTripped("one", "do-it", "error", what, learners, times)
        for what, learners, times in (("loud", 1, 99), ("common", 2, 2), ("rare", 1, 1))
    )
    first, second = rows(trips=trips)
    assert (first.trip, second.trip) == (trips[1], None)


def test_nobody_is_no_step_less() -> None:
    assert [(row.passed, row.here, row.stopped) for row in rows(people=())] == [(0, 0, 0)] * 2
