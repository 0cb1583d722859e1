"""Seats as rows have them, without a database."""

from datetime import UTC, datetime, timedelta

from playground.seats.models import Seat

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
IDLE = timedelta(minutes=30)
WARN = timedelta(minutes=5)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def lent(learner: int, *, ends_in: int = 240, seen_ago: int = 0) -> Seat:
    seen_at = NOW - minutes(seen_ago)
    return Seat(
        learner_id=learner, state=Seat.State.LENT, lent_at=seen_at, seen_at=seen_at, ends_at=NOW + minutes(ends_in)
    )


def warm() -> Seat:
    return Seat(state=Seat.State.WARM)
