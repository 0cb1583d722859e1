"""What a learner does with a seat from a page."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from playground.classroom.models import Learner
from playground.seats import actions
from playground.seats.models import Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Learner:
    return Learner.objects.create_user("ada", display_name="Ada")


def lend(learner: Learner, minutes_left: int, instance: str = settings.INSTANCE) -> Seat:
    now = timezone.now()
    return Seat.objects.create(
        instance=instance,
        state=Seat.State.LENT,
        learner=learner,
        lent_at=now,
        seen_at=now - timedelta(minutes=20),
        ends_at=now + timedelta(minutes=minutes_left),
    )


def test_the_current_seat_is_the_lent_one_of_this_playground(ada: Learner) -> None:
    lend(ada, 30, instance="other")
    assert actions.current(ada) is None
    seat = lend(ada, 30)
    assert actions.current(ada) == seat


def test_extending_adds_an_hour_and_starts_the_idle_clock_anew(ada: Learner) -> None:
    seat = lend(ada, 30)
    extended = actions.extend(ada)
    assert seat.ends_at
    assert seat.seen_at
    assert extended.seen_at
    assert extended.ends_at == seat.ends_at + timedelta(minutes=settings.SEAT_EXTEND_MINUTES)
    assert extended.seen_at > seat.seen_at
    seat.refresh_from_db()
    assert (seat.ends_at, seat.seen_at) == (extended.ends_at, extended.seen_at)


def test_extending_again_and_again_never_gives_more_than_a_whole_lifetime(ada: Learner) -> None:
    lend(ada, 30)
    for _ in range(10):
        seat = actions.extend(ada)
    assert 0 <= settings.SEAT_MAX_MINUTES - seat.minutes_left(timezone.now()) <= 1


def test_extending_never_takes_time_away(ada: Learner) -> None:
    seat = lend(ada, settings.SEAT_MAX_MINUTES + 100)
    assert actions.extend(ada).ends_at == seat.ends_at


def test_without_a_seat_there_is_nothing_to_extend(ada: Learner) -> None:
    with pytest.raises(Seat.DoesNotExist):
        actions.extend(ada)


def test_a_learner_gives_the_seat_back(ada: Learner) -> None:
    seat = lend(ada, 30)
    actions.end(ada)
    seat.refresh_from_db()
    assert (seat.state, seat.ended_why) == (Seat.State.ENDING, Seat.Why.LEARNER)
    assert actions.current(ada) is None


def test_a_seat_that_is_being_started_for_a_learner_is_given_back_too(ada: Learner) -> None:
    seat = Seat.objects.create(instance=settings.INSTANCE, learner=ada)
    actions.end(ada)
    seat.refresh_from_db()
    assert seat.state == Seat.State.ENDING


def test_giving_back_without_a_seat_changes_nothing(ada: Learner) -> None:
    actions.end(ada)
    assert not Seat.objects.exists()
