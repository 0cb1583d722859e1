"""How long somebody waits, as far as anybody can tell; and everybody's place in the queue."""

from datetime import timedelta

import pytest

from playground.seats.estimate import Ended, end_of, minutes
from playground.seats.models import Seat
from playground.seats.places import places
from playground.seats.rows import Rows
from playground.seats.tally import Reserved
from playground.seats.waiting import Queued
from tests.unit.seats.rows import IDLE, NOW, lent, warm
from tests.unit.seats.rows import minutes as some

ADA, BEN, CLEO, DORA, EMIL = range(1, 6)
MONDAY = 7


@pytest.mark.parametrize(
    ("position", "ends_in", "ended", "expected"),
    [
        (1, [], 0, None),  # nothing can be said
        (1, [], 2, None),  # two ends say nothing
        (1, [12, 50], 0, 12),
        (2, [12, 50], 0, 50),
        (3, [12, 50], 0, None),
        (1, [200], 6, 10),  # one every ten minutes
        (3, [200, 200, 200], 6, 30),
        (3, [], 6, 30),
        (1, [3], 6, 3),  # whichever comes first
        (1, [0], 0, 1),
        (1, [-1], 0, 1),
        (1, [16], 0, 20),  # nobody knows that to the minute
        (1, [61], 0, 75),
        (1, [240], 0, 240),
    ],
)
def test_the_estimate_is_what_ends_first_by_the_clock_or_by_how_it_has_gone(
    position: int, ends_in: list[int], ended: int, expected: int | None
) -> None:
    assert minutes(position, [NOW + some(each) for each in ends_in], ended, NOW) == expected


def test_an_open_terminal_keeps_its_seat_to_the_end_of_its_time_and_a_closed_one_until_it_is_idle() -> None:
    assert end_of(lent(ADA, ends_in=200, seen_ago=1), NOW, IDLE) == NOW + some(200)
    assert end_of(lent(ADA, ends_in=200, seen_ago=10), NOW, IDLE) == NOW + some(20)
    assert end_of(lent(ADA, ends_in=5, seen_ago=10), NOW, IDLE) == NOW + some(5)
    assert end_of(Seat(state=Seat.State.ENDING, learner_id=ADA), NOW, IDLE) == NOW


def test_only_seats_that_ended_by_themselves_within_the_hour_count() -> None:
    ended = Ended()
    for why in Seat.Why:
        ended.note(None, why, NOW)
    ended.note(MONDAY, Seat.Why.IDLE, NOW)
    assert ended.lately({None}, NOW) == 3
    assert ended.lately({None, MONDAY}, NOW) == 4
    assert ended.lately({None, MONDAY}, NOW + timedelta(minutes=61)) == 0


def test_everybody_has_a_place_in_the_line_of_their_own() -> None:
    """Ben and Dora are of Monday's class, whose one seat Ben has; Ada, Cleo and Emil are of none."""
    seats = [lent(ADA, ends_in=40), lent(BEN, ends_in=10), warm()]
    rows = Rows(seats, [CLEO, DORA, EMIL], {MONDAY: Reserved(1)}, {BEN: MONDAY, DORA: MONDAY})
    assert places(rows, rows.tally(2), Ended(), NOW, IDLE) == {
        CLEO: Queued(1, 40),
        DORA: Queued(1, 10, limit=1),
        EMIL: Queued(2),
    }


def test_who_waits_for_a_seat_of_their_partys_gets_whichever_ends_first() -> None:
    rows = Rows(
        [lent(ADA, ends_in=10), lent(BEN, ends_in=40)], [DORA], {MONDAY: Reserved(2)}, {BEN: MONDAY, DORA: MONDAY}
    )
    assert places(rows, rows.tally(2), Ended(), NOW, IDLE) == {DORA: Queued(1, 10)}


def test_a_seat_that_is_being_started_for_somebody_is_held_and_ends_at_no_known_time() -> None:
    rows = Rows([Seat(state=Seat.State.STARTING, learner_id=BEN)], [CLEO], {}, {})
    assert rows.tally(1).held == {None: 1}
    assert places(rows, rows.tally(1), Ended(), NOW, IDLE) == {CLEO: Queued(1)}
