import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from playground.checks import progress
from playground.checks.models import StepPass, Trip
from playground.classroom import members
from playground.classroom.models import Classroom, Learner, Membership
from playground.classroom.teachers import appoint
from playground.seats.models import Seat
from tests.unit.pages.conftest import lend

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]


def teacher(name: str) -> Learner:
    made = Learner.objects.create_user(username=name.lower(), display_name=name, password="three whales")
    appoint(made)
    return made


@pytest.fixture
def tess(db: None) -> Learner:
    return teacher("Tess")


@pytest.fixture
def tess_browser(tess: Learner) -> Client:
    client = Client()
    client.force_login(tess)
    return client


@pytest.fixture
def classroom(tess: Learner) -> Classroom:
    return Classroom.objects.create(name="Monday", teacher=tess)


def join(client: Client, classroom: Classroom, name: str = "Ada") -> Learner:
    client.post(f"/c/{classroom.code}/", {"display_name": name})
    return Learner.objects.get(display_name=name)


def titles(page: bytes) -> list[str]:
    """The lessons that the course page lists."""
    return re.findall(r'<h2><a href="/lessons/[^"]+">([^<]+)</a>', page.decode())


def test_a_teacher_makes_a_classroom_with_the_lessons_in_an_order_of_their_own(tess_browser: Client) -> None:
    form = {"name": "  Monday  ", "lessons": ["later", "hello"]}
    address = tess_browser.post("/classrooms/new/", form).headers["Location"]
    made = Classroom.objects.get()
    assert (made.name, made.lessons, made.is_open) == ("Monday", ["later", "hello"], True)
    assert made.shown_code.encode() in tess_browser.get(address).content
    assert b"Monday" in tess_browser.get("/classrooms/").content


def test_the_whole_course_is_kept_as_such_so_that_later_lessons_belong_to_it(tess_browser: Client) -> None:
    tess_browser.post("/classrooms/new/", {"name": "Monday", "lessons": ["hello", "later"]})
    assert Classroom.objects.get().lessons == []


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "Monday", "lessons": []}, {"name": "x", "lessons": ["nope"]}])
def test_what_will_not_do_is_asked_for_again_and_nothing_is_lost(tess_browser: Client, form: dict[str, object]) -> None:
    answer = tess_browser.post("/classrooms/new/", form)
    assert answer.status_code == 200
    assert b'role="alert"' in answer.content
    assert not Classroom.objects.exists()


def test_a_learner_joins_with_the_code_and_sees_the_teachers_lessons(classroom: Classroom, client: Client) -> None:
    classroom.lessons = ["later"]
    classroom.save()
    typed = classroom.shown_code.lower()
    link = client.post("/c/", {"code": typed}).headers["Location"]
    assert b"Monday" in client.get(link).content
    assert client.post(link, {"display_name": "Ada"}).headers["Location"] == "/lessons/"
    page = client.get("/lessons/").content
    assert titles(page) == ["Later"]
    assert b"Monday" in page


def test_who_has_a_name_already_only_says_yes(classroom: Classroom, adas_browser: Client, ada: Learner) -> None:
    assert b"Join as Ada" in adas_browser.get(f"/c/{classroom.code}/").content
    adas_browser.post(f"/c/{classroom.code}/")
    assert members.classroom_of(ada.pk) == classroom


def test_joining_another_classroom_is_leaving_the_first_and_one_can_come_back(
    classroom: Classroom, tess: Learner, adas_browser: Client, ada: Learner
) -> None:
    tuesday = Classroom.objects.create(name="Tuesday", teacher=tess)
    for one in (classroom, tuesday, classroom):
        adas_browser.post(f"/c/{one.code}/")
    assert members.classroom_of(ada.pk) == classroom
    assert Membership.objects.filter(learner=ada).count() == 2
    adas_browser.post("/me/classroom/leave/")
    assert members.classroom_of(ada.pk) is None


@pytest.mark.parametrize("code", ["BCDFGH", "nonsense", "' OR 1", "%00", "B" * 300])
def test_an_unknown_code_and_a_closed_classroom_are_one_answer(classroom: Classroom, client: Client, code: str) -> None:
    Classroom.objects.update(is_open=False)
    unknown, closed = client.get(f"/c/{code}/"), client.get(f"/c/{classroom.code}/")
    assert unknown.status_code == closed.status_code == 404
    assert b"No open classroom has this code" in unknown.content
    assert b"Monday" not in closed.content


