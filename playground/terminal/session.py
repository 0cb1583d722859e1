"""One browser terminal from its opening to its end: a seat, one shell after another in it, and what is told of them."""

import asyncio
import logging
import time
from contextlib import aclosing
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from playground.engine.errors import EngineError, NotFound
from playground.seats.desk import LearnerGone
from playground.seats.models import Seat
from playground.seats.roster import Change
from playground.terminal.browser import Browser
from playground.terminal.carrying import Typed, carry_output, outlast_engine, race
from playground.terminal.flow import Pace
from playground.terminal.frames import Consent, Exit, FrameError, HangUp, Input, Resize
from playground.terminal.ground import Ground
from playground.terminal.line import Line
from playground.terminal.shell_line import ShellLine, line_of
from playground.terminal.shells import FIRST, Closed, NotBegun

log = logging.getLogger(__name__)

SEEN_FIRST = 2.0  # seconds: a row is written, which must not be in the way of the first prompt
SEEN_EVERY = 60.0


class SeatEnded(Exception):
    """The learner's seat is not theirs any more."""


class Session:
    """`number` is the terminal's, from FIRST on."""

    def __init__(self, ground: Ground, browser: Browser, learner_id: int, number: int = FIRST) -> None:
        self._desk, self._shells, self._visits = ground.desk, ground.shells, ground.visits
        self._client, self._on_typed = ground.client, ground.on_typed
        self._browser = browser
        self._learner_id = learner_id
        self.number = number
        self.size: Resize | None = None  # of the browser's screen, once it has told
        self.sized_at = 0.0
        self._typed = Typed()
        self._resized = asyncio.Event()
        self._changes: asyncio.Queue[Change] = asyncio.Queue()
        self._terminals = asyncio.Event()
        self._untouched = False  # the seat was lent to this session, and its first terminal has shown nothing yet

    async def run(self) -> None:
        """Returns when the browser is gone. Raises SeatEnded, Closed, Stalled, FrameError and FlowError."""
        await race(self._listen(), self._serve())

    async def _listen(self) -> None:
        """Never waits for the engine: credit must get past input that a program does not take."""
        async for frame in self._browser.typed():
            if isinstance(frame, Input):
                self._typed.put(frame.data)
                self._on_typed(self._learner_id)
            elif isinstance(frame, Consent):
                await self._visits.learner_says(self._learner_id, frame.word)
            elif isinstance(frame, HangUp):
                await self._hang_up()
            else:
                self.size, self.sized_at = frame, time.monotonic()
                self._resized.set()
                self._visits.wake(self._learner_id)

    async def _hang_up(self) -> None:
        if self.number == FIRST:
            raise FrameError("the first terminal is the seat's own and stays open")
        if seat := self._desk.of_learner(self._learner_id):
            await self._shells.close(seat.id, self.number)
        raise Closed

    async def _serve(self) -> None:
        seat = await self._lend_once_the_engine_can()
        runners = [self._tell_changes(seat), self._say_seen(seat), self._keep_shell(seat)]
        if self.number == FIRST:
            runners.append(self._tell_terminals(seat))
        await race(*runners)

    # ── The seat ─────────────────────────────────────────────────────────────────────────────────────────────────

    def seat_changed(self, change: Change) -> None:
        self._changes.put_nowait(change)

    def terminals_changed(self) -> None:
        self._terminals.set()

    async def _lend_once_the_engine_can(self) -> Seat:
        while True:
            try:
                return await self._lend()
            except LearnerGone as error:
                raise SeatEnded from error
            except EngineError as error:
                log.warning("No seat for learner %s yet: %s", self._learner_id, error)
                await outlast_engine(self._client, self._browser)

    async def _lend(self) -> Seat:
        if not self._desk.of_learner(self._learner_id):
            self._untouched = self.number == FIRST
            await self._browser.notice("starting")
        seat: Seat | None = None
        async for got in self._desk.wait(self._learner_id):
            if isinstance(got, Seat):
                seat = got
            else:
                await self._browser.notice("queue", position=got.position, minutes=got.minutes, limit=got.limit)
        if seat is None:
            raise SeatEnded
        return seat

    async def _tell_changes(self, seat: Seat) -> None:
        """Tell when the seat will end, and again when that has changed or is near."""
        await self._tell_end(seat, seat.ends_at)
        while True:
            change = await self._changes.get()
            if change.seat != seat.id:  # an earlier seat of the learner's
                continue
            if change.kind == "ended":
                raise SeatEnded(change.why)
            await self._tell_end(seat, change.ends_at, soon=change.kind == "soon")

    async def _tell_end(self, seat: Seat, ends_at: datetime | None, *, soon: bool = False) -> None:
        """The desk warns once; a terminal that opens after that is told too."""
        if ends_at:
            minutes = settings.SEAT_IDLE_MINUTES
            soon = soon or ends_at - timezone.now() <= timedelta(minutes=settings.SEAT_WARN_MINUTES)
            await self._browser.notice("seat", id=seat.id, ends_at=ends_at.isoformat(), soon=soon, idle_minutes=minutes)

    async def _tell_terminals(self, seat: Seat) -> None:
        """Which terminals there are, so that a page that was loaded anew has all of them again."""
        while True:
            self._terminals.clear()
            await self._browser.notice("terminals", open=self._shells.open(seat.id))
            await self._terminals.wait()

    async def _say_seen(self, seat: Seat) -> None:
        await asyncio.sleep(SEEN_FIRST)
        while True:
            await self._desk.seen(seat.id)
            await asyncio.sleep(SEEN_EVERY)

    async def tell_visit(self, name: str, typing: str) -> None:
        """`name` looks on, "" for nobody any more; `typing` is one of visits.Typing."""
        await self._browser.notice("visit", name=name, typing=typing)

    # ── The shell ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _keep_shell(self, seat: Seat) -> None:
        while True:
            try:
                await self._one_after_another(seat)
            except EngineError as error:
                log.warning("The shell of seat %s is not to be had: %s", seat.id, error)
                await outlast_engine(self._client, self._browser)

    async def _one_after_another(self, seat: Seat) -> None:
        """One shell after another, until the engine is gone."""
        pace = Pace()
        replay = True
        while True:
            began = time.monotonic()
            line = line_of(self._shells, self._client, seat, self.number)
            try:
                await self._attached(seat, line, replay)
            except (NotFound, NotBegun) as error:  # the container was removed from under the seat, or has just ended
                log.info("The shell of seat %s has not started: %s", seat.id, error)
                await self._revive(seat)
            finally:
                line.let_go()
            code = await line.exit_code()
            replay = code is None
            if code is not None:
                await self._browser.send(Exit(code))
            if pause := pace.wait(time.monotonic() - began):
                await self._browser.notice("starting", seconds=pause)
                await asyncio.sleep(pause)

    async def _attached(self, seat: Seat, line: Line | ShellLine, replay: bool) -> None:
        """Carry the terminal's bytes until the engine ends the stream.

        Without `replay` the shell has just ended: a fresh one starts once the attach is there to show all of it."""
        await self._browser.notice("attached", reset=replay)
        if replay and not self._untouched:
            async with aclosing(line.scrollback()) as scrollback:
                async for data in scrollback:
                    await self._browser.output(data)
        self._untouched = False
        wire = await line.attach()
        if not replay:
            await self._revive(seat)
        await self._browser.notice("live")
        await race(
            carry_output(wire, self._browser),
            self._typed.carry(wire),
            self._carry_size(line),
            self._start_if_ended(seat, line),
        )

    async def _start_if_ended(self, seat: Seat, line: Line | ShellLine) -> None:
        """The shell may have ended while nobody looked. Asked after the attach, so that no later end is missed, and
        beside it, so that a shell that runs is not kept waiting."""
        if not await line.running():
            await self._revive(seat)
            self._resized.set()
            await self._browser.notice("live")
        await asyncio.Event().wait()  # goes on as long as the attach

    async def _revive(self, seat: Seat) -> None:
        await self._browser.notice("starting")
        try:
            await self._desk.revive(seat)
        except NotFound as error:
            raise SeatEnded from error

    async def _carry_size(self, line: Line | ShellLine) -> None:
        """The newest size only: while one is being set, others may come and go."""
        set_size = line.redraw
        if self.size:
            self._resized.set()
        while True:
            await self._resized.wait()
            self._resized.clear()
            if self.size:
                await set_size(self.size)
                set_size = line.resize
