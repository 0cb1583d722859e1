"""How long a session lasts: from when it was last used, and without a write for each request."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from playground.sessions import RENEW_AFTER, RENEWED

pytestmark = pytest.mark.django_db


@pytest.fixture
def adas_browser() -> Client:
    client = Client()
    client.post("/join/", {"display_name": "Ada"})
    return client


def use_up(browser: Client, seconds: float) -> None:
    """As if the session had been renewed so long ago."""
    session = browser.session
    session[RENEWED] -= seconds
    session.save()
    ends_at = timezone.now() + timedelta(seconds=session.get_expiry_age() - seconds)
    Session.objects.update(expire_date=ends_at)


def days_left() -> float:
    return (Session.objects.get().expire_date - timezone.now()) / timedelta(days=1)


def test_a_guest_who_comes_back_is_known_for_another_half_year(adas_browser: Client) -> None:
    use_up(adas_browser, 179 * 24 * 3600)
    assert days_left() < 2
    answer = adas_browser.get("/me/")
    assert days_left() > 179
    assert answer.cookies["sessionid"]["max-age"] == 180 * 24 * 3600


def test_within_a_day_nothing_is_written(adas_browser: Client) -> None:
    use_up(adas_browser, RENEW_AFTER - 60)
    with CaptureQueriesContext(connection) as asked:
        answer = adas_browser.get("/me/")
    assert "sessionid" not in answer.cookies
    assert not [query for query in asked if not query["sql"].startswith("SELECT")]


def test_it_is_written_once_and_then_not_for_a_day(adas_browser: Client) -> None:
    use_up(adas_browser, RENEW_AFTER + 60)
    assert "sessionid" in adas_browser.get("/me/").cookies
    assert "sessionid" not in adas_browser.get("/me/").cookies


def test_a_session_that_nobody_used_for_half_a_year_is_over(adas_browser: Client) -> None:
    use_up(adas_browser, 181 * 24 * 3600)
    assert adas_browser.get("/me/").headers["Location"] == "/join/?next=/me/"


def test_a_stranger_gets_no_session(client: Client) -> None:
    assert "sessionid" not in client.get("/").cookies
    assert not Session.objects.exists()


def test_what_asks_for_nobody_reads_no_session(adas_browser: Client, settings: Settings) -> None:
    use_up(adas_browser, RENEW_AFTER + 60)
    with CaptureQueriesContext(connection) as asked:
        assert adas_browser.get("/healthz").content == b"ok"
    assert len(asked) == 0
