"""The queue as one process sees it."""

from datetime import UTC, datetime

from playground.seats.waiting import GRACE, Line, Queued

ADA, BEN, CLEO = 1, 2, 3
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def order(*learners: int) -> dict[int, Queued]:
    """All in one line."""
    return {learner: Queued(position) for position, learner in enumerate(learners, 1)}


def test_everybody_knows_their_place() -> None:
    line = Line()
    line.update(order(CLEO, ADA), NOW)
    assert (line.place(CLEO), line.place(ADA), line.place(BEN)) == (Queued(1), Queued(2), None)


def test_who_is_not_here_is_not_next_and_keeps_the_place_for_a_while() -> None:
    line = Line()
    with line.waiting(ADA), line.waiting(CLEO):
        line.update(order(CLEO, BEN, ADA), NOW)
        assert line.here() == [CLEO, ADA]
        assert line.update(order(CLEO, BEN, ADA), NOW + GRACE / 2) == []
        assert line.update(order(CLEO, BEN, ADA), NOW + GRACE) == [BEN]


def test_a_reload_keeps_the_place() -> None:
    line = Line()
    with line.waiting(ADA):
        line.update(order(ADA), NOW)
    line.update(order(ADA), NOW + GRACE / 2)
    with line.waiting(ADA):
        assert line.update(order(ADA), NOW + GRACE) == []
    assert line.update(order(ADA), NOW + GRACE * 2) == []


def test_a_learner_with_two_tabs_is_here_until_the_last_one_closes() -> None:
    line = Line()
    line.update(order(ADA), NOW)
    with line.waiting(ADA):
        with line.waiting(ADA):
            pass
        assert line.here() == [ADA]
    assert line.here() == []


def test_those_who_wait_are_woken_when_the_order_changes_and_only_then() -> None:
    line = Line()
    line.update(order(CLEO, ADA), NOW)
    moved = line.moved
    line.update(order(CLEO, ADA), NOW)
    assert not moved.is_set()
    line.update(order(ADA), NOW)
    assert moved.is_set()
    assert not line.moved.is_set()


def test_those_who_wait_are_woken_when_the_estimate_changes() -> None:
    line = Line()
    line.update({ADA: Queued(1, minutes=5)}, NOW)
    moved = line.moved
    line.update({ADA: Queued(1, minutes=4)}, NOW)
    assert moved.is_set()
    assert line.place(ADA) == Queued(1, minutes=4)
