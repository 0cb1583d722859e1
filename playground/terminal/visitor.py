"""One of a learner's terminals as a visitor has it: the same bytes, at the learner's size, and keys only by consent."""

import asyncio
import time
from contextlib import aclosing

from playground.engine.errors import EngineError, NotFound
from playground.seats.models import Seat
from playground.terminal.browser import Browser
from playground.terminal.carrying import Typed, carry_output, outlast_engine, race
from playground.terminal.flow import Pace
from playground.terminal.frames import Consent, FrameError, HangUp, Input, Resize
from playground.terminal.ground import Ground
from playground.terminal.line import Line
from playground.terminal.shell_line import ShellLine, line_of
from playground.terminal.visits import Typing, Visit

PACE = 0.1  # seconds between two notices, and between two words: a window that is dragged has hundreds of sizes

AHEAD = 1024  # bytes that may be on their way to a program: what consent was for may arrive after it


class VisitOver(Exception):
    """The visitor or the learner has ended it, or the visitor may not look on any more."""


class Visitor:
    def __init__(self, ground: Ground, browser: Browser, visit: Visit, number: int) -> None:
        self._desk, self._shells, self._visits = ground.desk, ground.shells, ground.visits
        self._client, self._on_typed = ground.client, ground.on_typed
        self._browser, self._visit, self._number = browser, visit, number
        self._typed = Typed(allowed=self._may_type, ahead=AHEAD)
        self._told: dict[str, object] = {}

    async def run(self) -> None:
        """Returns when the browser is gone. Raises VisitOver, Stalled, FrameError and FlowError."""
        await race(self._listen(), self._keep_told(), self._show_for_ever())

    async def _listen(self) -> None:
        async for frame in self._browser.typed():
            match frame:
                case Input(data):
                    self._typed.put(data)
                    self._on_typed(self._visit.learner_id)
                case Consent(word):
                    await self._visits.visitor_says(self._visit, word)
                    await asyncio.sleep(PACE)
                case HangUp():
                    raise FrameError("a visitor closes no terminal")
                case Resize():
                    pass  # the terminal has the size of the learner's window

    def _may_type(self) -> bool:
        """Only while the learner agrees, and can see it."""
        return self._visit.typing is Typing.YES and self._visits.is_seen(self._visit)

    # ── What is told ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _keep_told(self) -> None:
        while True:
            moved = self._visit.moved
            if self._visit.is_over:
                raise VisitOver
            if not self._may_type():
                self._typed.drop()
            await self._tell()
            await moved.wait()
            if not self._visit.is_over:
                await asyncio.sleep(PACE)

    async def _tell(self) -> None:
        """How the learner's terminals are, where that has changed."""
        size = self._size
        seat = self._seat
        state: dict[str, object] = {
            "here": seat is not None,
            "typing": self._visit.typing,
            "open": self._shells.open(seat.id) if seat else [],
            "columns": size.columns if size else 0,
            "rows": size.rows if size else 0,
        }
        if state != self._told:
            self._told = state
            await self._browser.notice("learner", **state)

    @property
    def _seat(self) -> Seat | None:
        """The learner's, while they can see that somebody looks on."""
        return self._desk.of_learner(self._visit.learner_id) if self._visits.is_seen(self._visit) else None

    @property
    def _size(self) -> Resize | None:
        return self._visits.size_of(self._visit, self._number)

    # ── What is shown ────────────────────────────────────────────────────────────────────────────────────────────

    async def _show_for_ever(self) -> None:
        pace = Pace()
        while True:
            seat, began = await self._until_there(), time.monotonic()
            try:
                await race(self._show(seat), self._while_there(seat))
            except NotFound:
                pass  # the seat or the shell has ended: the next one is waited for
            except EngineError:
                await outlast_engine(self._client, self._browser)
                self._told = {}  # it heard of nothing but the engine
            await asyncio.sleep(pace.wait(time.monotonic() - began))

    async def _until_there(self) -> Seat:
        while True:
            moved = self._visit.moved
            seat = self._seat
            if seat and self._size and self._number in self._shells.open(seat.id):
                return seat
            await moved.wait()

    async def _while_there(self, seat: Seat) -> None:
        while True:
            moved = self._visit.moved
            if self._seat != seat:
                return
            await moved.wait()

    async def _show(self, seat: Seat) -> None:
        """Until the shell ends. Nothing is started or revived for a visitor: that is the learner's terminal's doing."""
        line = line_of(self._shells, self._client, seat, self._number, starts=False)
        try:
            await self._tell()
            await self._browser.notice("attached", reset=True)
            async with aclosing(line.scrollback()) as scrollback:
                async for data in scrollback:
                    await self._browser.output(data)
            wire = await line.attach()
            await self._browser.notice("live")
            await race(
                carry_output(wire, self._browser, self._typed.shown), self._typed.carry(wire), self._redraw(line)
            )
        finally:
            line.let_go()

    async def _redraw(self, line: Line | ShellLine) -> None:
        """As the log has no open line. The terminal is given its own size, and again where the learner's window has
        changed meanwhile; a visitor who goes in between leaves no other behind."""
        drawn: Resize | None = None
        while (size := self._size) and size != drawn:
            await asyncio.shield(line.redraw(size))
            drawn = size
        await asyncio.Event().wait()  # goes on as long as the attach
