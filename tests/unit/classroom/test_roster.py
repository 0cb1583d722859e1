"""Ada, Ben and Cleo are in a class with two lessons of one step, and one that nobody has begun."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from playground.classroom.roster import STUCK_TRIPS, Member, Roster, Standing, StepDone, roster
from playground.classroom.trips import MOST_LINES, StepTrip, total
from tests.unit.curriculum.lessons import HEAD, STEP, lesson

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
LESSONS = [replace(lesson(HEAD + STEP), slug=slug) for slug in ("one", "two")]
ADA, BEN, CLEO, DAN = 1, 2, 3, 4
NAMES = {ADA: "Ada", BEN: "Ben", CLEO: "Cleo", DAN: "dan"}


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def done(learner: int, slug: str, minutes: float, how: str = "alone") -> StepDone:
    return StepDone(learner, slug, "do-it", at(minutes), how)


def see(
    *passed: StepDone,
    now: float,
    here: tuple[int, ...] = (ADA, BEN, CLEO),
    seen: dict[int, float] | None = None,
    at_hand: dict[int, tuple[str, str]] | None = None,
    trips: Sequence[StepTrip] = (),
) -> Roster:
    """`seen`: learner -> minute; who is not in it is seen now."""
    members = [Member(pk, NAMES[pk], START, at((seen or {}).get(pk, now))) for pk in here]
    return roster(members, passed, at_hand or {}, LESSONS, at(now), trips)


def order(seen: Roster) -> list[tuple[str, str]]:
    return [(row.member.name, row.standing.value) for row in seen.rows]


def test_who_takes_twice_as_long_as_the_others_took_is_stuck_and_stands_first() -> None:
    now = see(done(BEN, "one", 3), done(CLEO, "one", 3), now=7)
    assert order(now) == [("Ada", "stuck"), ("Ben", "working"), ("Cleo", "working")]
    assert now.rows[0].since == timedelta(minutes=7)
    assert now.rows[0].usual == timedelta(minutes=3)


def test_a_quick_class_makes_nobody_stuck_within_four_minutes() -> None:
    assert see(done(BEN, "one", 0.2), done(CLEO, "one", 0.2), now=3.9).stuck == 0


def test_on_a_step_that_nobody_has_passed_patience_is_longer() -> None:
    assert see(now=7.9).stuck == 0
    assert see(now=8.1).stuck == 3


def test_who_has_no_terminal_open_is_away_and_not_stuck() -> None:
    assert order(see(now=30, here=(ADA,), seen={ADA: 26})) == [("Ada", "away")]
    never = roster([Member(ADA, "Ada", START, None)], [], {}, LESSONS, at(30))
    assert never.count(Standing.AWAY) == 1


def test_who_has_passed_everything_has_finished_even_if_they_have_left() -> None:
    now = see(done(ADA, "one", 2), done(ADA, "two", 4), now=60, here=(ADA,), seen={ADA: 5})
    assert (order(now), now.rows[0].place, now.rows[0].done) == ([("Ada", "finished")], None, 2)


def test_the_step_at_hand_is_where_somebody_is() -> None:
    (row,) = see(now=1, here=(ADA,), at_hand={ADA: ("two", "do-it")}).rows
    assert row.place is not None
    assert (row.place.lesson.slug, row.place.number) == ("two", 1)


def test_with_another_lessons_step_at_hand_it_is_the_first_one_left() -> None:
    (row,) = see(done(ADA, "one", 1), now=2, here=(ADA,), at_hand={ADA: ("elsewhere", "do-it")}).rows
    assert row.place is not None
    assert row.place.lesson.slug == "two"


def test_steps_of_lessons_that_are_not_the_classrooms_do_not_count() -> None:
    elsewhere = StepDone(ADA, "elsewhere", "do-it", at(1), "alone")
    (row,) = see(elsewhere, now=2, here=(ADA,)).rows
    assert (row.done, row.total) == (0, 2)


def test_a_long_pause_is_not_what_a_step_usually_takes() -> None:
    now = see(done(BEN, "one", 200), done(CLEO, "one", 5), now=201)
    assert now.rows[0].usual == timedelta(minutes=5)


def test_help_is_counted_and_names_break_ties() -> None:
    now = see(done(ADA, "one", 2, "hint"), now=3, here=(DAN, CLEO, ADA))
    assert [row.member.name for row in now.rows] == ["Cleo", "dan", "Ada"]
    assert {row.member.name: row.helped for row in now.rows} == {"Ada": 1, "Cleo": 0, "dan": 0}


def test_an_empty_class_is_an_empty_roster() -> None:
    nobody = see(now=1, here=())
    assert (nobody.rows, nobody.stuck, nobody.done, nobody.total) == ((), 0, 0, 2)


def trip(learner: int, what: str = "no such image", slug: str = "one", times: int = 1, kind: str = "error") -> StepTrip:
    return StepTrip(learner, slug, "do-it", kind, what, times)


@pytest.mark.parametrize(
    ("minutes", "times", "standing", "why"),
    [
        (1, STUCK_TRIPS, "stuck", "trips"),
        (1, STUCK_TRIPS - 1, "working", None),
        (0.9, STUCK_TRIPS, "working", None),
        (9, STUCK_TRIPS, "stuck", "time"),
        (9, 0, "stuck", "time"),
    ],
)
def test_who_trips_often_is_stuck_after_a_minute_and_the_row_says_why(
    minutes: float, times: int, standing: str, why: str | None
) -> None:
    (row,) = see(now=minutes, here=(ADA,), trips=[trip(ADA, times=times)] if times else []).rows
    assert (row.standing, row.why, total(row.trips)) == (standing, why, times)


def test_only_trips_on_the_step_at_hand_count_and_the_commonest_stands_first() -> None:
    trips = [trip(ADA, "b", times=2), trip(ADA, "a", times=2), trip(ADA, "c", times=3), trip(ADA, slug="two", times=9)]
    (row,) = see(now=2, here=(ADA,), trips=trips).rows
    assert [one.what for one in row.trips] == ["c", "a", "b"]
    assert total(row.trips) == 7


def test_who_is_away_or_has_finished_is_not_stuck_however_often_they_tripped() -> None:
    trips = [trip(ADA, times=99), trip(BEN, slug="two", times=99)]
    now = see(done(BEN, "one", 1), done(BEN, "two", 2), now=9, here=(ADA, BEN), seen={ADA: 1}, trips=trips)
    assert {row.standing for row in now.rows} == {Standing.AWAY, Standing.FINISHED}


def lines(now: Roster) -> list[tuple[str, int, int]]:
    return [(one.what, one.learners, one.present) for one in now.trips]


def test_the_class_trips_over_what_two_do_and_those_who_are_away_are_not_counted() -> None:
    trips = [trip(ADA), trip(BEN, times=7), trip(CLEO), trip(ADA, "only hers", times=50)]
    assert lines(see(now=1, trips=trips)) == [("no such image", 3, 3)]
    assert lines(see(now=9, trips=trips, seen={CLEO: 1})) == [("no such image", 2, 2)]
    assert lines(see(now=9, trips=trips, seen={BEN: 1, CLEO: 1})) == []


def test_what_the_class_tripped_over_on_a_step_that_it_has_passed_is_told_for_twenty_minutes() -> None:
    trips, passed = [trip(ADA), trip(BEN)], (done(ADA, "one", 2), done(BEN, "one", 2))
    assert lines(see(*passed, now=21, trips=trips)) == [("no such image", 2, 3)]
    assert lines(see(*passed, now=23, trips=trips)) == []


def test_a_class_has_a_few_lines_and_the_commonest_ones() -> None:
    trips = [trip(one, f"error {number}") for number in range(9) for one in (ADA, BEN)]
    trips += [trip(one, "error 7", slug="one") for one in (CLEO,)]
    found = lines(see(now=1, trips=trips))
    assert (len(found), found[0]) == (MOST_LINES, ("error 7", 3, 3))


def test_the_same_error_on_another_step_is_another_line() -> None:
    trips = [trip(ADA), trip(BEN), trip(CLEO, slug="two")]
    at_hand = {CLEO: ("two", "do-it")}
    assert lines(see(now=1, trips=trips, at_hand=at_hand)) == [("no such image", 2, 3)]
