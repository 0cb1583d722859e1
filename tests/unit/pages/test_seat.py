import pytest
from django.test import Client

from playground.classroom.models import Learner
from playground.seats.models import Seat
from tests.unit.pages.conftest import lend

pytestmark = pytest.mark.django_db

JSON = {"accept": "application/json"}


def test_the_page_is_told_how_long_the_seat_is_there_now(adas_browser: Client, ada: Learner) -> None:
    seat = lend(ada)
    response = adas_browser.post("/seat/extend/", headers=JSON)
    before, seat_now = seat.ends_at, Seat.objects.get()
    assert before is not None
    assert seat_now.ends_at is not None
    assert seat_now.ends_at > before
    assert response.json() == {"ends_at": seat_now.ends_at.isoformat()}


def test_a_seat_that_is_gone_cannot_be_extended_and_the_learner_hears_what_to_do(adas_browser: Client) -> None:
    response = adas_browser.post("/seat/extend/", headers=JSON)
    assert response.status_code == 409
    assert "Open a lesson" in response.json()["error"]


def test_a_learner_ends_their_own_seat_and_nobody_elses(adas_browser: Client, ada: Learner, ben: Learner) -> None:
    adas, bens = lend(ada), lend(ben)
    adas_browser.post("/seat/end/", headers=JSON)
    adas.refresh_from_db()
    bens.refresh_from_db()
    assert (adas.state, bens.state) == (Seat.State.ENDING, Seat.State.LENT)


def test_a_form_goes_back_to_its_page(adas_browser: Client, ada: Learner) -> None:
    lend(ada)
    response = adas_browser.post("/seat/end/", {"next": "/lessons/hello/"})
    assert response.headers["Location"] == "/lessons/hello/"


@pytest.mark.parametrize("path", ["/seat/extend/", "/seat/end/"])
def test_looking_at_the_address_does_nothing(adas_browser: Client, path: str) -> None:
    assert adas_browser.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/seat/extend/", "/seat/end/"])
def test_a_stranger_has_no_seat(client: Client, path: str) -> None:
    assert client.post(path, headers=JSON).status_code == 401
    assert client.post(path).headers["Location"] == "/join/"


@pytest.mark.parametrize("path", ["/seat/extend/", "/seat/end/", "/me/leave/", "/me/delete/"])
def test_another_site_cannot_do_it_in_the_learners_name(ada: Learner, path: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert browser.post(path).status_code == 403
