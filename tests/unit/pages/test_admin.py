import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.classroom.teachers import appoint, is_teacher
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


CLASSROOMS = "/admin/classroom/classroom/"
LEARNERS = "/admin/classroom/learner/"


@pytest.fixture
def tess(db: None) -> Learner:
    tess = Learner.objects.create_user("tess", display_name="Tess")
    appoint(tess)
    return tess


@pytest.fixture
def monday(tess: Learner, ada: Learner, ben: Learner) -> Classroom:
    """With Ada in it; Ben has left."""
    monday = Classroom.objects.create(name="Monday", teacher=tess)
    for learner in (ada, ben):
        members.join(learner, monday)
    members.leave(ben)
    return monday


def told(browser: Client, page: str, action: str, *chosen: object) -> str:
    """What the page says after the action."""
    form = {"action": action, "_selected_action": [str(one) for one in chosen]}
    return browser.post(page, form, follow=True).content.decode()


def test_an_operator_finds_classrooms_and_who_is_in_them(
    admins_browser: Client, monday: Classroom, tess: Learner
) -> None:
    Classroom.objects.create(name="Tuesday", teacher=tess, is_open=False)
    Classroom.objects.filter(pk=monday.pk).update(seats=17)
    page = admins_browser.get(CLASSROOMS, {"q": monday.code, "is_open__exact": "1"}).content.decode()
    assert "1 classroom" in page
    assert monday.shown_code in page
    assert '<td class="field-seats">17</td>' in page
    assert f'/admin/classroom/membership/?classroom__id__exact={monday.pk}">1</a>' in page
    assert "Tuesday" not in admins_browser.get(CLASSROOMS, {"is_open__exact": "1"}).content.decode()
    one = admins_browser.get(f"{CLASSROOMS}{monday.pk}/change/").content.decode()
    assert f'href="/classrooms/{monday.pk}/"' in one
    assert 'name="code"' not in one
    people = {"classroom__id__exact": str(monday.pk), "left_at__isempty": "1"}
    listed = admins_browser.get("/admin/classroom/membership/", people).content.decode()
    assert "1 membership" in listed
    assert "Ada" in listed


def test_an_operator_closes_a_classroom_and_its_seats_end(
    admins_browser: Client, monday: Classroom, adas_seat: Seat
) -> None:
    assert "1 classroom is closed." in told(admins_browser, CLASSROOMS, "close_classrooms", monday.pk)
    monday.refresh_from_db()
    adas_seat.refresh_from_db()
    assert (monday.is_open, adas_seat.ended_why) == (False, Seat.Why.TEACHER)


def test_no_classroom_is_made_or_changed_by_hand(admins_browser: Client, monday: Classroom) -> None:
    for page in (CLASSROOMS, "/admin/classroom/membership/"):
        assert admins_browser.get(f"{page}add/").status_code == 403
    assert admins_browser.post(f"{CLASSROOMS}{monday.pk}/change/", {"name": "x"}).status_code == 403
    assert admins_browser.post(f"{CLASSROOMS}{monday.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("page", [CLASSROOMS, LEARNERS, "/admin/classroom/membership/", "/admin/seats/seat/"])
def test_a_list_asks_no_more_for_many_than_for_one(
    admins_browser: Client, monday: Classroom, tess: Learner, ada: Learner, page: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admins_browser.get(page).status_code == 200
        return len(queries)

    lend(ada)
    few = asked()
    for number in range(5):
        room = Classroom.objects.create(name=f"Room {number}", teacher=tess)
        learner = Learner.objects.create_user(f"learner{number}", display_name=f"Learner {number}")
        members.join(learner, room)
        lend(learner)
    assert asked() == few


def test_an_operator_sees_what_somebody_is_and_in_which_classroom(admins_browser: Client, monday: Classroom) -> None:
    adas = admins_browser.get(LEARNERS, {"q": "Ada"}).content.decode()
    assert 'field-kind">guest<' in adas
    assert 'field-classroom">Monday<' in adas
    bens = admins_browser.get(LEARNERS, {"q": "Ben"}).content.decode()
    assert 'field-classroom">-<' in bens
    teachers = admins_browser.get(LEARNERS, {"kind": "teacher"}).content.decode()
    assert ">Tess<" in teachers
    assert "Ada" not in teachers


def test_an_operator_gives_the_right_to_hold_classrooms_and_takes_it(admins_browser: Client, ada: Learner) -> None:
    cleo = Learner.objects.create_user("cleo", display_name="Cleo")
    said = told(admins_browser, LEARNERS, "let_hold_classrooms", cleo.pk, ada.pk)
    assert "1 account may hold classrooms. 1 guest needs an account first." in said
    assert [is_teacher(Learner.objects.get(pk=one.pk)) for one in (cleo, ada)] == [True, False]
    told(admins_browser, LEARNERS, "let_hold_none", cleo.pk)
    assert not is_teacher(Learner.objects.get(pk=cleo.pk))


def test_who_only_looks_at_learners_makes_no_teachers(ada: Learner) -> None:
    cleo = Learner.objects.create_user("cleo", is_staff=True)
    cleo.user_permissions.add(Permission.objects.get(codename="view_learner"))
    looks = Client()
    looks.force_login(cleo)
    assert looks.get(LEARNERS).status_code == 200
    looks.post(LEARNERS, {"action": "let_hold_classrooms", "_selected_action": [cleo.pk]})
    assert not is_teacher(Learner.objects.get(pk=cleo.pk))


def test_a_learner_is_deleted_with_seat_and_classroom_and_all(
    admins_browser: Client, monday: Classroom, adas_seat: Seat, tess: Learner, ada: Learner
) -> None:
    asked = admins_browser.get(f"{LEARNERS}{ada.pk}/delete/").content.decode()
    assert "Are you sure" in asked
    admins_browser.post(f"{LEARNERS}{ada.pk}/delete/", {"post": "yes"})
    form = {"action": "delete_selected", "_selected_action": [tess.pk], "post": "yes"}
    admins_browser.post(LEARNERS, form)
    assert set(Learner.objects.values_list("display_name", flat=True)) == {"", "Ben"}
    assert not Classroom.objects.exists()
    assert not Seat.objects.exists()
