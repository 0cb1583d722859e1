import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client

from playground.classroom.models import Learner
from playground.seats.models import Reservation, Seat, SeatRequest
from tests.unit.pages.conftest import lend

pytestmark = pytest.mark.django_db


@pytest.fixture
def admins_browser() -> Client:
    client = Client()
    client.force_login(Learner.objects.create_superuser("root", password="three whales at noon"))
    return client


@pytest.fixture
def adas_seat(ada: Learner) -> Seat:
    return lend(ada)


def test_an_operator_sees_who_has_which_seat_and_since_when(admins_browser: Client, adas_seat: Seat) -> None:
    page = admins_browser.get("/admin/seats/seat/", {"q": "Ada", "state__exact": "lent"}).content.decode()
    assert adas_seat.id in page
    assert "1 seat" in page
    assert admins_browser.get(f"/admin/seats/seat/{adas_seat.id}/change/").status_code == 200


def test_an_operator_ends_a_seat(admins_browser: Client, adas_seat: Seat) -> None:
    form = {"action": "end_seats", "_selected_action": [adas_seat.id]}
    page = admins_browser.post("/admin/seats/seat/", form, follow=True).content.decode()
    assert "1 seat ends now." in page
    adas_seat.refresh_from_db()
    assert (adas_seat.state, adas_seat.ended_why) == (Seat.State.ENDING, Seat.Why.OPERATOR)


def test_no_seat_is_made_or_changed_by_hand(admins_browser: Client, adas_seat: Seat) -> None:
    assert admins_browser.get("/admin/seats/seat/add/").status_code == 403
    assert admins_browser.post(f"/admin/seats/seat/{adas_seat.id}/change/", {"state": "ended"}).status_code == 403
    assert admins_browser.post(f"/admin/seats/seat/{adas_seat.id}/delete/", {"post": "yes"}).status_code == 403


def test_somebody_who_only_looks_ends_no_seat(ada: Learner, adas_seat: Seat) -> None:
    looks = Client()
    ada.is_staff = True
    ada.save()
    ada.user_permissions.add(Permission.objects.get(codename="view_seat"))
    looks.force_login(ada)
    assert looks.get("/admin/seats/seat/").status_code == 200
    looks.post("/admin/seats/seat/", {"action": "end_seats", "_selected_action": [adas_seat.id]})
    adas_seat.refresh_from_db()
    assert adas_seat.state == Seat.State.LENT


def test_an_operator_sees_the_queue_and_takes_somebody_out(admins_browser: Client, ada: Learner) -> None:
    place = SeatRequest.objects.create(instance=settings.INSTANCE, learner=ada)
    assert b"Ada" in admins_browser.get("/admin/seats/seatrequest/").content
    admins_browser.post(f"/admin/seats/seatrequest/{place.pk}/delete/", {"post": "yes"})
    assert not SeatRequest.objects.exists()


def test_an_operator_sees_what_is_kept_and_frees_it_but_changes_no_number(admins_browser: Client) -> None:
    kept = Reservation.objects.create(instance=settings.INSTANCE, party=4711, seats=30)
    assert b"4711" in admins_browser.get("/admin/seats/reservation/").content
    assert admins_browser.post(f"/admin/seats/reservation/{kept.pk}/change/", {"seats": 1}).status_code == 403
    admins_browser.post(f"/admin/seats/reservation/{kept.pk}/delete/", {"post": "yes"})
    assert not Reservation.objects.exists()


def test_guests_and_accounts_can_be_told_apart(admins_browser: Client, client: Client) -> None:
    Learner.objects.create_user("cleo", display_name="Cleo")
    client.post("/join/", {"display_name": "Gustav"})
    learners = "/admin/classroom/learner/"
    guests = admins_browser.get(learners, {"kind": "guest"}).content
    accounts = admins_browser.get(learners, {"kind": "account"}).content
    assert b"Gustav" in guests
    assert b"Gustav" not in accounts
    assert b">Cleo<" in accounts
