"""The table of rights, row by row: everybody at every address."""

from collections.abc import Mapping

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import Settings

from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.classroom.rights import PAGES, Who, may, who
from playground.classroom.teachers import appoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("course")]

CAST = {
    "a stranger": Who.STRANGER,
    "a learner of the classroom": Who.LEARNER,
    "a learner of another classroom": Who.LEARNER,
    "a teacher of another classroom": Who.TEACHER,
    "its teacher": Who.HOLDER,
    "an administrator": Who.ADMIN,
}
ARGUMENTS: Mapping[str, tuple[object, ...]] = {
    "lesson": ("hello",),
    "lesson-end": ("hello",),
    "step": ("hello", "run"),
    "new-password": ("MQ", "no-token"),
}
OF_A_CLASSROOM = {
    "classroom", "roster", "class-steps", "class-seats", "warm-seats", "edit-classroom", "open-classroom",
    "delete-classroom", "projector", "say",
}  # fmt: skip
ONLY_POST = {
    "leave",
    "leave-classroom",
    "extend-seat",
    "end-seat",
    "open-classroom",
    "remove-member",
    "warm-seats",
    "say",
    "lower-hand",
    "set-hand",
    "put-away",
}


def patterns() -> list[URLPattern]:
    """Of our own pages; the admin has rights of its own."""
    (ours,) = [one for one in get_resolver().url_patterns if str(one.pattern) == ""]
    return list(ours.url_patterns)  # type: ignore[arg-type,union-attr]


@pytest.fixture
def room() -> Classroom:
    tess = Learner.objects.create_user("tess")
    appoint(tess)
    return Classroom.objects.create(name="Monday", teacher=tess)


@pytest.fixture
def people(room: Classroom) -> dict[str, Learner | AnonymousUser]:
    tom = Learner.objects.create_user("tom")
    appoint(tom)
    elsewhere = Classroom.objects.create(name="Tuesday", teacher=tom)
    ada, cleo = (Learner.objects.create_user(f"guest-{name}", display_name=name) for name in ("ada", "cleo"))
    members.join(ada, room)
    members.join(cleo, elsewhere)
    cast: list[Learner | AnonymousUser] = [
        AnonymousUser(),
        ada,
        cleo,
        tom,
        room.teacher,
        Learner.objects.create_superuser("root"),
    ]
    # As a request has them: nobody remembers an earlier answer about a permission.
    fresh = [Learner.objects.get(pk=one.pk) if isinstance(one, Learner) else one for one in cast]
    return dict(zip(CAST, fresh, strict=True))


def address(page: str, room: Classroom) -> str:
    learner = room.memberships.get().learner_id
    of_this = {
        **dict.fromkeys(OF_A_CLASSROOM, (room.pk,)),
        "results": (room.pk, "json"),
        "remove-member": (room.pk, learner),
        "visit": (room.pk, learner),
        "lower-hand": (room.pk, learner),
        "put-away": (1,),
        "join-classroom": (room.code,),
    }
    return reverse(page, args=of_this.get(page, ARGUMENTS.get(page, ())))


def test_the_table_names_every_page_and_no_other() -> None:
    assert {pattern.name for pattern in patterns()} == set(PAGES)


def test_everybody_is_who_the_table_takes_them_for(room: Classroom, people: dict[str, Learner | AnonymousUser]) -> None:
    assert {name: who(person, room) for name, person in people.items()} == CAST


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.attack("another's classroom")
def test_a_page_is_for_whom_the_table_names(
    room: Classroom, people: dict[str, Learner | AnonymousUser], page: str, settings: Settings
) -> None:
    settings.MAIL_IS_CONFIGURED = True  # or the pages of a forgotten password would be nobody's
    path = address(page, room)
    ada = room.memberships.get().learner
    for name, person in people.items():
        members.join(ada, room)  # whoever was before may have taken her out
        browser = Client()
        if isinstance(person, Learner):
            browser.force_login(person)
        answer = browser.post(path) if page in ONLY_POST else browser.get(path)
        sent = answer.headers.get("Location", "")
        turned_away = answer.status_code == 404 or sent.startswith(("/join/", "/sign-in/"))
        assert turned_away == (not may(person, page, room)), name


def test_another_teachers_classroom_and_no_classroom_are_one_answer(
    room: Classroom, people: dict[str, Learner | AnonymousUser]
) -> None:
    tom, browser = people["a teacher of another classroom"], Client()
    assert isinstance(tom, Learner)
    browser.force_login(tom)
    anothers, nones = (browser.get(f"/classrooms/{number}/") for number in (room.pk, 999_999))
    assert (anothers.status_code, anothers.content) == (nones.status_code, nones.content)


def test_a_page_that_the_table_does_not_name_is_nobodys(people: dict[str, Learner | AnonymousUser]) -> None:
    assert not any(may(person, "nowhere") for person in people.values())
