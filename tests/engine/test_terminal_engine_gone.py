"""The engine goes away under an open terminal, and under a visit, and comes back. Here it is the way to the engine that
is cut."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from playground.engine.client import EngineClient
from playground.terminal.frames import Consent, Word
from playground.terminal.relay import TerminalRelay
from playground.terminal.visit_relay import VisitRelay
from tests.engine.terminals import ADA, OneSeat, Tab, tab
from tests.engine.way import Way

TESS = 7
PROMPT = "/ # "


@pytest.fixture
async def way(run_dir: Path, engine_socket: str) -> AsyncIterator[Way]:
    way = Way(run_dir / "engine.sock", engine_socket)
    await way.clear()
    yield way
    await way.cut()


@pytest.fixture
def relay(desk: OneSeat, way: Way) -> TerminalRelay:
    return TerminalRelay(desk, EngineClient(str(way.path)))


@asynccontextmanager
async def look_on(relay: TerminalRelay, number: int = 1) -> AsyncIterator[Tab]:
    async def admit(visitor: int, classroom: int, learner: int) -> str | None:
        return "Tess"

    place = {"classroom": 1, "learner": ADA, "number": number}
    async with tab(VisitRelay(relay, admit), learner_id=TESS, **place) as tess:
        await tess.until_notice("live")
        yield tess


async def goes(way: Way, *people: Tab) -> None:
    await way.cut()
    for person in people:
        assert (await person.until_notice("engine")).fields == {"alive": False}
        person.notices.clear()


async def comes_back(way: Way, *people: Tab) -> None:
    await way.clear()
    for person in people:
        assert (await person.until_notice("engine")).fields == {"alive": True}
        await until_drawn(person)


async def until_drawn(person: Tab) -> None:
    """The shell has drawn its line anew: from here on, what it prints is seen."""
    await person.until_notice("live")
    person.shown = b""
    await person.until(PROMPT)


async def agree(ada: Tab, tess: Tab) -> None:
    """On the teacher's typing."""
    tess.send(Consent(Word.YES))
    while (await ada.until_notice("visit")).fields["typing"] != "asked":
        pass
    ada.send(Consent(Word.YES))
    while (await tess.until_notice("learner")).fields["typing"] != "yes":
        pass


async def test_a_terminal_stays_open_while_the_engine_is_gone_and_goes_on_when_it_is_back(
    way: Way, relay: TerminalRelay
) -> None:
    async with tab(relay) as ada:
        await ada.until_notice("live")
        ada.type("kept=$((1 + 1)); echo is-$kept\r")
        await ada.until("is-2")
        await goes(way, ada)
        await comes_back(way, ada)
        ada.type("echo kept-$kept\r")
        await ada.until("kept-2")


async def test_a_visit_goes_on_by_itself_when_the_engine_is_back_and_consent_with_it(
    way: Way, relay: TerminalRelay
) -> None:
    async with tab(relay) as ada, look_on(relay) as tess:
        ada.type("echo before-$((1 + 1))\r")
        await tess.until("before-2")
        await agree(ada, tess)
        await goes(way, ada, tess)
        await comes_back(way, ada, tess)
        told = await tess.until_notice("learner")
        assert (told.fields["here"], told.fields["typing"]) == (True, "yes")
        ada.type("echo after-$((1 + 1))\r")
        await tess.until("\r\nafter-2")
        tess.type("echo together-$((1 + 1))\r")
        await ada.until("\r\ntogether-2")


async def test_a_visit_goes_on_in_the_shell_that_is_started_anew_when_the_engine_is_back(
    way: Way, relay: TerminalRelay, desk: OneSeat
) -> None:
    """An engine that starts anew has ended what ran."""
    assert desk.seat
    async with tab(relay) as ada, look_on(relay) as tess:
        ada.type("echo before-$((1 + 1))\r")
        await tess.until("before-2")
        await goes(way, ada, tess)
        query = {"signal": "KILL"}
        async with await desk.client.request("POST", f"/containers/{desk.seat.container_id}/kill", query=query) as sent:
            await sent.raise_for_status()
        await comes_back(way, ada, tess)
        ada.type("echo anew-$((1 + 1))\r")
        await tess.until("\r\nanew-2")
    assert desk.revived


async def test_a_visit_to_a_further_terminal_waits_for_the_learners_next_one(way: Way, relay: TerminalRelay) -> None:
    """Its shell is lost with the engine, of which the visitor hears at the first terminal, as her page has it, too."""
    async with tab(relay) as first, tab(relay, number=2) as ada:
        await first.until_notice("live")
        await ada.until_notice("live")
        async with look_on(relay, number=2) as tess:
            ada.type("echo before-$((1 + 1))\r")
            await tess.until("before-2")
            await goes(way, first, ada)
            await comes_back(way, first, ada)
            await until_drawn(tess)
            ada.type("echo anew-$((1 + 1))\r")
            await tess.until("\r\nanew-2")
