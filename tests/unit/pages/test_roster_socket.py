"""The socket of Tess's roster: it says that something has changed, and only to her."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.test import AsyncClient
from django.urls import path
from pytest_django import Settings

from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.classroom.teachers import appoint
from playground.pages.roster_bell import RosterBell
from playground.pages.roster_consumer import MOST_ROSTERS, NONE_SUCH, ROSTER, TOO_MANY, UNREADABLE, RosterConsumer
from tests.unit.out_of_order import LAYERS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("course")]

CHANGED = {"type": "changed"}
PACE = 0.02


class Rosters:
    """The sockets that are open, and the bell of what runs."""

    def __init__(self) -> None:
        self.bell = RosterBell(pace=0.01)
        self._open: list[WebsocketCommunicator] = []

    def of(self, user: Learner | AnonymousUser, classroom_id: int, **times: float) -> WebsocketCommunicator:
        route: Any = RosterConsumer.as_asgi(**{"pace": PACE, **times})
        routes = URLRouter([path("ws/classrooms/<int:classroom>/", route)])
        roster = WebsocketCommunicator(routes, f"{ROSTER}{classroom_id}/")
        roster.scope["user"] = user
        self._open.append(roster)
        return roster

    async def open(self, user: Learner, classroom: Classroom, **times: float) -> WebsocketCommunicator:
        roster = self.of(user, classroom.pk, **times)
        assert (await roster.connect())[0]
        return roster

    async def close(self) -> None:
        for roster in self._open:
            await roster.disconnect()
        await self.bell.stop()
        assert not RosterConsumer.rosters


@pytest.fixture
async def rosters() -> AsyncIterator[Rosters]:
    rosters = Rosters()
    yield rosters
    await rosters.close()


def teacher(name: str) -> Learner:
    made = Learner.objects.create_user(name.lower(), display_name=name)
    appoint(made)
    return made


@pytest.fixture
def monday(ada: Learner) -> Classroom:
    """Tess's, with Ada in it."""
    classroom = Classroom.objects.create(name="Monday", teacher=teacher("Tess"))
    members.join(ada, classroom)
    return classroom


async def browser_of(learner: Learner) -> AsyncClient:
    browser = AsyncClient()
    await browser.aforce_login(learner)
    return browser


async def closed_with(roster: WebsocketCommunicator) -> int:
    message: dict[str, Any] = await roster.receive_output()
    while message["type"] != "websocket.close":
        message = await roster.receive_output()
    return int(message["code"])


async def test_a_learner_of_the_classroom_who_moves_is_told_of_and_no_other(
    rosters: Rosters, monday: Classroom, ada: Learner, ben: Learner
) -> None:
    roster = await rosters.open(monday.teacher, monday)
    rosters.bell.ring(ben.pk)
    assert await roster.receive_nothing()
    rosters.bell.ring(ada.pk)
    assert await roster.receive_json_from() == CHANGED


@pytest.mark.attack("errors in a loop")
async def test_a_flood_of_bells_is_one_message_at_once_and_no_other_before_its_time(
    rosters: Rosters, monday: Classroom, ada: Learner
) -> None:
    roster = await rosters.open(monday.teacher, monday, pace=3600)
    for _ in range(50):
        rosters.bell.ring(ada.pk)
        await asyncio.sleep(0)
    assert await roster.receive_json_from() == CHANGED
    rosters.bell.ring(ada.pk)
    assert await roster.receive_nothing()


async def test_what_comes_after_a_message_is_told_by_the_next_one(
    rosters: Rosters, monday: Classroom, ada: Learner
) -> None:
    roster = await rosters.open(monday.teacher, monday)
    for _ in range(3):
        rosters.bell.ring(ada.pk)
        assert await roster.receive_json_from() == CHANGED
    assert await roster.receive_nothing()


