"""Lending as rows have it: what is kept for a party is its own, whoever asks first."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from playground.classroom.models import Learner
from playground.seats import books
from playground.seats.models import Reservation, Seat, SeatRequest
from playground.seats.parties import Parties
from playground.seats.rules import Rules

pytestmark = pytest.mark.django_db

MONDAY = 7
RULES = replace(Rules.from_settings(), instance="books")


@pytest.fixture
def cast() -> dict[str, Learner]:
    return {name: Learner.objects.create_user(name) for name in ("ada", "ben", "cleo", "dora")}


@pytest.fixture
def parties(cast: dict[str, Learner]) -> Parties:
    """Ada and Ben are of Monday's class."""
    mondays = {cast["ada"].pk, cast["ben"].pk}

    def of(learners: Collection[int]) -> dict[int, int]:
        return dict.fromkeys(mondays.intersection(learners), MONDAY)

    return Parties(of)


def reserve(seats: int, warm: int = 0) -> Reservation:
    return Reservation.objects.create(instance=RULES.instance, party=MONDAY, seats=seats, warm=warm)


def warm_seats(count: int) -> None:
    Seat.objects.bulk_create(Seat(instance=RULES.instance, state=Seat.State.WARM) for _ in range(count))


def find(learner: Learner, parties: Parties, capacity: int = 3, *, in_turn: bool = False) -> str:
    """What the learner gets: `lent`, `starting`, or a place in the queue."""
    seat = books.find(RULES, learner.pk, timezone.now(), capacity, parties, in_turn=in_turn)
    if seat is None:
        books.join_queue(RULES.instance, learner.pk, timezone.now())
        return "queue"
    assert seat.learner_id == learner.pk
    return seat.state


@pytest.mark.attack("seats that are kept for a class")
def test_a_stranger_has_what_is_not_kept_and_a_learner_of_the_party_what_is(
    cast: dict[str, Learner], parties: Parties
) -> None:
    reserve(2)
    got = {name: find(cast[name], parties) for name in ("cleo", "dora", "ada", "ben")}
    assert got == {"cleo": "starting", "dora": "queue", "ada": "starting", "ben": "starting"}


def test_a_party_has_no_more_than_its_own_though_the_machine_has(cast: dict[str, Learner], parties: Parties) -> None:
    reserve(1)
    got = {name: find(cast[name], parties) for name in ("ada", "ben", "cleo", "dora")}
    assert got == {"ada": "starting", "ben": "queue", "cleo": "starting", "dora": "starting"}


def test_a_stranger_leaves_the_warm_seats_that_the_party_has_asked_for(
    cast: dict[str, Learner], parties: Parties
) -> None:
    reserve(2, warm=2)
    warm_seats(2)
    assert [find(cast[name], parties) for name in ("cleo", "ada", "ben")] == ["starting", "lent", "lent"]


def test_nobody_passes_those_who_wait_for_the_same(cast: dict[str, Learner], parties: Parties) -> None:
    books.join_queue(RULES.instance, cast["dora"].pk, timezone.now())
    assert find(cast["cleo"], parties, capacity=1) == "queue"
    assert find(cast["dora"], parties, capacity=1) == "starting"
    assert find(cast["cleo"], parties, capacity=2) == "starting"  # there is one for each of them


def test_who_gets_a_seat_is_in_the_queue_no_more(cast: dict[str, Learner], parties: Parties) -> None:
    books.join_queue(RULES.instance, cast["dora"].pk, timezone.now())
    warm_seats(1)
    assert find(cast["dora"], parties, in_turn=True) == "lent"
    assert not SeatRequest.objects.exists()


def test_a_seat_that_was_started_for_somebody_who_has_one_meanwhile_is_nobodys(
    cast: dict[str, Learner], parties: Parties
) -> None:
    assert find(cast["ada"], parties) == "starting"
    starting = Seat.objects.get()
    warm_seats(1)
    other = Seat.objects.exclude(id=starting.id).get()
    assert Seat.objects.claim(other.id, cast["ada"].pk, timezone.now(), RULES.lifetime)
    assert books.hand_over(starting.id, cast["ada"].pk, timezone.now(), RULES.lifetime) == other
    starting.refresh_from_db()
    assert (starting.state, starting.learner) == (Seat.State.WARM, None)


def test_surplus_seats_end_the_newest_first_and_none_that_somebody_has(
    cast: dict[str, Learner], parties: Parties
) -> None:
    for _ in range(3):
        warm_seats(1)
    oldest, middle, newest = Seat.objects.order_by("created_at")
    assert Seat.objects.claim(newest.id, cast["ada"].pk, timezone.now(), RULES.lifetime)
    assert books.let_go(RULES.instance, 1) == 1
    states = [Seat.objects.get(id=seat.id).state for seat in (oldest, middle, newest)]
    assert states == ["warm", "ending", "lent"]
    assert Seat.objects.get(id=middle.id).ended_why == Seat.Why.UNUSED


def test_nothing_stays_kept_for_a_party_that_is_gone() -> None:
    reserve(2)
    Reservation.objects.create(instance=RULES.instance, party=MONDAY + 1, seats=1)
    Reservation.objects.create(instance="other", party=MONDAY, seats=1)
    assert books.release_gone(RULES.instance, Parties(still=lambda parties: {MONDAY + 1})) == 1
    assert set(Reservation.objects.values_list("instance", "party")) == {("books", MONDAY + 1), ("other", MONDAY)}


def test_lending_asks_no_more_for_a_full_house_than_for_an_empty_one(
    cast: dict[str, Learner], parties: Parties
) -> None:
    asked = []
    reserve(3)
    for count, name in ((1, "ada"), (20, "ben")):
        warm_seats(count)
        with CaptureQueriesContext(connection) as queries:
            assert find(cast[name], parties, capacity=200) == "lent"
        asked.append(len([query for query in queries if query["sql"].startswith(("SELECT", "UPDATE", "INSERT"))]))
    assert asked == [5, 5]  # seats, queue and reservations; claimed, read


@pytest.mark.django_db(transaction=True)
def test_of_two_strangers_who_ask_at_the_same_moment_one_gets_the_seat_that_is_left(
    cast: dict[str, Learner], parties: Parties
) -> None:
    """Each as a desk of its own would."""
    reserve(2)
    both = Barrier(2)

    def ask(learner: Learner) -> Seat | None:
        try:
            both.wait()
            return books.find(RULES, learner.pk, timezone.now(), 3, parties, in_turn=False)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as desks:
        got = list(desks.map(ask, (cast["cleo"], cast["dora"])))
    assert len([seat for seat in got if seat]) == 1
    assert Seat.objects.count() == 1
