import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from playground.checks.models import StepPass
from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.seats.models import Seat

pytestmark = pytest.mark.django_db


def join(client: Client, name: str = "Ada", to: str = "") -> str:
    """Where the visitor is sent; "" when the form comes back."""
    response = client.post("/join/", {"display_name": name, "next": to})
    return response.headers.get("Location", "")


def test_a_name_is_all_it_takes(client: Client, course: Course) -> None:
    assert join(client) == "/lessons/"
    ada = Learner.objects.get()
    assert (ada.display_name, ada.email, ada.is_guest) == ("Ada", "", True)
    assert b"Ada" in client.get("/lessons/").content


def test_two_learners_may_have_the_same_name(course: Course) -> None:
    assert join(Client(), "Ada") == join(Client(), "Ada") == "/lessons/"
    assert Learner.objects.filter(display_name="Ada").count() == 2


def test_joining_again_on_the_same_browser_makes_no_second_learner(client: Client, course: Course) -> None:
    join(client)
    assert join(client, "Somebody else") == "/lessons/"
    assert Learner.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "A" * 41, "A\x07da", "\u202eadA"])
def test_a_name_that_will_not_do_is_asked_for_again_with_the_reason(client: Client, name: str) -> None:
    response = client.post("/join/", {"display_name": name})
    assert response.status_code == 200
    assert b'role="alert"' in response.content
    assert not Learner.objects.exists()


def test_a_name_of_forty_characters_is_taken_without_its_blanks(client: Client, course: Course) -> None:
    join(client, f"  {'A' * 40}  ")
    assert Learner.objects.get().display_name == "A" * 40


@pytest.mark.attack("names that are markup")
def test_a_name_is_data_and_never_markup(client: Client, course: Course) -> None:
    join(client, "<script>alert(1)</script>")
    for page in ("/", "/lessons/", "/lessons/hello/", "/me/"):
        html = client.get(page).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_who_comes_from_a_lesson_goes_back_to_it(client: Client, course: Course) -> None:
    sent = client.get("/lessons/hello/think/").headers["Location"]
    assert sent == "/join/?next=/lessons/hello/think/"
    assert b'value="/lessons/hello/think/"' in client.get(sent).content
    assert join(client, to="/lessons/hello/think/") == "/lessons/hello/think/"


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "https:evil.example", "javascript:alert(1)", " //evil.example", "\0", "nowhere", "?x", "#x", "me",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(client: Client, course: Course, to: str) -> None:
    assert join(client, to=to) == "/lessons/"
    assert client.get("/join/", {"next": to}).headers["Location"] == "/lessons/"


def test_the_form_is_refused_without_its_token() -> None:
    response = Client(enforce_csrf_checks=True).post("/join/", {"display_name": "Ada"})
    assert response.status_code == 403
    assert b"reload the page" in response.content


def test_a_returning_learner_is_greeted_and_goes_on(client: Client, course: Course) -> None:
    join(client)
    front = client.get("/").content.decode()
    assert "Welcome, Ada." in front
    assert 'href="/lessons/hello/run/"' in front
    StepPass.objects.create(learner=Learner.objects.get(), lesson="hello", step="run", how=StepPass.How.ALONE)
    assert "Welcome back, Ada." in client.get("/").content.decode()


def test_leaving_forgets_the_browser(adas_browser: Client) -> None:
    assert adas_browser.post("/me/leave/").headers["Location"] == "/"
    assert adas_browser.get("/me/").headers["Location"] == "/join/?next=/me/"


def test_nothing_is_deleted_before_the_question_is_answered(adas_browser: Client, ada: Learner) -> None:
    assert b"Delete everything about you?" in adas_browser.get("/me/delete/").content
    assert Learner.objects.filter(pk=ada.pk).exists()


def test_deleting_my_data_deletes_mine_and_nobody_elses(adas_browser: Client, ada: Learner, ben: Learner) -> None:
    adas_browser.post("/me/delete/")
    assert list(Learner.objects.all()) == [ben]
    assert not Seat.objects.filter(learner_id=ada.pk).exists()


def test_a_learner_can_change_the_name(adas_browser: Client, ada: Learner, course: Course) -> None:
    adas_browser.post("/me/", {"display_name": "Ada Lovelace"})
    ada.refresh_from_db()
    assert ada.display_name == "Ada Lovelace"


def test_a_name_that_was_refused_is_not_shown_as_the_learners(adas_browser: Client, course: Course) -> None:
    response = adas_browser.post("/me/", {"display_name": "\x07" + "B" * 50})
    assert b'<h1 class="me__name">Ada</h1>' in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("key", ['"\\000aaaaaaaaaaa"', '"\\303\\244aaaaaaaaaaa"', "aaaaaaaa/aaaa"])
def test_a_cookie_that_is_no_sessions_key_is_a_strangers_and_asks_the_database_nothing(
    client: Client, key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get("/lessons/", headers={"Cookie": f"sessionid={key}"}).status_code == 302
