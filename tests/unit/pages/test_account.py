import re

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django import Settings

from playground.checks import progress
from playground.checks.models import StepPass, TimeSpent
from playground.classroom import guests, members
from playground.classroom.models import Classroom, Learner
from playground.curriculum.course import Course

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]

PASSWORD = "three whales at noon"
ACCOUNT = {"username": "ada.l", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def guest_browser(course: Course) -> Client:
    """Ada's, who has joined as a guest and done a step."""
    client = Client()
    client.post("/join/", {"display_name": "Ada"})
    progress.record(Learner.objects.get().pk, "hello", "run", [], step_passed=True)
    return client


@pytest.fixture
def cleo(db: None) -> Learner:
    return Learner.objects.create_user(
        username="Cleo", display_name="Cleo", password=PASSWORD, email="cleo@school.example"
    )


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> int:
    return client.post("/sign-in/", {"username": username, "password": password, **more}).status_code


def name_of(client: Client) -> str:
    """Who the browser is; "" for a stranger."""
    user = client.get("/").context["user"]
    return user.display_name if user.is_authenticated else ""


def test_a_guest_becomes_an_account_and_keeps_everything(guest_browser: Client) -> None:
    assert guest_browser.post("/me/account/", ACCOUNT).headers["Location"] == "/me/"
    ada = Learner.objects.get()
    assert (ada.username, ada.display_name, ada.is_guest) == ("ada.l", "Ada", False)
    assert b"ada.l" in guest_browser.get("/me/").content  # and this browser stays signed in

    elsewhere = Client()
    assert sign_in(elsewhere, "ADA.L") == 302  # in whatever case
    assert b"1 of 2 steps" in elsewhere.get("/lessons/").content


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"username": "cleo"}, b"already exists"),
        ({"username": ""}, b"required"),
        ({"username": "guest-0123456789abcdef"}, b"guests"),
        ({"username": "a b"}, b"valid username"),
        ({"password2": "something else"}, b"match"),
        ({"password1": "12345678", "password2": "12345678"}, b"common"),
        ({"password1": "Ada", "password2": "Ada"}, b"too short"),
    ],
)
def test_an_account_that_will_not_do_is_asked_for_again_with_the_reason(
    guest_browser: Client, cleo: Learner, wrong: dict[str, str], says: bytes
) -> None:
    answer = guest_browser.post("/me/account/", ACCOUNT | wrong)
    assert answer.status_code == 200
    assert says in answer.content
    assert b'role="alert"' in answer.content
    assert Learner.objects.get(display_name="Ada").is_guest


def test_who_has_an_account_cannot_make_another_of_it(client: Client, cleo: Learner) -> None:
    sign_in(client, "cleo")
    assert client.post("/me/account/", ACCOUNT).headers["Location"] == "/me/"
    assert Learner.objects.get().username == "Cleo"


def test_a_guest_who_signs_in_brings_along_what_they_did_when_they_ask_for_it(
    guest_browser: Client, cleo: Learner
) -> None:
    progress.record(cleo.pk, "hello", "run", [], step_passed=True)
    ada = Learner.objects.get(display_name="Ada")
    progress.record(ada.pk, "later", "run", [], step_passed=True)
    progress.spend(ada.pk, "later", 60)
    assert b"Bring along the 2 steps that Ada" in guest_browser.get("/sign-in/").content

    assert sign_in(guest_browser, "cleo", bring_along="on") == 302

    assert name_of(guest_browser) == "Cleo"
    assert not Learner.objects.filter(display_name="Ada").exists()
    assert StepPass.objects.filter(learner=cleo).count() == 2
    assert TimeSpent.objects.get(learner=cleo).seconds == 60


def test_a_guest_in_a_classroom_is_in_it_with_the_account_too(guest_browser: Client, cleo: Learner) -> None:
    monday = Classroom.objects.create(name="Monday", teacher=Learner.objects.create_user("tess"))
    guest_browser.post(f"/c/{monday.code}/")
    sign_in(guest_browser, "cleo", bring_along="on")
    assert members.people_of(monday) == [cleo]


def test_an_account_stays_in_the_classroom_that_it_is_in(guest_browser: Client, cleo: Learner) -> None:
    tess = Learner.objects.create_user("tess")
    monday, tuesday = (Classroom.objects.create(name=day, teacher=tess) for day in ("Monday", "Tuesday"))
    guest_browser.post(f"/c/{monday.code}/")
    members.join(cleo, tuesday)
    sign_in(guest_browser, "cleo", bring_along="on")
    assert members.classroom_of(cleo.pk) == tuesday


def test_a_browser_that_others_used_brings_nothing_along_unasked(guest_browser: Client, cleo: Learner) -> None:
    assert sign_in(guest_browser, "cleo") == 302
    assert not StepPass.objects.filter(learner=cleo).exists()
    assert Learner.objects.filter(display_name="Ada").exists()


def test_a_wrong_password_and_no_account_are_one_answer(client: Client, cleo: Learner) -> None:
    wrong = client.post("/sign-in/", {"username": "cleo", "password": "no"}).content
    nobody = client.post("/sign-in/", {"username": "nope", "password": "no"}).content
    alert = re.compile(rb'role="alert">[^<]*')
    assert alert.findall(wrong) == alert.findall(nobody) != []


