"""Every door by which one comes in, or guesses a secret: a class behind one address goes through, a script does not."""

import secrets
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from playground.classroom.models import Classroom, Learner
from playground.curriculum.course import Course

pytestmark = pytest.mark.django_db

PASSWORD = "three whales at noon"
CLASS, SCRIPT = 30, 300


@pytest.fixture(autouse=True)
def _mail(settings: Settings, course: Course) -> None:
    settings.MAIL_IS_CONFIGURED = True


@pytest.fixture
def room() -> Classroom:
    return Classroom.objects.create(name="Monday", teacher=Learner.objects.create_user("tess"))


Knock = Callable[[Client, Classroom, int], int]


def with_a_name(browser: Client, room: Classroom, number: int) -> int:
    return browser.post("/join/", {"display_name": f"Learner {number}"}).status_code


def by_the_code(browser: Client, room: Classroom, number: int) -> int:
    return browser.post("/c/", {"code": room.code}).status_code


def by_the_link(browser: Client, room: Classroom, number: int) -> int:
    return browser.get(f"/c/{room.code}/").status_code


def by_the_link_with_a_name(browser: Client, room: Classroom, number: int) -> int:
    return browser.post(f"/c/{room.code}/", {"display_name": f"Learner {number}"}).status_code


def signing_in(browser: Client, room: Classroom, number: int) -> int:
    Learner.objects.get_or_create(username=f"learner{number}", password=f"md5$x${number}")
    return browser.post("/sign-in/", {"username": f"learner{number}", "password": PASSWORD}).status_code


def signing_in_at_the_admin(browser: Client, room: Classroom, number: int) -> int:
    return browser.post("/admin/login/", {"username": f"learner{number}", "password": PASSWORD}).status_code


def asking_for_a_mail(browser: Client, room: Classroom, number: int) -> int:
    return browser.post("/password/", {"email": f"learner{number}@school.example"}).status_code


def with_a_link_from_a_mail(browser: Client, room: Classroom, number: int) -> int:
    return browser.post(f"/password/MQ/{secrets.token_hex(8)}/", {}).status_code


DOORS: list[Knock] = [
    with_a_name,
    by_the_code,
    by_the_link,
    by_the_link_with_a_name,
    signing_in,
    signing_in_at_the_admin,
    asking_for_a_mail,
    with_a_link_from_a_mail,
]


def answers(knock: Knock, room: Classroom, count: int) -> Iterator[int]:
    return (knock(Client(), room, number) for number in range(count))


@pytest.mark.parametrize("knock", DOORS)
@pytest.mark.attack("joining without end")
def test_a_class_goes_through_each_door_and_three_hundred_do_not(knock: Knock, room: Classroom) -> None:
    came = list(answers(knock, room, SCRIPT))
    assert 429 not in came[:CLASS]
    assert came[-1] == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert knock(elsewhere, room, 0) != 429


def test_a_class_goes_through_all_of_them_in_one_hour(room: Classroom) -> None:
    """Each learner types the code, gives a name, signs in on a second device and has forgotten the password."""
    way: list[Knock] = [by_the_code, by_the_link, by_the_link_with_a_name, signing_in, asking_for_a_mail]
    came = [knock(Client(), room, number) for number in range(CLASS) for knock in way]
    assert 429 not in came
    assert room.memberships.count() == CLASS


@pytest.mark.attack("guessing a password")
def test_the_old_password_is_not_guessed_without_end_by_who_finds_a_browser_signed_in(room: Classroom) -> None:
    browser = Client()
    browser.force_login(Learner.objects.create_user("cleo", password=PASSWORD))
    form = {"new_password1": "a harbour at dawn", "new_password2": "a harbour at dawn"}
    came = [browser.post("/me/password/", {"old_password": f"{n}", **form}).status_code for n in range(125)]
    assert came[:100] == [200] * 100
    assert came[-1] == 429
