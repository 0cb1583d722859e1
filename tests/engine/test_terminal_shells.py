"""Further terminals of a seat: shells beside process 1 on a real engine, and attacks on the door to them."""

import os
import signal
from typing import Any

import pytest

from playground.engine import execs
from playground.engine.client import EngineClient, Reply, Wire
from playground.terminal.flow import WINDOW
from playground.terminal.frames import HangUp
from playground.terminal.relay import MOST_SOCKETS, TOO_MANY, TerminalRelay
from playground.terminal.shells import MOST
from tests.engine.terminals import ADA, BEN, OneSeat, Tab, one_seat, tab

PROMPT = "/ # "
CLOSED = 4412


async def at_prompt(terminal: Tab) -> None:
    """The shell is there, and has done with drawing its line for the size of the screen."""
    await terminal.until(PROMPT)
    terminal.type("echo ready-$((1 + 1))\r")
    await terminal.until("ready-2\r\n" + PROMPT)


async def running_shells(client: EngineClient, desk: OneSeat) -> int:
    """Execs with a terminal that run in Ada's seat, as the engine has it."""
    assert desk.seat
    async with await client.request("GET", f"/containers/{desk.seat.container_id}/json") as reply:
        ids = (await reply.json())["ExecIDs"] or []
    states = [await execs.inspect(client, exec_id) for exec_id in ids]
    return sum(state["Running"] and state["ProcessConfig"]["tty"] for state in states)


async def test_a_second_terminal_is_a_shell_of_its_own_in_the_same_seat(relay: TerminalRelay) -> None:
    async with tab(relay) as first, tab(relay, number=2) as second:
        await at_prompt(first)
        first.type("mine=yes; touch /here; echo made-$((1 + 1))\r")
        await first.until("made-2\r\n")
        await at_prompt(second)
        second.type("echo is-${mine:-unset}; ls -d /here; stty size\r")
        await second.until("is-unset\r\n/here\r\n24 80\r\n")


async def test_ctrl_c_and_ctrl_at_are_the_shells(relay: TerminalRelay) -> None:
    async with tab(relay, number=2) as second:
        await at_prompt(second)
        second.type("sh -c \"echo run''ning; sleep 1000\"\r")
        await second.until("running\r\n")
        second.type("\x03")
        await second.until(PROMPT)
        second.type("\x00\x00\x00\x10\x11\x15echo still-$((1 + 1))\r")
        await second.until("still-2")
        assert [notice.kind for notice in second.notices].count("attached") == 1


async def test_a_reload_finds_the_same_shell_with_what_it_has_shown(relay: TerminalRelay) -> None:
    async with tab(relay, number=2) as before:
        await at_prompt(before)
        before.type("kept=yes; echo before-$((1 + 1))\r")
        await before.until("before-2\r\n" + PROMPT)
        before.type("echo is-$kept")
        await before.until("echo is-$kept")
    async with tab(relay, number=2) as after:
        assert (await after.until_notice("attached")).fields == {"reset": True}
        await after.until_notice("live")
        assert b"before-2\r\n" in after.shown
        await after.until("echo is-$kept")
        after.type("\r")
        await after.until("is-yes")


async def test_what_a_program_writes_while_nobody_looks_is_there_afterwards(relay: TerminalRelay) -> None:
    async with tab(relay, number=2) as before:
        await at_prompt(before)
        before.type("(while ! test -e /go; do sleep 0.05; done; seq 1 40000; touch /done) &\r")
        await before.until("touch /done")
    async with tab(relay) as first:
        await at_prompt(first)
        first.type("touch /go; while ! test -e /done; do sleep 0.05; done; echo writ''ten\r")
        await first.until("written")
    async with tab(relay, number=2) as after:
        await after.until("40000\r\n")


async def test_two_windows_see_the_same_second_terminal_and_learn_of_it(relay: TerminalRelay) -> None:
    async with tab(relay) as first:
        assert (await first.until_notice("terminals")).fields == {"open": [1]}
        async with tab(relay, number=2) as one, tab(relay, number=2) as two:
            await one.until_notice("live")
            await two.until_notice("live")
            assert (await first.until_notice("terminals")).fields == {"open": [1, 2]}
            one.type("echo shared-$((1 + 1))\r")
            await one.until("shared-2")
            await two.until("shared-2")


async def test_exit_gives_a_fresh_shell(relay: TerminalRelay) -> None:
    async with tab(relay, number=3) as third:
        await at_prompt(third)
        third.type("gone=yes; exit 3\r")
        assert (await third.until_notice("attached")).fields == {"reset": True}
        assert (await third.until_notice("attached")).fields == {"reset": False}
        await at_prompt(third)
        assert third.exit_codes == [3]
        third.type("echo is-${gone:-fresh}\r")
        await third.until("is-fresh")


async def test_a_terminal_whose_seat_was_started_anew_gets_a_shell_again(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient
) -> None:
    """`exit` in the first terminal ends the container, and with it everything that ran in it."""
    async with tab(relay) as first, tab(relay, number=2) as second:
        await at_prompt(first)
        await at_prompt(second)
        second.type("gone=yes\r")
        await second.until(PROMPT)
        first.type("exit\r")
        await second.until_notice("attached")
        await second.until_notice("attached")
        await at_prompt(second)
        second.type("echo is-${gone:-fresh}\r")
        await second.until("is-fresh")
        await at_prompt(first)