@pytest.mark.attack("guessing a join code")
def test_codes_cannot_be_tried_without_end(classroom: Classroom, client: Client) -> None:
    answers = [client.get("/c/BCDFGH/").status_code for _ in range(125)]
    assert answers[:100] == [404] * 100
    assert answers[-1] == 429
    assert client.get(f"/c/{classroom.code}/").status_code == 429
    assert client.post("/c/", {"code": classroom.code}).status_code == 429


def test_thirty_learners_behind_one_address_join(classroom: Classroom) -> None:
    for number in range(30):
        browser = Client()
        browser.post("/c/", {"code": classroom.code})
        browser.get(f"/c/{classroom.code}/")
        join(browser, classroom, f"Learner {number}")
    assert len(members.people_of(classroom)) == 30


def test_the_roster_shows_who_is_where(classroom: Classroom, tess_browser: Client, client: Client) -> None:
    ada = join(client, classroom)
    progress.record(ada.pk, "hello", "run", [], step_passed=True, next_step="think")
    page = tess_browser.get(f"/classrooms/{classroom.pk}/").content.decode()
    assert "Ada" in page
    assert "2. Think" in page
    assert "1/4" in page
    moving = tess_browser.get(f"/classrooms/{classroom.pk}/roster/").content.decode()
    assert "2. Think" in moving
    assert "<html" not in moving


@pytest.mark.attack("names that are markup")
def test_names_are_data_on_a_teachers_pages(classroom: Classroom, tess_browser: Client, client: Client) -> None:
    join(client, classroom, "<i onclick=x>")
    for path in ("", "roster/", "projector/?names"):
        page = tess_browser.get(f"/classrooms/{classroom.pk}/{path}").content
        assert b"<i onclick" not in page
        assert b"&lt;i onclick" in page