@pytest.mark.attack("guessing a password")
def test_after_ten_wrong_passwords_an_account_is_shut_to_that_address_only(client: Client, cleo: Learner) -> None:
    names = ["cleo", "CLEO", "Cleo"]
    answers = [sign_in(client, names[number % 3], f"wrong {number}") for number in range(11)]
    assert answers[:9] == [200] * 9
    assert answers[-1] == 429
    assert sign_in(client, "cleo") == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert sign_in(elsewhere, "cleo") == 302


@pytest.mark.attack("guessing a password")
def test_the_admin_counts_wrong_passwords_too(client: Client, cleo: Learner) -> None:
    form = {"username": "cleo", "next": "/admin/"}
    answers = [client.post("/admin/login/", form | {"password": str(number)}).status_code for number in range(11)]
    assert answers[-1] == 429


@pytest.mark.attack("guessing a password")
def test_one_password_tried_on_many_accounts_ends_too(client: Client) -> None:
    answers = [sign_in(client, f"learner{number}", "password1") for number in range(125)]
    assert answers[:100] == [200] * 100
    assert answers[-1] == 429


def test_signing_in_goes_to_where_one_wanted_to_be_on_this_site_only(client: Client, cleo: Learner) -> None:
    form = {"username": "cleo", "password": PASSWORD}
    assert client.post("/sign-in/", form | {"next": "/lessons/hello/"}).headers["Location"] == "/lessons/hello/"
    client.logout()
    assert client.post("/sign-in/", form | {"next": "//evil.example"}).headers["Location"] == "/lessons/"


def test_a_password_is_changed_by_who_knows_the_old_one(client: Client, cleo: Learner) -> None:
    sign_in(client, "cleo")
    new = {"new_password1": "a harbour at dawn", "new_password2": "a harbour at dawn"}
    assert client.post("/me/password/", {"old_password": "wrong", **new}).status_code == 200
    assert client.post("/me/password/", {"old_password": PASSWORD, **new}).headers["Location"] == "/me/"
    assert name_of(client) == "Cleo"
    assert sign_in(Client(), "cleo", "a harbour at dawn") == 302


def test_a_guest_who_wants_to_change_a_password_is_shown_how_to_have_one(guest_browser: Client) -> None:
    assert guest_browser.get("/me/password/").headers["Location"] == "/me/account/"
    assert Client().get("/me/password/").headers["Location"] == "/join/?next=/me/password/"


def test_without_mail_nobody_is_offered_a_mail(client: Client, guest_browser: Client) -> None:
    assert client.get("/password/").status_code == 404
    assert b"Forgotten" not in client.get("/sign-in/").content
    assert b'name="email"' not in guest_browser.get("/me/account/").content


def test_a_forgotten_password_is_reset_by_mail(client: Client, cleo: Learner, settings: Settings) -> None:
    settings.MAIL_IS_CONFIGURED = True
    assert b"Forgotten" in client.get("/sign-in/").content
    assert client.post("/password/", {"email": "cleo@school.example"}).headers["Location"] == "/sign-in/"
    (letter,) = mail.outbox
    assert "“Cleo”" in letter.body
    (link,) = re.findall(r"http://testserver(/\S+)", str(letter.body))

    form = client.get(link).headers["Location"]
    new = {"new_password1": "a harbour at dawn", "new_password2": "a harbour at dawn"}
    assert client.post(form, new).headers["Location"] == "/sign-in/"
    assert sign_in(client, "cleo", "a harbour at dawn") == 302
    assert b"has been used" in Client().get(link).content


def test_who_was_shut_out_and_asks_for_a_mail_need_not_wait(client: Client, cleo: Learner, settings: Settings) -> None:
    settings.MAIL_IS_CONFIGURED = True
    for number in range(11):
        sign_in(client, "CLEO", f"wrong {number}")
    shut = client.post("/sign-in/", {"username": "cleo", "password": PASSWORD})
    assert shut.status_code == 429
    assert b'href="/password/"' in shut.content
    client.post("/password/", {"email": "cleo@school.example"})
    (link,) = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    new = {"new_password1": "a harbour at dawn", "new_password2": "a harbour at dawn"}
    client.post(client.get(link).headers["Location"], new)
    assert sign_in(client, "cleo", "a harbour at dawn") == 302


@pytest.mark.attack("mail without end")
def test_no_address_tells_whether_it_has_an_account_nor_sends_without_end(
    client: Client, cleo: Learner, settings: Settings
) -> None:
    settings.MAIL_IS_CONFIGURED = True
    known = client.post("/password/", {"email": "cleo@school.example"})
    unknown = client.post("/password/", {"email": "nobody@school.example"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert len(mail.outbox) == 1
    assert [client.post("/password/", {"email": "x@y.example"}).status_code for _ in range(125)][-1] == 429


def test_a_guest_has_no_password_to_sign_in_with(client: Client, rf: RequestFactory) -> None:
    request = rf.post("/join/")
    request.session = client.session
    ada = guests.join(request, "Ada")
    assert authenticate(rf.post("/sign-in/"), username=ada.username, password="") is None
    cache.clear()