class EndsTheSeat(EngineClient):
    """Process 1 of a container ends at the moment before a call about an exec, twice; the engine learns of it later."""

    def __init__(self, socket_path: str, before: str) -> None:
        super().__init__(socket_path)
        self.before, self.left = before, 2
        self.container = ""

    async def request(self, method: str, path: str, **options: Any) -> Reply:
        if method == "POST" and path.endswith("/exec"):
            self.container = path.removesuffix("/exec")
            await self._end("is made")
        return await super().request(method, path, **options)

    async def upgrade(self, path: str, **options: Any) -> Wire:
        if path.startswith("/exec/"):
            await self._end("is started")
        return await super().upgrade(path, **options)

    async def _end(self, moment: str) -> None:
        if self.left and moment == self.before:
            self.left -= 1
            async with await self.request("GET", f"{self.container}/json") as reply:
                os.kill((await reply.json())["State"]["Pid"], signal.SIGKILL)


@pytest.mark.parametrize("before", ["is made", "is started"])
async def test_a_seat_that_ends_while_a_shell_starts_in_it_is_started_anew_and_the_engines_words_are_not_shown(
    desk: OneSeat, engine_client: EngineClient, before: str
) -> None:
    client = EndsTheSeat(engine_client.socket_path, before)
    await client.negotiate()
    async with tab(TerminalRelay(desk, client), number=2) as second:
        assert (await second.until("BusyBox")).split() == [b"BusyBox"]
        await at_prompt(second)
        assert client.left == 0
        assert second.exit_codes == []
        assert "engine" not in [notice.kind for notice in second.notices]


async def test_closing_a_terminal_ends_its_shell_in_every_window(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient
) -> None:
    async with tab(relay) as first, tab(relay, number=2) as here, tab(relay, number=2) as there:
        await at_prompt(here)
        await there.until_notice("live")
        here.type("sleep 1000\r")
        await here.until("sleep 1000\r\n")
        assert await running_shells(engine_client, desk) == 1
        here.send(HangUp())
        assert await here.until_closed() == CLOSED
        assert await there.until_closed() == CLOSED
        assert [(await first.until_notice("terminals")).fields["open"] for _ in range(3)] == [[1], [1, 2], [1]]
        while await running_shells(engine_client, desk):
            pass


async def test_the_first_terminal_cannot_be_closed(relay: TerminalRelay) -> None:
    for options in ({}, {"number": 1}):
        async with tab(relay, **options) as first:
            first.send(HangUp())
            assert await first.until_closed() == 4400


async def test_the_end_of_the_seat_closes_all_its_terminals(relay: TerminalRelay, desk: OneSeat) -> None:
    async with tab(relay, number=2) as second:
        await at_prompt(second)
        desk.changes("ended", why="idle")
        assert (await second.until_notice("ended")).fields == {"why": "idle"}
        assert await second.until_closed() == 4410


async def test_a_flood_is_held_back_by_credit_and_a_window_that_does_not_read_is_let_go(
    desk: OneSeat, engine_client: EngineClient
) -> None:
    relay = TerminalRelay(desk, engine_client, patience=0.5)
    async with tab(relay, number=2) as ada:
        await at_prompt(ada)
        ada.pays, ada.received = False, 0
        ada.type("yes 'a line of output that nobody reads'\r")
        assert await ada.until_closed() == 4408
        assert ada.received == WINDOW
    async with tab(relay, number=2) as ada:
        await ada.until_notice("live")
        ada.type("\x03")
        await at_prompt(ada)


async def test_what_another_server_has_left_running_is_ended_when_a_shell_starts(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient
) -> None:
    async with tab(relay, number=2) as before, tab(relay, number=3) as other:
        await at_prompt(before)
        await at_prompt(other)
    async with tab(TerminalRelay(desk, engine_client), number=2) as after:
        await at_prompt(after)
        assert await running_shells(engine_client, desk) == 1


# ── Attacks ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [0, MOST + 1, 99, -1, 10**30])
async def test_a_terminal_that_no_seat_has_is_refused_before_it_opens(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient, number: int
) -> None:
    refused = Tab(relay, number=number)
    assert await refused.answer() == {"type": "websocket.close"}
    await refused.close()
    assert await running_shells(engine_client, desk) == 0


@pytest.mark.parametrize(("learner", "seat"), [(None, None), (None, "adas-seat"), (BEN, "adas-seat")])
async def test_nobody_elses_terminal_is_to_be_had(relay: TerminalRelay, learner: int | None, seat: str | None) -> None:
    refused = Tab(relay, learner, seat=seat, number=2)
    assert await refused.answer() == {"type": "websocket.close"}
    await refused.close()


async def test_a_number_names_a_terminal_of_ones_own_seat_only(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient, instance: str
) -> None:
    """Ben's terminal 2 is Ben's, though Ada has one too: the address does not say whose."""
    async with tab(relay, number=2) as ada:
        await at_prompt(ada)
        ada.type("secret=adas\r")
        await at_prompt(ada)
        async with one_seat(engine_client, instance) as bens:
            assert bens.seat
            bens.seat.id, bens.learner = "bens-seat", BEN
            async with tab(TerminalRelay(bens, engine_client), learner_id=BEN, number=2) as ben:
                await at_prompt(ben)
                ben.type("echo is-${secret:-unknown}\r")
                await ben.until("is-unknown")


async def test_a_thousand_terminals_are_three_shells(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient
) -> None:
    opened = [await Tab(relay, number=2 + place % 3).open() for place in range(MOST_SOCKETS)]
    for place in range(1000 - MOST_SOCKETS):
        one_more = await Tab(relay, number=2 + place % 3).open()
        assert await one_more.until_closed() == TOO_MANY
    for terminal in opened:
        await terminal.until_notice("live")
    assert await running_shells(engine_client, desk) == 3
    for terminal in opened:
        await terminal.close()
    assert desk.learner_of("adas-seat") == ADA
