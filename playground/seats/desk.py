"""The desk lends seats to learners and sees to it that the machine is as the rows say.

Each second one tick reads the rows, ends what is due, clears away what is ending, serves the queue and fills the pool.
What the rows say is kept in memory between ticks; `_books` is held while rows and memory change together, and never
while the engine works.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from playground.engine.api import Engine
from playground.engine.errors import EngineGone, NotFound
from playground.engine.execs import Ran
from playground.gateway.server import Gateway
from playground.seats import books, capacity, doorbell, reaper, reconcile
from playground.seats.books import off_loop
from playground.seats.clearing import Clearing
from playground.seats.machine import Machine
from playground.seats.models import Seat
from playground.seats.parties import NOBODYS, Parties
from playground.seats.pool import Pool
from playground.seats.roster import Change, Roster
from playground.seats.rows import Rows
from playground.seats.rules import Rules
from playground.seats.waiting import Line, Queued
from playground.seats.waitlist import Waitlist
from playground.seats.work import FAULTS, Work, at_each_ring, every, go_on_after_faults

log = logging.getLogger(__name__)

TICK = 1.0
RECONCILE = 30.0
OUTPUT = 64 * 1024  # bytes of a command's output, if nobody asks for more
LAST_WORK = 15.0  # that stopping waits for starts and removals under way


class LearnerGone(NotFound):
    """There is nobody to lend a seat to."""


class Seats:
    """Call start() first, and Gateway.start() before that."""

    machine: Machine
    pool: Pool
    _clearing: Clearing

    def __init__(
        self,
        engine: Engine,
        gateway: Gateway,
        rules: Rules,
        clock: Callable[[], datetime] = timezone.now,
        parties: Parties = NOBODYS,
    ) -> None:
        self.rules = rules
        self._engine = engine
        self._gateway = gateway
        self._clock = clock
        self._parties = parties
        self._books = asyncio.Lock()
        self._roster = Roster()
        self._line = Line()
        self._warned = reaper.Warned()
        self._lending: dict[int, asyncio.Task[Seat | Queued]] = {}
        self._waitlist = Waitlist(rules.idle, clock)
        self.on_change(self._waitlist.note)
        self._bell = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._work = Work()

    # ── From start to stop ───────────────────────────────────────────────────────────────────────────────────────
    async def start(self) -> None:
        """Adopt what an earlier process has left and remove what nobody owns; then keep going. Raises EngineError."""
        self.machine = await Machine.of(self._engine, self._gateway, self.rules)
        fit = capacity.how_many(self.rules.seats_max, self.machine.info.memory, self.rules.limits.memory)
        self.pool = Pool(self.machine, self.rules.instance, self.rules.warm, fit, self._clock, self._bell.set)
        self._clearing = Clearing(self.machine, self._bell.set)
        await off_loop(books.open_house, self.rules.instance, fit, self._clock())
        await self.reconcile(first=True)
        self._gateway.on_alive(self._engine_is)
        doorbell.hang(self._bell)
        loops = (at_each_ring(self._bell, TICK, self.tick), every(RECONCILE, self.reconcile))
        self._loops = [asyncio.create_task(loop) for loop in loops]

    async def stop(self, halt: bool) -> None:
        """Leave lent seats to the next process, as they are. With `halt`, nothing goes on running: warm seats are
        removed, and the containers of lent ones stopped for the next process to start again."""
        doorbell.take_down(self._bell)
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORK):
                await self.settled()
        if halt and self._loops:
            await self._read()
            unused = [seat.id for seat in self._roster.seats.values() if seat.state != Seat.State.LENT]
            await off_loop(books.condemn, unused, Seat.Why.UNUSED)
            await asyncio.gather(*(self._clearing.clear_away(seat) for seat in unused))
            await self.machine.halt()
            await self.machine.leave()

    # ── Lending ──────────────────────────────────────────────────────────────────────────────────────────────────
    def of_learner(self, learner_id: int) -> Seat | None:
        return self._roster.lent.get(learner_id)

    def learner_of(self, seat_id: str) -> int | None:
        seat = self._roster.seats.get(seat_id)
        return seat.learner_id if seat is not None and seat.state == Seat.State.LENT else None

    async def lend(self, learner_id: int) -> Seat | Queued:
        """The learner's seat, which is there, warm or started now; or a place in the queue of a full machine.

        Raises EngineGone before start() is through, LearnerGone when the learner has been deleted, and EngineError
        where a seat was to be started and could not."""
        if not self._loops:
            raise EngineGone("no seat can be lent before the engine has answered")
        if seat := self.of_learner(learner_id):
            return seat
        return await asyncio.shield(self._lend(learner_id, in_turn=False))

    def _lend(self, learner_id: int, in_turn: bool) -> "asyncio.Task[Seat | Queued]":
        """One lending at a time for each learner, however many tabs ask."""
        if (going := self._lending.get(learner_id)) is None:
            going = self._lending[learner_id] = self._work.begin(self._find(learner_id, in_turn))
            going.add_done_callback(lambda _: self._lending.pop(learner_id))
        return going

    async def _find(self, learner_id: int, in_turn: bool) -> Seat | Queued:
        try:
            return await self._find_or_start(learner_id, in_turn)
        except IntegrityError as error:
            raise LearnerGone("the learner has been deleted") from error

    async def _find_or_start(self, learner_id: int, in_turn: bool) -> Seat | Queued:
        rules, now = self.rules, self._clock()
        async with self._books:
            seat = await off_loop(
                books.find, rules, learner_id, now, self.pool.capacity, self._parties, in_turn=in_turn
            )
            if seat is None:
                self._bell.set()
                await off_loop(books.join_queue, rules.instance, learner_id, now)
                here = self._waitlist.places(await self._read(), self.pool.capacity, now)
                return here.get(learner_id) or Queued(len(here) + 1)
            self._enter(seat)
        if seat.state == Seat.State.LENT:
            return seat
        await self.pool.start(seat)
        async with self._books:
            lent = await off_loop(books.hand_over, seat.id, learner_id, self._clock(), rules.lifetime)
            if lent is None:
                raise await self._why_not(learner_id)
            self._enter(lent)
        return lent

    async def _why_not(self, learner_id: int) -> NotFound:
        if await off_loop(books.is_here, learner_id):
            return NotFound("the seat ended before it was lent: ask again")
        return LearnerGone("the learner has been deleted")

    async def wait(self, learner_id: int) -> AsyncGenerator[Seat | Queued, None]:
        """Each position in the queue as it changes, and at last the seat."""
        with self._line.waiting(learner_id):
            told, got = None, await self.lend(learner_id)
            while True:
                moved = self._line.moved
                if got != told:
                    yield got
                    told = got
                if isinstance(got, Seat):
                    return
                await moved.wait()
                got = self.of_learner(learner_id) or self._line.place(learner_id) or await self.lend(learner_id)

    # ── A seat that is lent ──────────────────────────────────────────────────────────────────────────────────────
    async def seen(self, seat_id: str) -> None:
        now = self._clock()
        if seat := self._roster.seats.get(seat_id):
            seat.seen_at = now
        await off_loop(books.seen, seat_id, now)

    async def revive(self, seat: Seat) -> None:
        """Raises NotFound when the seat has ended."""
        async with self.machine.lock(seat.id):
            known = self._roster.seats.get(seat.id)
            if known is None or known.state not in (Seat.State.WARM, Seat.State.LENT):
                raise NotFound("the seat has ended")
            container_id = await self.machine.resume(known.id, known.container_id)
            if container_id == known.container_id:
                return
            async with self._books:  # the rows may have been read anew meanwhile
                await off_loop(books.has_container, seat.id, container_id)
                for same in (seat, self._roster.seats.get(seat.id, seat)):
                    same.container_id = container_id

    async def run(
        self, seat_id: str, argv: Sequence[str], timeout: float, stdin: bytes = b"", limit: int = OUTPUT
    ) -> Ran:
        """Exit code 124 when the time is up. Raises NotFound or Conflict when the seat has ended or does not run."""
        if (seat := self._roster.seats.get(seat_id)) is None:
            raise NotFound("the seat has ended")
        return await self._engine.exec(seat.container_id, argv, stdin=stdin, timeout=timeout, limit=limit)

    def on_change(self, callback: Callable[[Change], None]) -> None:
        """`callback` is called on the loop for each change of a lent seat; it must not block."""
        self._roster.listeners.append(callback)

    # ── What goes on by itself ───────────────────────────────────────────────────────────────────────────────────
    async def tick(self) -> None:
        now, rules = self._clock(), self.rules
        async with self._books:
            rows = await self._read()
            if not self._gateway.alive:  # nobody loses a seat because the engine is away
                return
            for why, ids in reaper.due(self._roster.lent.values(), now, rules.idle).items():
                await off_loop(books.condemn, ids, why)
                rows = await self._read()
            places = self._waitlist.places(rows, self.pool.capacity, now)
            await off_loop(books.leave_queue, rules.instance, self._line.update(places, now))
            for seat in self._warned.near(self._roster.lent.values(), now, rules.idle, rules.warn):
                self._roster.tell(seat, "soon", seat.deadline(rules.idle)[0])
            tally = rows.tally(self.pool.capacity)
            waiting = [learner_id for learner_id in self._line.here() if learner_id not in self._lending]
            in_turn = tally.serve(((one, rows.party_of.get(one)) for one in waiting), self.pool.may_start)
            await self.pool.let_go(tally)
            ahead = await self.pool.ahead(tally)
        for seat_id in self._clearing.due(rows.seats):
            self._work.begin(self._clearing.clear_away(seat_id))
        for learner_id in in_turn:
            self._lend(learner_id, in_turn=True)
        for seat in ahead:
            self._work.begin(self.pool.warm_up(seat))

    async def settled(self) -> None:
        """Returns when no start and no removal is under way."""
        await self._work.settled()

    async def reconcile(self, *, first: bool = False) -> None:
        """`first`: what an earlier process was in the middle of will not be finished by it."""
        found = await self.machine.look()
        async with self._books:
            await off_loop(books.release_gone, self.rules.instance, self._parties)
            seats = (await self._read()).seats
            await off_loop(books.condemn, reconcile.given_up(seats, self._clock(), first), Seat.Why.FAILED)
            if first:
                await asyncio.gather(*(self._engine.remove(helper) for helper in found.helpers))
        self._clearing.try_again()
        differences = reconcile.compare(found, seats, self._clock(), self.rules.idle)
        repairs = (
            *(self._clearing.remove(seat_id) for seat_id in differences.orphans),
            *(self.machine.open(seat.id) for seat in differences.adopt),
            *(self.revive(seat) for seat in differences.revive),
        )
        for result in await asyncio.gather(*repairs, return_exceptions=True):
            if isinstance(result, FAULTS):
                log.warning("A seat could not be brought in order: %s", result)
            elif result is not None:
                raise result

    # ── Rows in memory ───────────────────────────────────────────────────────────────────────────────────────────
    async def _read(self) -> Rows:
        rows = await off_loop(books.read, self.rules.instance, self._parties)
        if self._roster.set(rows.seats):
            self._line.wake()
        self._waitlist.read(rows)
        return rows

    def _enter(self, seat: Seat) -> None:
        if self._roster.set([*self._roster.seats.values(), seat]):
            self._line.wake()

    # ── The engine ───────────────────────────────────────────────────────────────────────────────────────────────
    def _engine_is(self, alive: bool) -> None:
        if alive:
            self._work.begin(go_on_after_faults(self._welcome_back()))

    async def _welcome_back(self) -> None:
        await off_loop(books.all_seen, self.rules.instance, self._clock())  # nobody could work meanwhile
        await self.reconcile()
