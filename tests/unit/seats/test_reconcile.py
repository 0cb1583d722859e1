"""Rows against the machine."""

from playground.seats.machine import Found, Terminal
from playground.seats.models import Seat
from playground.seats.reconcile import LONGEST_START, compare, given_up
from tests.unit.seats.rows import IDLE, NOW, lent, warm

ADA, BEN = 1, 2


def found(*running: Seat, stopped: tuple[Seat, ...] = (), others: set[str] | None = None) -> Found:
    terminals = {seat.id: Terminal("c", True) for seat in running} | {seat.id: Terminal("c", False) for seat in stopped}
    return Found(terminals, set(terminals) | (others or set()), helpers=[])


def test_what_runs_and_has_a_row_is_adopted() -> None:
    adas, waiting = lent(ADA), warm()
    differences = compare(found(adas, waiting), [adas, waiting], NOW, IDLE)
    assert differences.adopt == [adas, waiting]
    assert not differences.orphans
    assert not differences.revive


def test_a_stopped_or_missing_terminal_of_a_row_is_revived() -> None:
    adas, bens, waiting = lent(ADA), lent(BEN), warm()
    differences = compare(found(waiting, stopped=(adas,)), [adas, bens, waiting], NOW, IDLE)
    assert differences.revive == [adas, bens]


def test_a_seat_whose_time_is_over_is_not_started_again() -> None:
    adas, bens = lent(ADA, ends_in=-1), lent(BEN, seen_ago=31)
    differences = compare(found(stopped=(adas, bens)), [adas, bens], NOW, IDLE)
    assert differences.revive == []
    assert not differences.orphans


def test_what_has_no_row_is_removed() -> None:
    adas = lent(ADA)
    assert compare(found(adas, others={"feedfeedfeed"}), [adas], NOW, IDLE).orphans == {"feedfeedfeed"}


def test_a_start_that_nobody_will_finish_is_given_up() -> None:
    lost = Seat(state=Seat.State.STARTING, created_at=NOW - LONGEST_START * 2)
    going = Seat(state=Seat.State.STARTING, created_at=NOW)
    assert given_up([lost, going, lent(ADA)], NOW, first=False) == [lost.id]
    assert given_up([lost, going, lent(ADA)], NOW, first=True) == [lost.id, going.id]


def test_what_is_starting_or_ending_is_left_to_whoever_does_it() -> None:
    starting, ending = Seat(state=Seat.State.STARTING), Seat(state=Seat.State.ENDING)
    differences = compare(found(ending, stopped=(starting,)), [starting, ending], NOW, IDLE)
    assert (differences.orphans, differences.adopt, differences.revive) == (set(), [], [])