def test_the_roster_takes_as_many_queries_for_thirty_as_for_one(
    classroom: Classroom, tess_browser: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        learner = Learner.objects.create(username=f"l{number}", display_name=f"Learner {number}")
        members.join(learner, classroom)
        progress.record(learner.pk, "hello", "run", [], step_passed=True, next_step="think")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        tess_browser.get(f"/classrooms/{classroom.pk}/roster/")


def tripped(learner: Learner, count: int = 1, what: str = "name is already in use", kind: str = "error") -> None:
    Trip.objects.create(learner=learner, lesson="hello", step="run", kind=kind, what=what, count=count)


def test_the_roster_says_what_somebody_and_what_the_class_trips_over(
    classroom: Classroom, tess_browser: Client, client: Client
) -> None:
    ada, ben = join(client, classroom), join(Client(), classroom, "Ben")
    Membership.objects.update(joined_at=timezone.now() - timedelta(minutes=2))
    lend(ada)
    lend(ben)
    tripped(ada, 5)
    tripped(ada, what="<i>a near miss</i>", kind="check")
    tripped(ben)
    page = tess_browser.get(f"/classrooms/{classroom.pk}/roster/").content.decode()
    assert "2 of 2 got “name is already in use”" in page
    assert "5 errors: name is already in use" in page
    assert page.count('data-standing="stuck"') == 1
    assert "<i>" not in page


def test_no_learner_sees_what_others_trip_over(classroom: Classroom, client: Client, ben: Learner) -> None:
    ada = join(client, classroom)
    members.join(ben, classroom)
    for one in (ada, ben):
        tripped(one)
    for address in ("/lessons/", "/lessons/hello/run/", "/me/", "/me/classroom/"):
        page = client.get(address).content.decode()
        assert "already in use" not in page
        assert f"/classrooms/{classroom.pk}/" not in page
    assert client.get(f"/classrooms/{classroom.pk}/steps/").status_code == 404


def test_the_steps_of_a_class_say_where_it_stops(classroom: Classroom, tess_browser: Client, client: Client) -> None:
    ada, gone = join(client, classroom), join(Client(), classroom, "Gustav")
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    tripped(gone)
    members.leave(gone)
    page = tess_browser.get(f"/classrooms/{classroom.pk}/steps/").content.decode()
    assert "2 learners who are or were in it" in page
    assert "name is already in use (1 learner)" in page
    assert page.count("class-steps__stopped") == 2  # Ada, who has no seat, and Gustav
    assert "Ada" not in page
    assert f"/classrooms/{classroom.pk}/steps/" in tess_browser.get(f"/classrooms/{classroom.pk}/").content.decode()


def test_the_projector_shows_no_name_unless_asked(classroom: Classroom, tess_browser: Client, client: Client) -> None:
    join(client, classroom)
    page = tess_browser.get(f"/classrooms/{classroom.pk}/projector/").content.decode()
    assert classroom.shown_code in page
    assert "<svg" in page
    assert f"http://testserver/c/{classroom.code}/" in page
    assert "Ada" not in page
    assert "Ada" in tess_browser.get(f"/classrooms/{classroom.pk}/projector/?names").content.decode()


def test_closing_ends_the_seats_and_keeps_the_progress(
    classroom: Classroom, tess_browser: Client, client: Client, ben: Learner
) -> None:
    ada = join(client, classroom)
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    adas, bens = lend(ada), lend(ben)

    tess_browser.post(f"/classrooms/{classroom.pk}/open/")

    adas.refresh_from_db()
    bens.refresh_from_db()
    assert (adas.state, adas.ended_why) == (Seat.State.ENDING, Seat.Why.TEACHER)
    assert bens.state == Seat.State.LENT
    assert StepPass.objects.filter(learner=ada).exists()
    assert titles(client.get("/lessons/").content) == ["Hello", "Later"]
    tess_browser.post(f"/classrooms/{classroom.pk}/open/", {"open": "yes"})
    assert members.classroom_of(ada.pk) == classroom


def test_deleting_takes_the_guests_with_it_and_leaves_accounts_and_others_alone(
    classroom: Classroom, tess: Learner, tess_browser: Client, client: Client
) -> None:
    cleo = Learner.objects.create_user("cleo", display_name="Cleo")
    guest = join(client, classroom, "Gustav")
    moved = join(Client(), classroom, "Moved")
    members.join(moved, Classroom.objects.create(name="Tuesday", teacher=tess))
    members.join(cleo, classroom)
    assert b"the one guest" in tess_browser.get(f"/classrooms/{classroom.pk}/delete/").content

    assert tess_browser.post(f"/classrooms/{classroom.pk}/delete/").headers["Location"] == "/classrooms/"

    left = set(Learner.objects.values_list("display_name", flat=True))
    assert left == {"Cleo", "Tess", "Moved"}
    assert not Classroom.objects.filter(pk=classroom.pk).exists()
    assert not StepPass.objects.filter(learner=guest.pk).exists()


def test_somebody_is_taken_out_and_keeps_what_they_did(
    classroom: Classroom, tess_browser: Client, client: Client, ben: Learner
) -> None:
    ada = join(client, classroom)
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    assert tess_browser.post(f"/classrooms/{classroom.pk}/remove/{ben.pk}/").status_code == 404
    tess_browser.post(f"/classrooms/{classroom.pk}/remove/{ada.pk}/")
    assert members.classroom_of(ada.pk) is None
    assert StepPass.objects.filter(learner=ada).exists()


def test_results_come_as_a_table_with_a_line_for_each_step(
    classroom: Classroom, tess_browser: Client, client: Client
) -> None:
    ada = join(client, classroom, "=Ada()")
    progress.note_help(ada.pk, "hello", "run", StepPass.How.HINT)
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    progress.spend(ada.pk, "hello", 90)

    answer = tess_browser.get(f"/classrooms/{classroom.pk}/results.csv")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="monday.csv"'
    first, second, *others = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (first["learner"], first["step"], first["how"], first["hints"]) == ("'=Ada()", "run", "hint", "1")
    assert (first["seconds_on_lesson"], second["passed_at"], len(others)) == ("90", "", 2)


def test_results_come_as_json_too_and_in_no_other_form(
    classroom: Classroom, tess_browser: Client, client: Client
) -> None:
    join(client, classroom)
    data = json.loads(tess_browser.get(f"/classrooms/{classroom.pk}/results.json").content)
    assert [learner["name"] for learner in data["learners"]] == ["Ada"]
    assert data["learners"][0]["lessons"][0]["steps"][0] == {
        "step": "run", "passed_at": None, "how": None, "hints": False,
    }  # fmt: skip
    assert tess_browser.get(f"/classrooms/{classroom.pk}/results.xml").status_code == 404
