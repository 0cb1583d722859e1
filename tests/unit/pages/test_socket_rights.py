"""The table of rights, socket by socket: everybody at every address, through the server's own routes. No engine is
needed: who may is asked before anything else."""

from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from playground import sockets
from playground.classroom.models import Classroom, Learner
from playground.classroom.rights import SOCKETS, may
from playground.runtime import build
from playground.terminal.frames import SUBPROTOCOL
from tests.unit.pages.test_rights import people, room

__all__ = ["people", "room"]  # the cast, as fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("course")]


def address(socket: str, room: Classroom) -> str:
    learner = room.memberships.get().learner_id
    return {"/ws/classrooms/": f"{socket}{room.pk}/", "/ws/visits/": f"{socket}{room.pk}/{learner}/1/"}.get(
        socket, socket
    )


def cookie_of(person: Learner | AnonymousUser) -> bytes:
    browser = Client()
    if isinstance(person, Learner):
        browser.force_login(person)
        return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}".encode()
    return b""


@pytest.fixture
def asked(room: Classroom, people: dict[str, Learner | AnonymousUser]) -> dict[str, tuple[bytes, dict[str, bool]]]:
    """Who asks, with which cookie, and at which sockets they may."""
    return {
        name: (cookie_of(person), {socket: may(person, socket, room) for socket in SOCKETS})
        for name, person in people.items()
    }


@pytest.mark.attack("another's classroom")
@pytest.mark.parametrize("socket", SOCKETS)
async def test_a_socket_opens_for_whom_the_table_names(
    socket: str, room: Classroom, asked: dict[str, tuple[bytes, dict[str, bool]]], tmp_path: Path
) -> None:
    application = sockets.application(build(str(tmp_path / "no-engine.sock")))
    path = await sync_to_async(address)(socket, room)
    for name, (cookie, allowed) in asked.items():
        headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"cookie", cookie)]
        browser = WebsocketCommunicator(application, path, headers, [SUBPROTOCOL])
        opened, _ = await browser.connect(timeout=10)
        assert opened == allowed[socket], name
        await browser.disconnect()
