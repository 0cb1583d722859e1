"""What a seat's row allows, and what it says about itself."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from playground.classroom.models import Learner
from playground.seats.models import Seat, SeatRequest

pytestmark = pytest.mark.django_db

NOW = timezone.now()
FOUR_HOURS = timedelta(hours=4)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def ada() -> Learner:
    return Learner.objects.create_user("ada", display_name="Ada")


@pytest.fixture
def ben() -> Learner:
    return Learner.objects.create_user("ben", display_name="Ben")


def warm_seat() -> Seat:
    return Seat.objects.create(instance=settings.INSTANCE, state=Seat.State.WARM)


def lent_seat(learner: Learner) -> Seat:
    seat = warm_seat()
    assert Seat.objects.claim(seat.id, learner.pk, NOW, FOUR_HOURS)
    seat.refresh_from_db()
    return seat


def test_an_id_is_twelve_hex_characters_and_new_each_time() -> None:
    first, second = warm_seat(), warm_seat()
    assert len(first.id) == 12
    assert int(first.id, 16) >= 0
    assert first.id != second.id


def test_a_claimed_seat_is_lent_for_a_lifetime(ada: Learner) -> None:
    seat = lent_seat(ada)
    assert (seat.state, seat.learner, seat.lent_at, seat.seen_at) == (Seat.State.LENT, ada, NOW, NOW)
    assert seat.ends_at == NOW + FOUR_HOURS


def test_one_seat_is_never_claimed_twice(ada: Learner, ben: Learner) -> None:
    seat = lent_seat(ada)
    assert not Seat.objects.claim(seat.id, ben.pk, NOW, FOUR_HOURS)
    seat.refresh_from_db()
    assert seat.learner == ada


def test_a_learner_cannot_claim_a_second_seat(ada: Learner) -> None:
    lent_seat(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.claim(warm_seat().id, ada.pk, NOW, FOUR_HOURS)


def test_a_learner_whose_seat_is_ending_can_claim_another(ada: Learner) -> None:
    Seat.objects.condemn([lent_seat(ada).id], Seat.Why.LEARNER)
    assert Seat.objects.claim(warm_seat().id, ada.pk, NOW, FOUR_HOURS)


def test_another_playground_lends_to_the_same_learner(ada: Learner) -> None:
    lent_seat(ada)
    other = Seat.objects.create(instance="other", state=Seat.State.WARM)
    assert Seat.objects.claim(other.id, ada.pk, NOW, FOUR_HOURS)
    assert Seat.objects.here().lent().count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": Seat.State.LENT},
        {"state": Seat.State.ENDING},
        {"state": Seat.State.ENDED, "ended_why": Seat.Why.TIME},
        {"state": Seat.State.WARM, "ended_at": NOW},
    ],
    ids=["lent to nobody", "ending for no reason", "ended at no time", "warm and ended"],
)
def test_the_database_refuses_a_seat_that_makes_no_sense(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(instance=settings.INSTANCE, **values)


def test_the_database_refuses_a_warm_seat_with_a_learner(ada: Learner) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(instance=settings.INSTANCE, state=Seat.State.WARM, learner=ada)


def test_the_first_reason_to_end_a_seat_stays(ada: Learner) -> None:
    seat = lent_seat(ada)
    assert Seat.objects.condemn([seat.id], Seat.Why.LEARNER) == 1
    assert Seat.objects.condemn([seat.id], Seat.Why.IDLE) == 0
    seat.refresh_from_db()
    assert (seat.state, seat.ended_why) == (Seat.State.ENDING, Seat.Why.LEARNER)


def test_only_an_ending_seat_is_buried_and_once(ada: Learner) -> None:
    seat = lent_seat(ada)
    assert Seat.objects.bury(seat.id) == 0
    Seat.objects.condemn([seat.id], Seat.Why.TIME)
    assert Seat.objects.bury(seat.id) == 1
    assert Seat.objects.bury(seat.id) == 0
    assert not Seat.objects.occupying().exists()


def test_a_seat_with_no_terminal_open_ends_before_its_time(ada: Learner) -> None:
    seat = lent_seat(ada)
    assert seat.deadline(HALF_AN_HOUR) == (NOW + HALF_AN_HOUR, Seat.Why.IDLE)
    assert not seat.is_expired(NOW + timedelta(minutes=29), HALF_AN_HOUR)
    assert seat.is_expired(NOW + HALF_AN_HOUR, HALF_AN_HOUR)


def test_a_seat_in_use_ends_when_its_time_is_up(ada: Learner) -> None:
    seat = lent_seat(ada)
    seat.seen_at = NOW + FOUR_HOURS
    assert seat.deadline(HALF_AN_HOUR) == (NOW + FOUR_HOURS, Seat.Why.TIME)


def test_the_minutes_left_are_whole_and_never_below_zero(ada: Learner) -> None:
    seat = lent_seat(ada)
    assert seat.minutes_left(NOW + timedelta(seconds=1)) == 239
    assert seat.minutes_left(NOW + timedelta(hours=5)) == 0


def test_a_learner_has_one_place_in_the_queue(ada: Learner) -> None:
    SeatRequest.objects.create(instance=settings.INSTANCE, learner=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatRequest.objects.create(instance=settings.INSTANCE, learner=ada)
