"""Who signs out, or is signed out, has no socket open any more, through the server's own routes; and on another device
they go on. No engine is needed: a terminal that waits for one is open, too."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.core import mail
from django.test import Client
from pytest_django import Settings

from playground import sockets
from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.classroom.rights import SOCKETS
from playground.classroom.teachers import appoint
from playground.pages.signed_in import ENDED, elsewhere, while_signed_in
from playground.runtime import build
from playground.seats.models import Seat
from playground.sessions import STAY
from playground.terminal.frames import SUBPROTOCOL
from tests.unit.pages.conftest import lend

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("course")]

PASSWORD, NEW = "three whales at noon", "a harbour at dawn"


class Device:
    """A browser with one session of somebody's, and the sockets of all its tabs."""

    def __init__(self, application: Any, person: Learner) -> None:
        self._application, self.person = application, person
        self.browser = Client()
        self.browser.force_login(person)
        self.open_sockets: list[WebsocketCommunicator] = []

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        name = settings.SESSION_COOKIE_NAME
        cookie = f"{name}={self.browser.cookies[name].value}".encode()
        return [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"cookie", cookie)]

    async def open(self, path: str) -> WebsocketCommunicator:
        socket = WebsocketCommunicator(self._application, path, self.headers, [SUBPROTOCOL])
        assert (await socket.connect(timeout=10))[0]
        self.open_sockets.append(socket)
        return socket

    async def post(self, path: str, **form: object) -> int:
        answer = await sync_to_async(self.browser.post)(path, form)
        assert answer.status_code < 400, answer.content
        return answer.status_code

    async def is_signed_in(self) -> bool:
        return (await sync_to_async(self.browser.get)("/me/")).status_code == 200


@pytest.fixture
def tess() -> Learner:
    tess = Learner.objects.create_user("tess", display_name="Tess", password=PASSWORD, email="tess@school.example")
    appoint(tess)
    return tess


@pytest.fixture
def room(tess: Learner, ada: Learner) -> Classroom:
    room = Classroom.objects.create(name="Monday", teacher=tess)
    members.join(ada, room)
    return room


@pytest.fixture
async def device(tmp_path: Path) -> AsyncIterator[Callable[[Learner], Any]]:
    application = sockets.application(build(str(tmp_path / "no-engine.sock")))
    devices: list[Device] = []

    async def of(person: Learner) -> Device:
        devices.append(await sync_to_async(Device)(application, person))
        return devices[-1]

    yield of
    for device in devices:
        for socket in device.open_sockets:
            await socket.disconnect()


Of = Callable[[Learner], Any]


async def closed_with(socket: WebsocketCommunicator) -> int:
    while (message := await socket.receive_output(timeout=10))["type"] != "websocket.close":
        pass
    assert await socket.receive_nothing(timeout=0.05), "something was said after the socket was closed"
    return int(message["code"])


def is_open(socket: WebsocketCommunicator) -> bool:
    """Having heard of all that was rung before a page was fetched."""
    said = [socket.output_queue.get_nowait() for _ in range(socket.output_queue.qsize())]
    return not socket.future.done() and all(message["type"] != "websocket.close" for message in said)


def path_of(socket: str, room: Classroom, ada: Learner) -> str:
    return {"/ws/classrooms/": f"{socket}{room.pk}/", "/ws/visits/": f"{socket}{room.pk}/{ada.pk}/1/"}.get(
        socket, socket
    )


@pytest.mark.attack("a terminal after signing out")
@pytest.mark.parametrize("socket", SOCKETS)
async def test_who_signs_out_has_no_socket_left_open_and_goes_on_where_they_did_not(
    socket: str, device: Of, tess: Learner, ada: Learner, room: Classroom
) -> None:
    here, there = await device(tess), await device(tess)
    path = path_of(socket, room, ada)
    tab, another_tab, elsewhere_open = await here.open(path), await here.open(path), await there.open(path)
    await here.post("/me/leave/")
    assert [await closed_with(each) for each in (tab, another_tab)] == [ENDED, ENDED]
    assert await there.is_signed_in()
    assert is_open(elsewhere_open)
    await there.post("/me/leave/")
    assert await closed_with(elsewhere_open) == ENDED


@pytest.mark.attack("a terminal after signing out")
async def test_a_socket_that_opens_while_its_session_ends_does_not_open(device: Of, ada: Learner) -> None:
    here = await device(ada)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await here.post("/me/leave/")
        await asyncio.Event().wait()

    socket = WebsocketCommunicator(while_signed_in(slow), "/", here.headers)
    assert await socket.connect(timeout=10) == (False, ENDED)


async def test_a_guest_who_signs_in_with_an_account_leaves_the_guests_sockets(
    device: Of, ada: Learner, tess: Learner
) -> None:
    here = await device(ada)
    socket = await here.open("/ws/progress/")
    await here.post("/sign-in/", username="tess", password=PASSWORD)
    assert await closed_with(socket) == ENDED


async def test_the_admins_way_out_is_one_too(device: Of) -> None:
    root = await sync_to_async(Learner.objects.create_superuser)("root", password=PASSWORD)
    here = await device(root)
    socket = await here.open("/ws/terminal/")
    await here.post("/admin/logout/")
    assert await closed_with(socket) == ENDED