async def test_who_joins_leaves_or_raises_a_hand_is_told_of_at_once(
    rosters: Rosters, monday: Classroom, ben: Learner
) -> None:
    roster = await rosters.open(monday.teacher, monday)
    bens = await browser_of(ben)
    for address, form in (
        (f"/c/{monday.code}/", {}),
        ("/me/classroom/hand/", {"up": "yes"}),
        ("/me/", {"display_name": "Benjamin"}),
    ):
        await bens.post(address, form)
        assert await roster.receive_json_from() == CHANGED, address
    rosters.bell.ring(ben.pk)  # he is one of them now
    assert await roster.receive_json_from() == CHANGED
    await bens.post("/me/classroom/leave/")
    assert await roster.receive_json_from() == CHANGED
    rosters.bell.ring(ben.pk)
    assert await roster.receive_nothing()


async def test_moving_on_to_another_classroom_is_told_in_both(
    rosters: Rosters, monday: Classroom, ada: Learner
) -> None:
    tuesday = await Classroom.objects.acreate(name="Tuesday", teacher=monday.teacher)
    both = [await rosters.open(monday.teacher, one) for one in (monday, tuesday)]
    await (await browser_of(ada)).post(f"/c/{tuesday.code}/")
    assert [await roster.receive_json_from() for roster in both] == [CHANGED, CHANGED]


async def test_what_the_teacher_does_is_told_on_their_other_pages(
    rosters: Rosters, monday: Classroom, ada: Learner
) -> None:
    roster = await rosters.open(monday.teacher, monday)
    tesses = await browser_of(monday.teacher)
    for address in (f"lower/{ada.pk}/", f"remove/{ada.pk}/", "open/"):
        await tesses.post(f"/classrooms/{monday.pk}/{address}")
        assert await roster.receive_json_from() == CHANGED, address


async def test_a_classroom_that_is_deleted_closes_its_rosters(rosters: Rosters, monday: Classroom) -> None:
    roster = await rosters.open(monday.teacher, monday)
    await (await browser_of(monday.teacher)).post(f"/classrooms/{monday.pk}/delete/")
    assert await closed_with(roster) == NONE_SUCH


@pytest.mark.attack("another's classroom")
async def test_a_right_that_was_taken_is_gone_on_a_socket_that_is_open(rosters: Rosters, monday: Classroom) -> None:
    roster = await rosters.open(monday.teacher, monday, look_again=0.05)
    await monday.teacher.user_permissions.aclear()
    assert await closed_with(roster) == NONE_SUCH


@pytest.mark.attack("another's classroom")
async def test_everybody_else_is_refused_as_where_there_is_no_classroom(
    rosters: Rosters, monday: Classroom, ada: Learner, ben: Learner
) -> None:
    tom = await database_sync_to_async(teacher)("Tom")
    root = await database_sync_to_async(Learner.objects.create_superuser)("root")
    for user in (AnonymousUser(), ada, ben, tom):
        refused = await rosters.of(user, 999_999).connect()
        assert not refused[0]
        assert await rosters.of(user, monday.pk).connect() == refused, user
    for user in (monday.teacher, root):
        assert not (await rosters.of(user, 999_999).connect())[0]
        assert (await rosters.of(user, monday.pk).connect())[0], user


@pytest.mark.parametrize("said", [{"text_data": '{"type": "open"}'}, {"bytes_data": b"\x00"}])
async def test_a_roster_hears_nothing(rosters: Rosters, monday: Classroom, said: dict[str, Any]) -> None:
    roster = await rosters.open(monday.teacher, monday)
    await roster.send_to(**said)
    assert await closed_with(roster) == UNREADABLE


@pytest.mark.attack("sockets of the browser without end")
async def test_one_teacher_cannot_open_rosters_without_end(rosters: Rosters, monday: Classroom) -> None:
    for _ in range(MOST_ROSTERS):
        await rosters.open(monday.teacher, monday)
    one_more = await rosters.open(monday.teacher, monday)
    assert await closed_with(one_more) == TOO_MANY


async def test_a_roster_that_goes_while_no_doorbell_works_takes_no_room(
    rosters: Rosters, monday: Classroom, settings: Settings
) -> None:
    settings.CHANNEL_LAYERS = LAYERS
    roster = await rosters.open(monday.teacher, monday)
    await roster.disconnect()
    assert not RosterConsumer.rosters
