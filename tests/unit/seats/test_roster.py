"""Who is told of what."""

from playground.seats.models import Seat
from playground.seats.roster import Change, Roster
from tests.unit.seats.rows import lent, minutes, warm

ADA, BEN = 1, 2


def listening() -> tuple[Roster, list[Change]]:
    roster, told = Roster(), list[Change]()
    roster.listeners.append(told.append)
    return roster, told


def copy_of(seat: Seat) -> Seat:
    """The same row, read again."""
    values = {field.attname: getattr(seat, field.attname) for field in Seat._meta.concrete_fields}
    return Seat(**values)


def test_a_seat_that_is_lent_is_told_once() -> None:
    roster, told = listening()
    adas = lent(ADA)
    assert roster.set([adas, warm()])
    assert not roster.set([copy_of(adas)])
    assert told == [Change(adas.id, ADA, "lent", adas.ends_at)]


def test_more_time_is_told() -> None:
    roster, told = listening()
    adas = lent(ADA)
    roster.set([adas])
    longer = copy_of(adas)
    assert adas.ends_at
    longer.ends_at = adas.ends_at + minutes(60)
    assert not roster.set([longer])
    assert told[1:] == [Change(adas.id, ADA, "extended", longer.ends_at)]


def test_an_ending_seat_is_told_with_its_reason() -> None:
    roster, told = listening()
    adas = lent(ADA)
    roster.set([adas])
    ending = copy_of(adas)
    ending.state, ending.ended_why = Seat.State.ENDING, Seat.Why.IDLE
    assert roster.set([ending])
    assert told[1:] == [Change(adas.id, ADA, "ended", why="idle")]
    assert not roster.lent


def test_a_learner_without_an_account_any_more_has_no_seat() -> None:
    roster, told = listening()
    adas = lent(ADA)
    roster.set([adas])
    roster.set([])
    assert told[1:] == [Change(adas.id, ADA, "ended", why="operator")]


def test_another_seat_for_the_same_learner_is_told_both_ways() -> None:
    roster, told = listening()
    first, second = lent(ADA), lent(ADA)
    roster.set([first])
    roster.set([second])
    assert {(change.seat, change.kind) for change in told[1:]} == {(second.id, "lent"), (first.id, "ended")}