async def test_who_is_deleted_has_no_socket_left_on_any_device(device: Of, tess: Learner) -> None:
    here, there = await device(tess), await device(tess)
    tabs = [await here.open("/ws/terminal/"), await there.open("/ws/progress/")]
    await here.post("/me/delete/")
    assert [await closed_with(tab) for tab in tabs] == [ENDED, ENDED]


async def test_guests_whose_classroom_is_deleted_go_back_to_the_join_form(
    device: Of, tess: Learner, ada: Learner, room: Classroom
) -> None:
    adas, teachers = await device(ada), await device(tess)
    socket = await adas.open("/ws/progress/")
    await teachers.post(f"/classrooms/{room.pk}/delete/")
    assert await closed_with(socket) == ENDED


@pytest.mark.attack("a terminal after signing out")
async def test_a_new_password_ends_all_other_sessions_and_their_sockets(device: Of, tess: Learner) -> None:
    here, there = await device(tess), await device(tess)
    mine, others = await here.open("/ws/terminal/"), await there.open("/ws/terminal/")
    await here.post("/me/password/", old_password=PASSWORD, new_password1=NEW, new_password2=NEW)
    assert await closed_with(others) == ENDED
    assert await here.is_signed_in()
    assert not await there.is_signed_in()
    assert is_open(mine)
    await here.post("/me/leave/")  # its session has another key now, and is the same one
    assert await closed_with(mine) == ENDED


async def test_a_guest_who_makes_an_account_keeps_the_terminal_open_until_they_sign_out(
    device: Of, ada: Learner
) -> None:
    here = await device(ada)
    socket = await here.open("/ws/terminal/")
    await here.post("/me/account/", username="ada.l", password1=NEW, password2=NEW)
    assert await here.is_signed_in()
    assert is_open(socket)
    await here.post("/me/leave/")
    assert await closed_with(socket) == ENDED


async def test_a_password_by_mail_ends_all_sessions(device: Of, tess: Learner, settings: Settings) -> None:
    settings.MAIL_IS_CONFIGURED = True
    there = await device(tess)
    socket = await there.open("/ws/terminal/")
    browser = Client()

    def reset() -> None:
        browser.post("/password/", {"email": tess.email})
        link = next(word for word in str(mail.outbox[0].body).split() if word.startswith("http://"))
        form = browser.get(link.removeprefix("http://testserver")).headers["Location"]
        browser.post(form, {"new_password1": NEW, "new_password2": NEW})

    await sync_to_async(reset)()
    assert await closed_with(socket) == ENDED


@pytest.mark.parametrize("what", ["password", "inactive", "delete", "delete_selected"])
async def test_an_administrator_ends_the_sessions_of_an_account(device: Of, tess: Learner, what: str) -> None:
    root = await sync_to_async(Learner.objects.create_superuser)("root", password=PASSWORD)
    admin, teachers = await device(root), await device(tess)
    own, socket = await admin.open("/ws/progress/"), await teachers.open("/ws/terminal/")
    page = f"/admin/classroom/learner/{tess.pk}/"
    match what:
        case "password":
            await admin.post(f"{page}password/", usable_password="true", password1=NEW, password2=NEW)
        case "inactive":
            joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
            await admin.post(f"{page}change/", username="tess", display_name="Tess", **joined)
        case "delete":
            await admin.post(f"{page}delete/", post="yes")
        case _:
            chosen = {"action": what, "_selected_action": tess.pk, "post": "yes"}
            await admin.post("/admin/classroom/learner/", **chosen)
    assert await closed_with(socket) == ENDED
    assert await admin.is_signed_in()
    assert is_open(own)


async def test_a_seat_stays_while_the_account_is_at_work_on_another_device(device: Of, tess: Learner) -> None:
    here, there = await device(tess), await device(tess)
    seat = await sync_to_async(lend)(tess)
    at_work = await there.open("/ws/progress/")
    await here.post("/me/leave/")
    await seat.arefresh_from_db()
    assert seat.state == Seat.State.LENT
    await there.post("/me/leave/")
    await seat.arefresh_from_db()
    assert seat.state == Seat.State.ENDING
    assert await closed_with(at_work) == ENDED


async def test_a_session_that_is_older_than_this_ends_as_others_do(device: Of, ada: Learner) -> None:
    here = await device(ada)

    def forget_the_stay() -> None:
        session = here.browser.session
        del session[STAY]
        session.save()

    await sync_to_async(forget_the_stay)()
    socket = await here.open("/ws/terminal/")
    await here.post("/me/leave/")
    assert await closed_with(socket) == ENDED


async def test_a_terminal_opens_and_stays_open_while_the_doorbells_are_out_of_order(
    device: Of, ada: Learner, settings: Settings
) -> None:
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.unit.out_of_order.Away"}}
    here = await device(ada)
    socket = await here.open("/ws/terminal/")
    assert (await socket.receive_output(timeout=10))["type"] == "websocket.send"
    await here.post("/me/leave/")
    assert is_open(socket)


async def test_nobody_is_elsewhere_once_all_is_closed(device: Of, ada: Learner) -> None:
    here = await device(ada)
    socket = await here.open("/ws/progress/")
    assert elsewhere(ada.pk, "another")
    await socket.disconnect()
    assert not elsewhere(ada.pk, "another")
