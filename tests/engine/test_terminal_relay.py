"""The relay between a tab that speaks the protocol and a real shell on a real engine."""

import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.seats.models import Seat
from playground.seats.roster import Change
from playground.seats.waiting import Queued
from playground.terminal.flow import WINDOW
from playground.terminal.frames import Resize
from playground.terminal.relay import MOST_SOCKETS, TOO_MANY, TerminalRelay
from tests.engine.terminals import ADA, BEN, OneSeat, Tab, one_seat, tab

PROMPT = "/ # "
FLOOD = "yes 'a line of output that nobody reads'\r"


async def test_a_learner_types_and_reads_the_answer(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("echo $((6 * 7))\r")
        assert b"\r\n42\r\n" in await ada.until("42\r\n" + PROMPT)


async def test_who_waits_is_told_the_place_and_for_how_long_and_for_what(relay: TerminalRelay, desk: OneSeat) -> None:
    desk.before = [Queued(2, 90, limit=30), Queued(1)]
    async with tab(relay) as ada:
        assert (await ada.until_notice("queue")).fields == {"position": 2, "minutes": 90, "limit": 30}
        assert (await ada.until_notice("queue")).fields == {"position": 1, "minutes": None, "limit": None}
        await ada.until(PROMPT)


async def test_the_shell_knows_the_size_of_the_screen(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.send(Resize(133, 41))
        ada.send(Resize(101, 37))
        await ada.until(PROMPT)
        ada.type("stty size\r")
        await ada.until("37 101")


async def test_ctrl_p_brings_the_last_command_back_at_once(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("echo again-$((1 + 1))\r")
        await ada.until("again-2\r\n" + PROMPT)
        ada.type("\x10")
        await ada.until("echo again-$((1 + 1))")


async def test_ctrl_p_ctrl_q_does_not_cut_the_learner_off(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("\x10\x11\x15echo still-$((1 + 1))\r")
        await ada.until("still-2")
        assert [notice.kind for notice in ada.notices].count("attached") == 1


async def test_the_keys_that_detach_cannot_be_sent(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type(b"\xff\xfe\x15echo still-$((1 + 1))\r")
        await ada.until("still-2")
        assert [notice.kind for notice in ada.notices].count("attached") == 1


async def test_exit_tells_the_code_and_gives_a_fresh_shell(relay: TerminalRelay, desk: OneSeat) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("gone=yes; exit 3\r")
        assert (await ada.until_notice("attached")).fields == {"reset": True}
        assert (await ada.until_notice("attached")).fields == {"reset": False}
        assert ada.exit_codes == [3]
        await ada.until("exit 3")
        await ada.until(PROMPT)
        assert desk.revived == 1
        assert ada.notices[-1].kind == "live"
        ada.type("echo is-${gone:-fresh}\r")
        await ada.until("is-fresh")


async def test_a_shell_that_cannot_be_started_now_is_started_later(
    relay: TerminalRelay, desk: OneSeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(seat: Seat) -> None:
        monkeypatch.undo()
        raise EngineError("no room for one more process", 500)

    async with tab(relay) as ada:
        await ada.until(PROMPT)
        monkeypatch.setattr(desk, "revive", no_room)
        ada.type("exit\r")
        assert (await ada.until_notice("engine")).fields == {"alive": False}
        assert (await ada.until_notice("engine")).fields == {"alive": True}
        ada.type("echo back-$((1 + 1))\r")
        await ada.until("back-2")


async def test_a_seat_whose_shell_ended_unseen_is_revived_when_a_terminal_opens(
    relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient
) -> None:
    assert desk.seat
    async with await engine_client.request("POST", f"/containers/{desk.seat.container_id}/kill") as reply:
        await reply.raise_for_status()
    async with tab(relay) as ada:
        await ada.until_notice("live")
        ada.type("echo back-$((1 + 1))\r")
        await ada.until("back-2")
        assert desk.revived == 1


async def test_after_a_reload_the_scrollback_and_the_open_line_are_there(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("echo before-$((1 + 1))\r")
        await ada.until("before-2\r\n" + PROMPT)
        ada.type("echo half a li")
        await ada.until("half a li")
    async with tab(relay) as ada:
        assert (await ada.until_notice("attached")).fields == {"reset": True}
        await ada.until("before-2\r\n")
        await ada.until_notice("live")
        await ada.until(PROMPT + "echo half a li")


async def test_what_is_replayed_comes_before_the_notice_that_the_terminal_is_live(relay: TerminalRelay) -> None:
    """The browser lets its terminal answer queries only once it is live: replayed ones were answered long ago."""
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("echo one; echo two; echo three\r")
        await ada.until("three\r\n" + PROMPT)
    async with tab(relay) as ada:
        await ada.until_notice("live")
        assert b"one\r\ntwo\r\nthree\r\n" in ada.shown


async def test_a_second_tab_shows_the_same_terminal(relay: TerminalRelay) -> None:
    async with tab(relay) as first, tab(relay, seat="adas-seat") as second:
        await first.until(PROMPT)
        await second.until_notice("live")
        first.type("echo shared-$((1 + 1))\r")
        await second.until("shared-2")
        await first.until("shared-2")


@pytest.mark.attack("output that nobody reads")
async def test_a_browser_that_stops_reading_is_sent_one_window_costs_less_than_a_mebibyte_and_is_let_go(
    desk: OneSeat, engine_client: EngineClient
) -> None:
    async with tab(TerminalRelay(desk, engine_client, patience=0.5)) as ada:
        await ada.until(PROMPT)
        ada.pays, ada.received = False, 0
        tracemalloc.start()
        try:
            ada.type(FLOOD)
            assert await ada.until_closed() == 4408
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert ada.received == WINDOW
        assert most < 1024 * 1024


async def test_typing_gets_through_while_a_flood_waits_for_credit(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type(FLOOD)
        while ada.received < 2 * WINDOW:
            await ada.until("nobody reads\r\n")
        ada.type("\x03")
        await ada.until(PROMPT)


async def test_more_input_than_a_program_ever_takes_closes_the_terminal(relay: TerminalRelay) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        ada.type("sleep 1000\r")
        for _ in range(80):
            ada.type(b"x" * 65536)
        assert await ada.until_closed() == 4400


@pytest.mark.parametrize(
    "message", [b"", b"\x10output is not the browser's", b"\x01\x00\x00\x00\x00", b"\x02\xff\xff\xff\xff"]
)
async def test_what_is_not_a_frame_closes_the_terminal(relay: TerminalRelay, message: bytes) -> None:
    async with tab(relay) as ada:
        ada.send_raw(message)
        assert await ada.until_closed() == 4400


async def test_a_seat_that_ends_is_told_and_closes_the_terminal(relay: TerminalRelay, desk: OneSeat) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        desk.changes("ended", why="idle")
        assert (await ada.until_notice("ended")).fields == {"why": "idle"}
        assert await ada.until_closed() == 4410


async def test_the_end_of_an_earlier_seat_does_not_close_a_terminal_of_the_next(
    relay: TerminalRelay, desk: OneSeat
) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        desk.tell(Change("an-earlier-one", ADA, "ended", why="time"))
        ada.type("echo still-$((1 + 1))\r")
        await ada.until("still-2")


async def test_a_terminal_that_opens_when_the_end_is_near_is_told_too(relay: TerminalRelay, desk: OneSeat) -> None:
    assert desk.seat
    desk.seat.ends_at = timezone.now() + timedelta(minutes=1)
    async with tab(relay) as ada:
        assert (await ada.until_notice("seat")).fields["soon"] is True

        desk.changes("extended", ends_at=timezone.now() + timedelta(hours=1))
        assert (await ada.until_notice("seat")).fields["soon"] is False


async def test_a_seat_that_will_end_soon_is_told_before(relay: TerminalRelay, desk: OneSeat) -> None:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        desk.changes("soon", ends_at=datetime(2030, 1, 1, tzinfo=UTC))
        notice = await ada.until_notice("seat")
        assert notice.fields["soon"] is True
        assert notice.fields["ends_at"] == "2030-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("learner", "seat"), [(None, None), (None, "adas-seat"), (BEN, "adas-seat"), (ADA, "no-such-seat")]
)
@pytest.mark.attack("a terminal opened from elsewhere")
async def test_a_terminal_that_is_not_theirs_is_refused_before_it_opens(
    relay: TerminalRelay, learner: int | None, seat: str | None
) -> None:
    refused = Tab(relay, learner, seat=seat)
    assert await refused.answer() == {"type": "websocket.close"}
    await refused.close()


@pytest.mark.attack("sockets of the browser without end")
async def test_a_learner_may_open_so_many_terminals_and_no_more(relay: TerminalRelay) -> None:
    tabs = [await Tab(relay).open() for _ in range(MOST_SOCKETS)]
    one_more = await Tab(relay).open()
    assert await one_more.until_closed() == TOO_MANY
    await tabs.pop().close()
    async with tab(relay) as instead:
        await instead.until_notice("live")
    for open_tab in tabs:
        await open_tab.close()


async def test_a_shell_that_dies_at_once_does_not_spin(engine_client: EngineClient, instance: str) -> None:
    async with (
        one_seat(engine_client, instance, "/bin/sleep", "0") as desk,
        tab(TerminalRelay(desk, engine_client)) as ada,
    ):
        while not any("seconds" in notice.fields for notice in ada.notices):
            await ada.read()
        assert desk.revived <= 3
