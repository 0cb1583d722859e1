"""A teacher looks on at a learner's real terminal: what she sees and may type, and that the learner always knows."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest

from playground.engine.client import EngineClient
from playground.terminal.flow import WINDOW
from playground.terminal.frames import LARGEST_INPUT, Consent, Credit, HangUp, Resize, Word
from playground.terminal.relay import TOO_MANY, TerminalRelay
from playground.terminal.visit_relay import MOST_SOCKETS, TAKEN, VisitRelay
from playground.terminal.visitor import AHEAD
from tests.engine.terminals import ADA, BEN, OneSeat, Tab, tab

TESS, TOM = 7, 8
PROMPT = "/ # "
OVER, STALLED = 4413, 4408


class Rights:
    """Tess and Tom hold the classroom 1, in which Ada is."""

    def __init__(self) -> None:
        self.holders = {TESS: "Tess", TOM: "Tom"}

    async def admit(self, visitor: int, classroom: int, learner: int) -> str | None:
        return self.holders.get(visitor) if (classroom, learner) == (1, ADA) else None


@pytest.fixture
def rights() -> Rights:
    return Rights()


@pytest.fixture
def visits(relay: TerminalRelay, desk: OneSeat, engine_client: EngineClient, rights: Rights) -> VisitRelay:
    return VisitRelay(relay, rights.admit)


def look_on(
    visits: VisitRelay, who: int = TESS, learner: int = ADA, number: int = 1
) -> AbstractAsyncContextManager[Tab]:
    return tab(visits, learner_id=who, classroom=1, learner=learner, number=number)


@pytest.fixture
async def ada(relay: TerminalRelay) -> AsyncIterator[Tab]:
    async with tab(relay) as ada:
        await ada.until(PROMPT)
        yield ada


async def until_typing(person: Tab, typing: str, kind: str = "visit") -> None:
    while (await person.until_notice(kind)).fields["typing"] != typing:
        pass


async def shown_until_attached(person: Tab) -> bytes:
    """What comes before a terminal is shown anew."""
    person.notices.clear()
    while not any(notice.kind == "attached" for notice in person.notices):
        assert await person.read()
    return person.shown


async def agreed(ada: Tab, tess: Tab) -> None:
    tess.send(Consent(Word.YES))
    await until_typing(ada, "asked")
    ada.send(Consent(Word.YES))
    await until_typing(tess, "yes", "learner")


async def test_the_teacher_sees_what_was_there_and_what_comes_and_the_learner_is_told_first(
    ada: Tab, visits: VisitRelay
) -> None:
    ada.type("echo before-$((1 + 1))\r")
    await ada.until("before-2")
    async with look_on(visits) as tess:
        told = await tess.until_notice("learner")
        assert told.fields == {"here": True, "typing": "no", "open": [1], "columns": 80, "rows": 24}
        assert (await ada.until_notice("visit")).fields == {"name": "Tess", "typing": "no"}
        await tess.until("before-2")
        await tess.until_notice("live")
        ada.type("echo later-$((1 + 1))\r")
        await tess.until("later-2")
    assert (await ada.until_notice("visit")).fields == {"name": "", "typing": "no"}


async def test_keys_are_told_as_the_learners_whoever_hits_them(
    desk: OneSeat, engine_client: EngineClient, rights: Rights
) -> None:
    typed: list[int] = []
    relay = TerminalRelay(desk, engine_client, on_typed=typed.append)
    async with tab(relay) as ada, look_on(VisitRelay(relay, rights.admit)) as tess:
        await ada.until_notice("live")
        ada.type("echo adas")
        await ada.until("echo adas")
        await tess.until_notice("live")
        await agreed(ada, tess)
        tess.type("-and-tess")
        await ada.until("-and-tess")
    assert typed == [ADA, ADA]


async def test_a_window_that_the_learner_opens_later_is_told_too(
    ada: Tab, relay: TerminalRelay, visits: VisitRelay
) -> None:
    async with look_on(visits), tab(relay) as other:
        assert (await other.until_notice("visit")).fields == {"name": "Tess", "typing": "no"}


async def test_the_teacher_types_once_the_learner_agrees_and_until_either_says_no(ada: Tab, visits: VisitRelay) -> None:
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        await agreed(ada, tess)
        tess.type("echo together-$((1 + 1))\r")
        await ada.until("together-2")
        ada.send(Consent(Word.NO))
        await until_typing(tess, "no", "learner")
        tess.type("echo alone-$((1 + 1))\r")
        await agreed(ada, tess)
        tess.send(Consent(Word.NO))
        await until_typing(ada, "no")
        ada.type("echo end-$((1 + 1))\r")
        assert b"alone" not in await ada.until("end-2")


@pytest.mark.attack("typing into another's terminal")
async def test_nothing_that_the_teacher_types_without_consent_arrives(ada: Tab, visits: VisitRelay) -> None:
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        tess.type("echo unasked-$((1 + 1))\r")
        tess.send(Consent(Word.YES))
        await until_typing(ada, "asked")
        tess.type("echo asked-$((1 + 1))\r")
        ada.send(Consent(Word.NO))
        await until_typing(tess, "no", "learner")
        await until_typing(ada, "no")
        ada.send(Consent(Word.YES))  # to a question that was answered already
        ada.type("echo heard-$((1 + 1))\r")
        shown = await ada.until("heard-2")
        tess.type("echo answered-$((1 + 1))\r")
        tess.send(Consent(Word.YES))  # is heard after what was typed
        await until_typing(ada, "asked")
        ada.type("echo end-$((1 + 1))\r")
        shown += await ada.until("end-2")
        assert all(word not in shown for word in (b"unasked", b"asked", b"answered"))


@pytest.mark.attack("typing into another's terminal")
async def test_little_of_what_was_typed_with_consent_arrives_after_it(
    ada: Tab, relay: TerminalRelay, visits: VisitRelay
) -> None:
    """The program does not read until Ada lets it, long after the teacher has pasted a lot. The engine alone would keep
    200 KiB for it."""
    async with look_on(visits) as tess, tab(relay, number=2) as second:
        await second.until(PROMPT)
        await tess.until_notice("live")
        ada.type("stty raw -echo; echo is-$((1 + 1)); until [ -e /tmp/go ]; do sleep 0.1; done; ")
        ada.type("echo arrived-$(timeout 1 cat | wc -c)-bytes\r")
        await ada.until("is-2")
        await agreed(ada, tess)
        for _ in range(8):
            tess.type(b"x" * LARGEST_INPUT)
        ada.send(Consent(Word.NO))
        await until_typing(tess, "no", "learner")
        second.type("touch /tmp/go\r")
        await ada.until("arrived-")
        assert int((await ada.until("-bytes")).removesuffix(b"-bytes")) <= 16 * AHEAD


@pytest.mark.attack("typing into another's terminal")
async def test_nothing_that_the_teacher_types_while_the_learner_is_away_arrives_later(
    relay: TerminalRelay, visits: VisitRelay
) -> None:
    async with look_on(visits) as tess:
        async with tab(relay) as ada:
            await tess.until_notice("live")
            await agreed(ada, tess)
        while (await tess.until_notice("learner")).fields["here"]:
            pass
        tess.type("echo unseen-$((1 + 1))\r")
        tess.send(Consent(Word.YES))  # is heard after what was typed
        async with tab(relay) as ada:
            await until_typing(ada, "yes")
            while not (await tess.until_notice("learner")).fields["here"]:
                pass
            await tess.until_notice("live")
            tess.type("echo seen-$((1 + 1))\r")
            assert b"unseen-2" not in await ada.until("\r\nseen-2")


async def test_a_long_paste_of_the_teachers_arrives_whole_also_where_nothing_is_shown(
    ada: Tab, visits: VisitRelay
) -> None:
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        await agreed(ada, tess)
        tess.type("echo got-$(head -c 3000 | wc -c)\r")
        tess.type("stty\n" * 600)  # the terminal shows what comes
        await ada.until("got-3000")
        tess.type("stty raw -echo; echo is-$((1 + 1)); echo got-$(head -c 3000 | wc -c); stty sane\r")
        await ada.until("is-2")
        tess.type("x" * 3000)
        await ada.until("got-3000")


async def test_a_visitor_who_reads_slowly_does_not_hold_the_learner_up(
    ada: Tab, visits: VisitRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.terminal.visit_relay.PATIENCE", 0.5)
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        tess.pays = False
        ada.type("yes 'a line of output'\r")
        while tess.received < WINDOW:
            assert await ada.read()
            assert await tess.read()
        while await tess.read():
            tess.send(Credit(1))  # for each byte that comes
        assert tess.closed == STALLED


@pytest.mark.attack("looking on unseen")
async def test_without_a_terminal_where_the_learner_sees_it_the_teacher_is_shown_nothing(
    relay: TerminalRelay, visits: VisitRelay
) -> None:
    async with look_on(visits) as tess:
        assert (await tess.until_notice("learner")).fields["here"] is False
        async with tab(relay) as ada:
            assert (await ada.until_notice("visit")).fields["name"] == "Tess"
            await tess.until_notice("live")
            assert tess.received > 0 or await tess.until(PROMPT)
        while (await tess.until_notice("learner")).fields["here"]:
            pass
    async with tab(relay) as ada, look_on(visits, number=2) as tess, tab(relay, number=2) as second:
        await second.until(PROMPT)
        await tess.until_notice("live")
        await ada.close()  # what is left open, a further terminal, tells of no visit
        while (await tess.until_notice("learner")).fields["here"]:
            pass
        tess.shown = b""
        second.type("echo hidden-$((1 + 1))\r")
        await second.until("hidden-2")
        async with tab(relay):  # now it is seen again; what was there is the scrollback, and comes after this
            assert b"hidden" not in await shown_until_attached(tess)


@pytest.mark.attack("another's classroom")
@pytest.mark.parametrize(
    ("who", "place"),
    [
        (None, {"classroom": 1, "learner": ADA, "number": 1}),
        (ADA, {"classroom": 1, "learner": ADA, "number": 1}),
        (BEN, {"classroom": 1, "learner": ADA, "number": 1}),
        (TESS, {"classroom": 2, "learner": ADA, "number": 1}),
        (TESS, {"classroom": 1, "learner": BEN, "number": 1}),
        (TESS, {"classroom": 1, "learner": 999, "number": 1}),
        (TESS, {"classroom": 1, "learner": ADA, "number": 5}),
    ],
)
async def test_who_may_not_look_on_is_refused_before_the_socket_opens(
    visits: VisitRelay, who: int | None, place: dict[str, int]
) -> None:
    assert await Tab(visits, who, **place).answer() == {"type": "websocket.close"}


@pytest.mark.parametrize("by_the_learner", [True, False])
async def test_either_ends_the_visit(ada: Tab, visits: VisitRelay, by_the_learner: bool) -> None:
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        assert (await ada.until_notice("visit")).fields["name"] == "Tess"
        (ada if by_the_learner else tess).send(Consent(Word.END))
        assert await tess.until_closed() == OVER
        assert (await ada.until_notice("visit")).fields["name"] == ""


async def test_who_loses_the_right_is_shown_no_more(
    ada: Tab, visits: VisitRelay, rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.terminal.visit_relay.RECHECK", 0.05)
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        rights.holders.clear()
        assert await tess.until_closed() == OVER


async def test_there_is_one_visitor_at_a_time(ada: Tab, visits: VisitRelay) -> None:
    async with look_on(visits), look_on(visits, TOM) as tom:
        assert await tom.until_closed() == TAKEN


async def test_the_teacher_has_the_learners_further_terminals_and_starts_none(
    ada: Tab, relay: TerminalRelay, visits: VisitRelay
) -> None:
    async with look_on(visits, number=2) as tess:
        assert (await tess.until_notice("learner")).fields["open"] == [1]
        async with tab(relay, number=2) as second:
            await second.until(PROMPT)
            second.type("echo second-$((1 + 1))\r")
            await tess.until("second-2")
            assert (await ada.until_notice("visit")).fields["name"] == "Tess"


async def test_the_terminal_has_the_learners_size_whatever_the_teachers_window(ada: Tab, visits: VisitRelay) -> None:
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        tess.send(Resize(200, 60))
        ada.send(Resize(91, 31))
        while (told := await tess.until_notice("learner")).fields["columns"] != 91:
            pass
        assert told.fields["rows"] == 31
        ada.type("stty size\r")
        await ada.until("31 91")


async def test_after_exit_the_teacher_sees_the_fresh_shell(ada: Tab, visits: VisitRelay) -> None:
    async with look_on(visits) as tess:
        await tess.until_notice("live")
        ada.type("exit\r")
        while not ada.exit_codes:
            assert await ada.read()
        await ada.until(PROMPT)
        ada.type("echo fresh-$((1 + 1))\r")
        await tess.until("fresh-2")


async def test_a_visitor_closes_no_terminal(ada: Tab, visits: VisitRelay) -> None:
    async with look_on(visits) as tess:
        tess.send(HangUp())
        assert await tess.until_closed() == 4400


async def test_a_visitor_has_not_any_number_of_sockets(ada: Tab, visits: VisitRelay) -> None:
    place = {"classroom": 1, "learner": ADA, "number": 1}
    tabs = [await Tab(visits, TESS, **place).open() for _ in range(MOST_SOCKETS)]
    async with look_on(visits) as one_more:
        assert await one_more.until_closed() == TOO_MANY
    for each in tabs:
        await each.close()
