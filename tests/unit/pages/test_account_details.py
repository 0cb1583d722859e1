"""The username and the email address of an account, changed later."""

import logging
import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from playground.classroom.models import Learner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]

PASSWORD = "three whales at noon"
PATH = "/me/account/details/"
OLD, NEW = "ada@school.example", "ada@home.example"
FORM = {"username": "ada.l", "email": NEW, "password": PASSWORD}
ALERT = re.compile(rb'role="alert">.*?</div>', re.DOTALL)


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.MAIL_IS_CONFIGURED = True


@pytest.fixture
def ada(db: None) -> Learner:
    return Learner.objects.create_user("ada.l", OLD, PASSWORD, display_name="Ada")


@pytest.fixture
def cleo(db: None) -> Learner:
    return Learner.objects.create_user("Cleo", "cleo@school.example", PASSWORD, display_name="Cleo")


def test_an_address_is_changed_and_the_one_before_is_told_without_the_new_one(
    adas_browser: Client, ada: Learner
) -> None:
    assert adas_browser.post(PATH, FORM).headers["Location"] == "/me/"
    ada.refresh_from_db()
    assert ada.email == NEW
    page = adas_browser.get("/me/").content.decode()
    assert "Your account has been changed" in page
    assert NEW in page
    (letter,) = mail.outbox
    assert letter.to == [OLD]
    assert "“ada.l”" in letter.body
    assert NEW not in f"{letter.subject}{letter.body}"


def test_an_address_can_be_taken_away_and_given_again_and_nobody_is_told_of_none(
    adas_browser: Client, ada: Learner
) -> None:
    adas_browser.post(PATH, FORM | {"email": ""})
    assert [letter.to for letter in mail.outbox] == [[OLD]]
    adas_browser.post(PATH, FORM)
    ada.refresh_from_db()
    assert ada.email == NEW
    assert len(mail.outbox) == 1


def test_a_username_is_changed_and_one_signs_in_with_it(adas_browser: Client) -> None:
    adas_browser.post(PATH, FORM | {"username": "countess", "email": OLD})
    assert not mail.outbox
    assert b"countess" in adas_browser.get("/me/").content  # and this browser stays signed in
    assert Client().post("/sign-in/", {"username": "countess", "password": PASSWORD}).status_code == 302
    assert Client().post("/sign-in/", {"username": "ada.l", "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"password": "guessed"}, b"not your password"),
        ({"password": ""}, b"required"),
        ({"email": "no-address"}, b"valid email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, b"valid email"),
        ({"username": "cLEO"}, b"taken"),
        ({"username": "guest-0123"}, b"are for guests"),
        ({"username": "a b"}, b"valid username"),
        ({"username": ""}, b"required"),
    ],
)
def test_what_will_not_do_is_asked_for_again_with_what_was_typed_and_the_reason(
    adas_browser: Client, ada: Learner, cleo: Learner, wrong: dict[str, str], says: bytes
) -> None:
    answer = adas_browser.post(PATH, FORM | wrong)
    assert answer.status_code == 200
    assert says in b"".join(ALERT.findall(answer.content))
    typed = answer.context["form"]
    assert (typed["username"].value(), typed["email"].value()) == tuple(
        (FORM | wrong)[name] for name in ("username", "email")
    )
    assert PASSWORD.encode() not in answer.content
    assert "bar__name" in answer.content.decode()
    ada.refresh_from_db()
    assert (ada.username, ada.email) == ("ada.l", OLD)
    assert not mail.outbox


def test_ones_own_username_may_be_written_in_another_case(adas_browser: Client, ada: Learner) -> None:
    adas_browser.post(PATH, FORM | {"username": "Ada.L"})
    ada.refresh_from_db()
    assert ada.username == "Ada.L"


@pytest.mark.attack("mail without end")
def test_no_address_tells_that_it_is_anothers_and_no_mail_is_sent_without_end(
    adas_browser: Client, ada: Learner, cleo: Learner
) -> None:
    anothers = adas_browser.post(PATH, FORM | {"email": "cleo@school.example"})
    nobodys = adas_browser.post(PATH, FORM | {"email": "nobody@school.example"})
    assert (anothers.status_code, anothers.headers["Location"]) == (nobodys.status_code, nobodys.headers["Location"])
    assert [letter.to for letter in mail.outbox] == [[OLD], ["cleo@school.example"]]
    came = [adas_browser.post(PATH, FORM | {"email": f"{n}@y.example"}).status_code for n in range(125)]
    assert 429 not in came[:30]
    assert came[-1] == 429
    assert len(mail.outbox) < 125


@pytest.mark.attack("guessing a password")
def test_the_password_is_not_guessed_here_either(adas_browser: Client, ada: Learner) -> None:
    came = [adas_browser.post(PATH, FORM | {"password": f"{n}", "username": f"x{n}"}).status_code for n in range(11)]
    assert came[:9] == [200] * 9
    assert came[-1] == 429
    assert adas_browser.post(PATH, FORM).status_code == 429
    assert Client().post("/sign-in/", {"username": "ada.l", "password": PASSWORD}).status_code == 429
    ada.refresh_from_db()
    assert ada.email == OLD


def test_a_guest_is_shown_how_to_have_an_account(client: Client) -> None:
    client.post("/join/", {"display_name": "Ben"})
    assert client.get(PATH).headers["Location"] == "/me/account/"
    assert Client().get(PATH).headers["Location"] == f"/join/?next={PATH}"


def test_without_mail_an_address_is_no_matter_but_one_that_is_there_can_go(
    adas_browser: Client, ada: Learner, settings: Settings
) -> None:
    settings.MAIL_IS_CONFIGURED = False
    assert b"sends no email" in adas_browser.get(PATH).content
    adas_browser.post(PATH, FORM | {"email": ""})
    ada.refresh_from_db()
    assert ada.email == ""
    assert b'name="email"' not in adas_browser.get(PATH).content
    assert b"email" not in adas_browser.get("/me/").content
    assert not mail.outbox


def test_a_mail_server_that_is_away_is_no_error_for_who_changes_an_address(
    adas_browser: Client, ada: Learner, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with caplog.at_level(logging.ERROR):
        assert adas_browser.post(PATH, FORM).headers["Location"] == "/me/"
    assert "was not told of another address: ConnectionRefusedError" in caplog.text
    assert OLD not in caplog.text


def test_a_link_to_a_new_password_that_was_sent_to_the_old_address_works_no_more(
    adas_browser: Client, ada: Learner
) -> None:
    Client().post("/password/", {"email": OLD})
    (link,) = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    adas_browser.post(PATH, FORM)
    assert b"has been used" in Client().get(link).content
