"""A classroom's seats: how many fit, how many are kept, and how its teacher has them started before class."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.classroom.teachers import appoint
from playground.seats import books, reservations
from playground.seats.models import Reservation, Seat
from tests.unit.pages.conftest import lend

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]

LESSONS = ["hello", "later"]


@pytest.fixture
def tess(db: None) -> Learner:
    tess = Learner.objects.create_user("tess", display_name="Tess")
    appoint(tess)
    return tess


@pytest.fixture
def tess_browser(tess: Learner) -> Client:
    client = Client()
    client.force_login(tess)
    return client


@pytest.fixture
def _house(db: None) -> None:
    """Forty seats fit; ten are kept for another class."""
    books.open_house(settings.INSTANCE, 40, timezone.now())
    reservations.reserve(999_999, 10)


def make(browser: Client, seats: object) -> str:
    """The page that comes of it."""
    return browser.post("/classrooms/new/", {"name": "Monday", "lessons": LESSONS, "seats": seats}).content.decode()


def kept() -> list[tuple[int, int]]:
    """Seats and warm seats, of all but the other class."""
    return list(Reservation.objects.exclude(party=999_999).values_list("seats", "warm"))


def seats_part(browser: Client) -> str:
    """Its words alone."""
    html = browser.get(f"/classrooms/{Classroom.objects.get().pk}/seats/").content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.usefixtures("_house")
def test_the_form_says_how_many_fit_and_how_many_are_kept_for_others(tess_browser: Client) -> None:
    assert (
        "This machine fits 40 seats; 10 are kept for others." in tess_browser.get("/classrooms/new/").content.decode()
    )
    make(tess_browser, 30)
    page = tess_browser.get(f"/classrooms/{Classroom.objects.get().pk}/edit/").content.decode()
    assert "This machine fits 40 seats; 10 are kept for others." in page
    assert 'value="30"' in page


def test_before_the_engine_has_answered_the_form_says_that_nobody_knows(tess_browser: Client) -> None:
    assert "known once its engine has answered" in tess_browser.get("/classrooms/new/").content.decode()
    assert "is not known yet" in make(tess_browser, 1)
    assert not Classroom.objects.exists()
    make(tess_browser, 0)
    assert Classroom.objects.get().seats == 0


@pytest.mark.usefixtures("_house")
def test_a_new_classroom_has_its_seats_at_once(tess_browser: Client) -> None:
    make(tess_browser, 30)
    assert kept() == [(30, 0)]


@pytest.mark.usefixtures("_house")
@pytest.mark.parametrize(
    ("seats", "why"),
    [
        (31, "Only 30 seats of this machine are left"),
        (-1, "greater than or equal to 0"),
        (10**9, "less than or equal to"),
        ("many", "whole number"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_made(tess_browser: Client, seats: object, why: str) -> None:
    page = make(tess_browser, seats)
    assert why in page
    assert 'value="Monday"' in page
    assert not Classroom.objects.exists()
    assert kept() == []


@pytest.mark.usefixtures("_house")
def test_no_seats_at_all_are_a_choice(tess_browser: Client) -> None:
    make(tess_browser, "")
    assert (Classroom.objects.get().seats, kept()) == (0, [])
    assert "No seats are kept for this class: it takes what is free." in seats_part(tess_browser)


@pytest.mark.usefixtures("_house")
def test_changing_the_number_changes_what_is_kept(tess_browser: Client) -> None:
    make(tess_browser, 30)
    edit = f"/classrooms/{Classroom.objects.get().pk}/edit/"
    for seats in (12, 31):
        tess_browser.post(edit, {"name": "Tuesday", "lessons": LESSONS, "seats": seats})
    assert kept() == [(12, 0)]
    assert Classroom.objects.get().seats == 12
    tess_browser.post(edit, {"name": "Tuesday", "lessons": LESSONS, "seats": 0})
    assert kept() == []


@pytest.mark.usefixtures("_house")
def test_closing_and_deleting_let_the_seats_go_and_opening_takes_them_again(tess_browser: Client) -> None:
    make(tess_browser, 30)
    classroom = Classroom.objects.get()
    tess_browser.post(f"/classrooms/{classroom.pk}/open/")
    assert kept() == []
    assert seats_part(tess_browser) == ""
    tess_browser.post(f"/classrooms/{classroom.pk}/open/", {"open": "yes"})
    assert kept() == [(30, 0)]
    tess_browser.post(f"/classrooms/{classroom.pk}/delete/")
    assert kept() == []


@pytest.mark.usefixtures("_house")
def test_a_classroom_whose_seats_others_have_meanwhile_stays_closed_and_says_why(tess_browser: Client) -> None:
    make(tess_browser, 30)
    classroom = Classroom.objects.get()
    tess_browser.post(f"/classrooms/{classroom.pk}/open/")
    reservations.reserve(999_998, 20)
    page = tess_browser.post(f"/classrooms/{classroom.pk}/open/", {"open": "yes"}, follow=True).content.decode()
    assert "Only 10 seats of this machine are left" in page
    classroom.refresh_from_db()
    assert not classroom.is_open
    assert Reservation.objects.filter(party=classroom.pk).count() == 0


@pytest.mark.usefixtures("_house")
def test_a_teacher_has_the_seats_started_sees_them_come_and_lets_them_go(tess_browser: Client, ada: Learner) -> None:
    make(tess_browser, 30)
    classroom = Classroom.objects.get()
    warm = f"/classrooms/{classroom.pk}/warm/"
    assert (
        "30 seats kept for this class Get 30 seats ready This machine fits 40 seats; 10 are kept for others."
        in seats_part(tess_browser)
    )

    tess_browser.post(warm, {"up": "yes"})
    assert kept() == [(30, 30)]
    members.join(ada, classroom)
    lend(ada)
    Seat.objects.bulk_create(Seat(instance=settings.INSTANCE, state=Seat.State.WARM) for _ in range(11))
    assert "12 of 30 seats ready Let them go 1 is in use." in seats_part(tess_browser)
    assert b"data-warming" in tess_browser.get(f"/classrooms/{classroom.pk}/").content

    Seat.objects.bulk_create(Seat(instance=settings.INSTANCE, state=Seat.State.WARM) for _ in range(20))
    assert seats_part(tess_browser).startswith("30 seats ready")
    tess_browser.post(warm)
    assert kept() == [(30, 0)]


@pytest.mark.usefixtures("_house")
def test_a_teacher_is_told_how_many_seats_others_hold(tess_browser: Client, ben: Learner) -> None:
    """Thirty are the class's and ten another's: what anybody else has is one of those."""
    make(tess_browser, 30)
    lend(ben)
    assert "1 of them cannot be had yet" in seats_part(tess_browser)


@pytest.mark.usefixtures("_house")
def test_a_teacher_is_told_that_seats_cannot_be_started_until_one_could(tess_browser: Client) -> None:
    make(tess_browser, 30)
    failed = {"state": Seat.State.ENDED, "ended_why": Seat.Why.FAILED, "ended_at": timezone.now()}
    Seat.objects.create(instance=settings.INSTANCE, **failed)
    assert "cannot be started" not in seats_part(tess_browser)  # nobody waits for any
    tess_browser.post(f"/classrooms/{Classroom.objects.get().pk}/warm/", {"up": "yes"})
    Seat.objects.create(instance=settings.INSTANCE)
    assert "Seats cannot be started just now;" in seats_part(tess_browser)
    Seat.objects.create(instance=settings.INSTANCE, state=Seat.State.WARM)
    assert "1 of 30 seats ready" in seats_part(tess_browser)
    assert "cannot be started" not in seats_part(tess_browser)


@pytest.mark.usefixtures("_house")
@pytest.mark.attack("seats that are kept for a class")
@pytest.mark.parametrize("way", ["leaves", "joins another", "joins again"])
def test_who_leaves_a_class_leaves_its_seat(adas_browser: Client, ada: Learner, tess: Learner, way: str) -> None:
    monday, tuesday = (Classroom.objects.create(name=name, teacher=tess, seats=2) for name in ("Monday", "Tuesday"))
    members.join(ada, monday)
    seat = lend(ada)
    to = {"leaves": "/me/classroom/leave/", "joins another": f"/c/{tuesday.code}/", "joins again": f"/c/{monday.code}/"}
    adas_browser.post(to[way])
    seat.refresh_from_db()
    assert (seat.state == Seat.State.LENT) == (way == "joins again")


def test_who_leaves_a_class_without_seats_of_its_own_keeps_theirs(
    adas_browser: Client, ada: Learner, tess: Learner
) -> None:
    members.join(ada, Classroom.objects.create(name="Monday", teacher=tess))
    seat = lend(ada)
    adas_browser.post("/me/classroom/leave/")
    seat.refresh_from_db()
    assert seat.state == Seat.State.LENT


@pytest.mark.usefixtures("_house")
def test_classes_are_who_the_desk_is_told_they_are(tess: Learner, ada: Learner, ben: Learner) -> None:
    monday, tuesday = (Classroom.objects.create(name=name, teacher=tess) for name in ("Monday", "Tuesday"))
    members.join(ada, monday)
    members.join(ben, tuesday)
    assert members.classrooms_of([ada.pk, ben.pk, tess.pk]) == {ada.pk: monday.pk, ben.pk: tuesday.pk}
    members.leave(ada)
    members.close(tuesday)
    assert members.classrooms_of([ada.pk, ben.pk]) == {}
    assert members.still_open([monday.pk, tuesday.pk, 999_999]) == {monday.pk}
