"""Which seats end, and who is told before."""

from playground.seats.models import Seat
from playground.seats.reaper import Warned, due
from tests.unit.seats.rows import IDLE, NOW, WARN, lent, minutes

ADA, BEN, CLEO = 1, 2, 3


def test_only_idle_and_expired_seats_end_each_for_its_reason() -> None:
    adas, bens, cleos = lent(ADA, seen_ago=30), lent(BEN, ends_in=0), lent(CLEO, seen_ago=29, ends_in=1)
    assert due([adas, bens, cleos], NOW, IDLE) == {Seat.Why.IDLE: [adas.id], Seat.Why.TIME: [bens.id]}


def test_a_learner_is_warned_once_before_the_end() -> None:
    warned, seat = Warned(), lent(ADA, ends_in=6)
    assert warned.near([seat], NOW, IDLE, WARN) == []
    assert warned.near([seat], NOW + minutes(1), IDLE, WARN) == [seat]
    assert warned.near([seat], NOW + minutes(2), IDLE, WARN) == []


def test_a_learner_who_got_more_time_is_warned_again_when_that_ends() -> None:
    warned, seat = Warned(), lent(ADA, ends_in=5)
    assert warned.near([seat], NOW, IDLE, WARN) == [seat]
    seat.ends_at = NOW + minutes(20)
    assert warned.near([seat], NOW, IDLE, WARN) == []
    assert warned.near([seat], NOW + minutes(15), IDLE, WARN) == [seat]


def test_who_leaves_the_terminal_is_warned_of_the_idle_end() -> None:
    assert Warned().near([lent(ADA, seen_ago=26), lent(BEN, seen_ago=24)], NOW, IDLE, WARN)[0].learner_id == ADA


def test_a_seat_that_ends_now_is_not_announced() -> None:
    assert Warned().near([lent(ADA, ends_in=0)], NOW, IDLE, WARN) == []
