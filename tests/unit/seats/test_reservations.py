"""Reserving seats for a party, as a page does it."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from playground.classroom.models import Learner
from playground.seats import books, reservations
from playground.seats.models import Reservation, Seat
from playground.seats.parties import NOBODYS, Parties
from playground.seats.reservations import Stand, TooMany

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = 7, 8


def open_house(capacity: int) -> None:
    books.open_house(settings.INSTANCE, capacity, timezone.now())


def kept() -> dict[int, tuple[int, int]]:
    return {party: (seats, warm) for party, seats, warm in Reservation.objects.values_list("party", "seats", "warm")}


def test_how_many_fit_is_known_once_a_desk_has_started_here() -> None:
    assert reservations.fits() is None
    books.open_house("other", 5, timezone.now())
    assert reservations.fits() is None
    open_house(30)
    open_house(187)
    assert reservations.fits() == 187


def test_before_that_nothing_can_be_kept() -> None:
    with pytest.raises(TooMany) as refused:
        reservations.reserve(MONDAY, 1)
    assert refused.value.left is None
    reservations.reserve(MONDAY, 0)
    assert kept() == {}


def test_no_more_is_kept_than_fits_beside_what_is_kept_for_others() -> None:
    open_house(40)
    reservations.reserve(MONDAY, 30)
    with pytest.raises(TooMany) as refused:
        reservations.reserve(TUESDAY, 11)
    assert refused.value.left == 10
    reservations.reserve(TUESDAY, 10)
    assert (reservations.reserved(), reservations.reserved(besides=MONDAY)) == (40, 10)


def test_what_is_kept_can_be_changed_and_let_go() -> None:
    open_house(40)
    reservations.reserve(MONDAY, 30)
    reservations.warm(MONDAY, up=True)
    assert kept() == {MONDAY: (30, 30)}
    reservations.reserve(MONDAY, 12)
    assert kept() == {MONDAY: (12, 12)}
    reservations.reserve(MONDAY, 40)
    assert kept() == {MONDAY: (40, 12)}
    reservations.warm(MONDAY, up=False)
    assert kept() == {MONDAY: (40, 0)}
    reservations.reserve(MONDAY, 0)
    assert kept() == {}


def test_nothing_is_warmed_where_nothing_is_kept() -> None:
    reservations.warm(MONDAY, up=True)
    assert kept() == {}


@pytest.mark.parametrize(
    "values", [{"seats": 0}, {"seats": 2, "warm": 3}], ids=["of no seats", "with more warm than seats"]
)
def test_the_database_refuses_a_reservation_that_makes_no_sense(values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.create(instance=settings.INSTANCE, party=MONDAY, **values)


def test_a_party_has_one_reservation() -> None:
    Reservation.objects.create(instance=settings.INSTANCE, party=MONDAY, seats=1)
    Reservation.objects.create(instance="other", party=MONDAY, seats=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.create(instance=settings.INSTANCE, party=MONDAY, seats=1)


def test_the_stand_of_a_party_is_what_its_people_have_and_what_waits_for_them() -> None:
    ada, ben, cleo = (Learner.objects.create_user(name) for name in ("ada", "ben", "cleo"))

    def of(learners: Collection[int]) -> dict[int, int]:
        return dict.fromkeys({ada.pk, ben.pk}.intersection(learners), MONDAY)

    now = timezone.now()
    open_house(6)
    assert reservations.stand(MONDAY, Parties(of)) is None
    reservations.reserve(MONDAY, 5)
    reservations.warm(MONDAY, up=True)
    for holder in (ada, cleo):
        Seat.objects.create(
            instance=settings.INSTANCE, state=Seat.State.LENT, learner=holder, lent_at=now, seen_at=now, ends_at=now
        )
    Seat.objects.create(instance=settings.INSTANCE, state=Seat.State.WARM)
    stand = reservations.stand(MONDAY, Parties(of))
    assert stand == Stand(seats=5, warm=5, held=1, ready=1, missing=0)
    assert (stand.at_once, stand.wanted, stand.is_warming) == (2, 5, True)
    open_house(5)
    assert reservations.stand(MONDAY, Parties(of)) == Stand(seats=5, warm=5, held=1, ready=1, missing=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_teachers_who_keep_the_last_seats_at_the_same_moment_one_has_them() -> None:
    open_house(30)
    both = Barrier(2)

    def keep(party: int) -> bool:
        try:
            both.wait()
            reservations.reserve(party, 20)
        except TooMany:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as teachers:
        assert sorted(teachers.map(keep, (MONDAY, TUESDAY))) == [False, True]
    assert reservations.reserved() == 20


def test_a_desk_that_knows_no_parties_keeps_what_is_kept() -> None:
    open_house(30)
    reservations.reserve(MONDAY, 20)
    books.release_gone(settings.INSTANCE, NOBODYS)
    assert reservations.reserved() == 20
