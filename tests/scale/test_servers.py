"""Two servers on one engine share a database and doorbells; each lends seats of its own."""

import asyncio
import re
from collections.abc import Callable

import psycopg
import pytest

from playground.bench.tabs import connect
from playground.load.browser import Browser
from playground.load.faults import Faults
from playground.terminal.frames import Notice, to_browser
from tests.scale.conftest import SharingServer

Start = Callable[[str], SharingServer]
PASSWORD = "a long one for Tess"
PATIENCE = 30.0


@pytest.fixture(scope="module")
def one(start: Start) -> SharingServer:
    return start("one")


@pytest.fixture(scope="module")
def two(start: Start) -> SharingServer:
    return start("two")


async def _hears(socket: object, wanted: Callable[[object], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        async for message in socket:  # type: ignore[attr-defined]
            if wanted(message):
                return


def _attached(message: object) -> bool:
    frame = to_browser(message) if isinstance(message, bytes) else None
    return isinstance(frame, Notice) and frame.kind == "attached"


async def test_tesss_roster_on_one_server_hears_of_ada_on_the_other_who_sits_there_alone(
    one: SharingServer, two: SharingServer
) -> None:
    faults = Faults()
    one.manage("createteacher", "tess", "--name", "Tess", typed=f"{PASSWORD}\n")
    async with Browser(one.url, faults) as tess, Browser(two.url, faults) as ada:
        await tess.submit(await tess.get("/sign-in/"), username="tess", password=PASSWORD)
        monday = await tess.submit(await tess.get("/classrooms/new/"), name="Monday")
        code = re.search(r"/c/([A-Z0-9-]+)/", monday.text)
        assert code is not None
        async with await connect(one, tess, f"/ws{monday.path}") as roster:
            await ada.submit(await ada.get(f"/c/{code[1]}/"), display_name="Ada")
            await _hears(roster, lambda message: "changed" in str(message))
            assert "Ada" in (await tess.get(f"{monday.path}roster/")).text
        async with await connect(two, ada, "/ws/terminal/", subprotocols=["playground.terminal.1"]) as terminal:
            await _hears(terminal, _attached)
            instances = (one.environment["PLAYGROUND_INSTANCE"], two.environment["PLAYGROUND_INSTANCE"])
            lent = [one.count("seats_seat", f"state = 'lent' AND instance = '{name}'") for name in instances]
            assert lent == [0, 1]
    assert not list(faults)


async def test_a_server_goes_on_after_its_connections_to_the_database_were_cut(one: SharingServer) -> None:
    faults = Faults()
    async with Browser(one.url, faults) as ben:
        await ben.get("/")
        await ben.post("/join/", ("display_name", "Ben"))
        with psycopg.connect(one.environment["DATABASE_URL"], autocommit=True) as database:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await ben.get("/lessons/")
        async with await connect(one, ben, "/ws/terminal/", subprotocols=["playground.terminal.1"]) as terminal:
            await _hears(terminal, _attached)
    assert not list(faults)
