"""The queue as one process sees it."""

from datetime import UTC, datetime

from playground.seats.waiting import GRACE, Line, Queued

ADA, BEN, CLEO = 1, 2, 3
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_everybody_knows_their_place() -> None:
    line = Line()
    line.update([CLEO, ADA], NOW)
    assert (line.place(CLEO), line.place(ADA), line.place(BEN)) == (Queued(1), Queued(2), None)


def test_who_is_not_here_is_not_next_and_keeps_the_place_for_a_while() -> None:
    line = Line()
    with line.waiting(ADA), line.waiting(CLEO):
        line.update([CLEO, BEN, ADA], NOW)
        assert line.here() == [CLEO, ADA]
        assert line.update([CLEO, BEN, ADA], NOW + GRACE / 2) == []
        assert line.update([CLEO, BEN, ADA], NOW + GRACE) == [BEN]


def test_a_reload_keeps_the_place() -> None:
    line = Line()
    with line.waiting(ADA):
        line.update([ADA], NOW)
    line.update([ADA], NOW + GRACE / 2)
    with line.waiting(ADA):
        assert line.update([ADA], NOW + GRACE) == []
    assert line.update([ADA], NOW + GRACE * 2) == []


def test_a_learner_with_two_tabs_is_here_until_the_last_one_closes() -> None:
    line = Line()
    line.update([ADA], NOW)
    with line.waiting(ADA):
        with line.waiting(ADA):
            pass
        assert line.here() == [ADA]
    assert line.here() == []


def test_those_who_wait_are_woken_when_the_order_changes_and_only_then() -> None:
    line = Line()
    line.update([CLEO, ADA], NOW)
    moved = line.moved
    line.update([CLEO, ADA], NOW)
    assert not moved.is_set()
    line.update([ADA], NOW)
    assert moved.is_set()
    assert not line.moved.is_set()
