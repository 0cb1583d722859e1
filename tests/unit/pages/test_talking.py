import pytest
from django.test import Client
from pytest_django import Settings

from playground.classroom import members, talking
from playground.classroom.models import Classroom, Hand, Learner, Message
from playground.classroom.teachers import appoint
from tests.unit.out_of_order import LAYERS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]


@pytest.fixture
def monday(ada: Learner, ben: Learner) -> Classroom:
    """Tess's, with Ada and Ben in it."""
    tess = Learner.objects.create_user("tess", display_name="Tess")
    appoint(tess)
    classroom = Classroom.objects.create(name="Monday", teacher=tess)
    for learner in (ada, ben):
        members.join(learner, classroom)
    return classroom


@pytest.fixture
def tess_browser(monday: Classroom) -> Client:
    client = Client()
    client.force_login(monday.teacher)
    return client


@pytest.fixture
def bens_browser(ben: Learner) -> Client:
    client = Client()
    client.force_login(ben)
    return client


def hand(browser: Client, up: str) -> str:
    return browser.post("/me/classroom/hand/", {"up": up}).content.decode()


def seen(browser: Client) -> str:
    return browser.get("/me/classroom/").content.decode()


def test_hands_stand_in_a_line_and_raising_one_twice_keeps_its_place(
    monday: Classroom, adas_browser: Client, bens_browser: Client
) -> None:
    assert "Raise your hand" in seen(adas_browser)
    assert "You are next" in hand(adas_browser, "yes")
    assert "number 2" in hand(bens_browser, "yes")
    assert "You are next" in hand(adas_browser, "yes")
    assert "Raise your hand" in hand(adas_browser, "no")
    assert "You are next" in seen(bens_browser)


def test_the_teacher_sees_who_asks_first_and_puts_hands_down(
    monday: Classroom, tess_browser: Client, bens_browser: Client, ben: Learner
) -> None:
    hand(bens_browser, "yes")
    roster = tess_browser.get(f"/classrooms/{monday.pk}/roster/").content.decode()
    assert roster.index("Ben") < roster.index("Ada")
    assert "Hand is up" in roster
    tess_browser.post(f"/classrooms/{monday.pk}/lower/{ben.pk}/")
    assert "Raise your hand" in seen(bens_browser)


def test_a_hand_goes_down_with_the_classroom_and_with_who_leaves(
    monday: Classroom, tess_browser: Client, adas_browser: Client, bens_browser: Client
) -> None:
    hand(adas_browser, "yes")
    hand(bens_browser, "yes")
    adas_browser.post("/me/classroom/leave/")
    assert Hand.objects.count() == 1
    tess_browser.post(f"/classrooms/{monday.pk}/open/")
    assert not Hand.objects.exists()
    assert seen(bens_browser).strip() == ""


def test_outside_of_a_classroom_there_is_no_hand_to_raise(adas_browser: Client) -> None:
    assert hand(adas_browser, "yes").strip() == ""
    assert not Hand.objects.exists()


def test_what_is_said_to_everybody_reaches_everybody_until_they_put_it_away(
    monday: Classroom, tess_browser: Client, adas_browser: Client, bens_browser: Client, ada: Learner
) -> None:
    tess_browser.post(f"/classrooms/{monday.pk}/say/", {"text": "Look at this", "command": "docker ps -a"})
    for browser in (adas_browser, bens_browser):
        page = seen(browser)
        assert "Look at this" in page
        assert 'data-command="docker ps -a"' in page
    (delivery,) = talking.unread(ada.pk)
    assert "Look at this" not in adas_browser.post(f"/me/classroom/messages/{delivery.pk}/").content.decode()
    assert "Look at this" in seen(bens_browser)


def test_what_is_said_to_one_reaches_nobody_else(
    monday: Classroom, tess_browser: Client, adas_browser: Client, bens_browser: Client, ben: Learner
) -> None:
    tess_browser.post(f"/classrooms/{monday.pk}/say/", {"text": "Only you", "to": str(ben.pk)})
    assert "Only you" in seen(bens_browser)
    assert "Only you" not in seen(adas_browser)


@pytest.mark.attack("another's classroom")
def test_nobody_puts_away_anothers_message_nor_speaks_to_another_class(
    monday: Classroom, tess_browser: Client, adas_browser: Client, bens_browser: Client, ben: Learner
) -> None:
    cleo = Learner.objects.create_user("guest-cleo", display_name="Cleo")
    tess_browser.post(f"/classrooms/{monday.pk}/say/", {"text": "Only you", "to": str(ben.pk)})
    (delivery,) = talking.unread(ben.pk)
    adas_browser.post(f"/me/classroom/messages/{delivery.pk}/")
    assert "Only you" in seen(bens_browser)

    tess_browser.post(f"/classrooms/{monday.pk}/say/", {"text": "Hello", "to": str(cleo.pk)})
    tess_browser.post(f"/classrooms/{monday.pk}/lower/{cleo.pk}/")
    assert talking.unread(cleo.pk) == []


@pytest.mark.parametrize(
    "form", [{"text": ""}, {"text": "x" * 501}, {"text": "x", "command": "docker ps\nrm"}, {"text": "x", "to": "me"}]
)
def test_what_cannot_be_said_is_told_and_sent_to_nobody(
    monday: Classroom, tess_browser: Client, form: dict[str, str]
) -> None:
    page = tess_browser.post(f"/classrooms/{monday.pk}/say/", form, follow=True).content.decode()
    assert "message--error" in page
    assert not Message.objects.exists()


@pytest.mark.attack("names that are markup")
def test_what_a_teacher_says_is_data(monday: Classroom, tess_browser: Client, adas_browser: Client) -> None:
    tess_browser.post(f"/classrooms/{monday.pk}/say/", {"text": "<i id=x>", "command": '"><i id=x>'})
    assert "<i id" not in seen(adas_browser)


def test_what_was_done_is_done_though_no_doorbell_rings(
    monday: Classroom, tess_browser: Client, adas_browser: Client, settings: Settings
) -> None:
    settings.CHANNEL_LAYERS = LAYERS
    assert "You are next" in hand(adas_browser, "yes")
    assert tess_browser.post(f"/classrooms/{monday.pk}/say/", {"text": "Well done!"}).status_code == 302
    assert "Well done!" in seen(adas_browser)
