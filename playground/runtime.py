"""What runs beside the pages on the one loop: the gateway, the seats and the checks, over one engine.

Everything is built here and handed down; no room imports the runtime.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence

from django.conf import settings

from playground import bells, stock
from playground.checks.watch import Watch
from playground.engine import images
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError, NotFound
from playground.engine.execs import Ran
from playground.engine.find import OWN_SOCKET_NAME, find, socket_of
from playground.files.files import Files
from playground.gateway.catalogue import Catalogue
from playground.gateway.server import Gateway
from playground.gateway.state import State
from playground.keeping import daily
from playground.map.board import MapBoard
from playground.pages import following
from playground.pages.budget import BudgetBoard, Spent
from playground.pages.class_seats import CLASSES
from playground.pages.course import course
from playground.pages.roster_bell import RosterBell
from playground.preview.links import Place
from playground.seats.desk import Seats
from playground.seats.roster import Change
from playground.seats.rules import Rules

RETRY = 2.0  # seconds between looks for an engine that does not answer

log = logging.getLogger(__name__)


def build(socket_path: str = "") -> "Runtime":
    """The playground over the engine at `socket_path`, or over the one that the settings name."""
    return Runtime(socket_path or _socket())


def _socket() -> str:
    """An engine that does not answer yet is waited for where it should be."""
    if settings.ENGINE_SOCKET:
        return socket_of(settings.ENGINE_SOCKET)
    return find("", settings.RUN_DIR) or str(settings.RUN_DIR / OWN_SOCKET_NAME)


class Runtime:
    def __init__(self, socket_path: str) -> None:
        self.client = EngineClient(socket_path)
        self.engine = Engine(socket_path)
        self.catalogue = Catalogue()
        self.gateway = Gateway(self.client, self.catalogue, settings.LIMITS, settings.INSTANCE)
        self.seats = Seats(self.engine, self.gateway, Rules.from_settings(), parties=CLASSES)
        self.rosters = RosterBell()
        self.watch = Watch(
            course(),
            state_of=self._state_of,
            run_in_seat=self._run_in_seat,
            log_of=self._log_of,
            learner_of_seat=self.seats.learner_of,
            on_progress=self._ring,
            on_standing=self.rosters.ring,
        )
        self.files = Files(self._seat_of, self.seats.run, on_change=self.watch.stirred)
        self.budgets = BudgetBoard(self._spent, settings.LIMITS)
        self.maps = MapBoard(self._state_of, self.seats.learner_of, self.catalogue.names)
        self.gateway.subscribe(self.watch.on_fact)
        self.gateway.subscribe(self.maps.on_fact)
        self.gateway.on_ports(self._ports_changed)
        self.seats.on_change(self._seat_changed)
        self._ringing: set[asyncio.Task[None]] = set()
        self._following: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Returns when seats can be lent: an engine that is not there yet is waited for."""
        told = False
        self._following.append(asyncio.create_task(daily.follow(settings.GUEST_DAYS), name="forgetting"))
        if settings.LESSONS_WATCH:
            self._following.append(asyncio.create_task(following.follow(course())))
        while True:
            try:
                self.catalogue.hold(await images.catalogue(self.engine))
                info = await self.engine.info()
                await self.gateway.start(disk_quota=info.disk_quota, root_dir=info.root_dir)
                await self.seats.start()
            except EngineError as error:
                if not told:
                    log.warning("Waiting for the engine: %s", error)
                told = True
                await asyncio.sleep(RETRY)
            else:
                restocking = stock.follow(self.client, self.engine, self.catalogue)
                self._following.append(asyncio.create_task(restocking, name="the catalogue"))
                return

    async def stop(self, *, halt: bool) -> None:
        """With `halt` the seats' containers are stopped too; without, the next process finds them running."""
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        await self.seats.stop(halt)
        await self.watch.stop()
        await self.rosters.stop()
        await self.budgets.stop()
        await self.gateway.stop()
        self.engine.close()

    def _seat_of(self, learner_id: int) -> str | None:
        seat = self.seats.of_learner(learner_id)
        return seat.id if seat else None

    def _state_of(self, learner_id: int) -> State | None:
        seat = self.seats.of_learner(learner_id)
        return self.gateway.state(seat.id) if seat else None

    async def _spent(self, learner_ids: Collection[int]) -> dict[int, Spent]:
        lent = {learner_id: self.seats.of_learner(learner_id) for learner_id in learner_ids}
        seats = {learner_id: seat.id for learner_id, seat in lent.items() if seat}
        usage = await self.seats.machine.usage(seats.values()) if seats else {}
        return {
            learner_id: Spent(seat, self.gateway.state(seat), usage.get(seat)) for learner_id, seat in seats.items()
        }

    async def _run_in_seat(self, learner_id: int, argv: Sequence[str], timeout: float) -> Ran:
        seat = self.seats.of_learner(learner_id)
        if seat is None:
            raise NotFound("the seat has ended")
        return await self.seats.run(seat.id, argv, timeout)

    def ports_of(self, learner_id: int) -> list[Place]:
        """What the learner's seat has published."""
        seat = self.seats.of_learner(learner_id)
        return [Place(learner_id, seat.id, port) for port in self.gateway.published(seat.id)] if seat else []

    def _seat_changed(self, change: Change) -> None:
        if change.kind in ("lent", "ended"):
            self._ring_ports(change.learner)
            self.rosters.ring(change.learner)

    def _ports_changed(self, seat: str) -> None:
        learner_id = self.seats.learner_of(seat)
        if learner_id is not None:
            self._ring_ports(learner_id)

    def _ring_ports(self, learner_id: int) -> None:
        group = f"learner.{learner_id}"
        ringing = asyncio.create_task(bells.ring(group, {"type": "ports.changed"}))
        self._ringing.add(ringing)
        ringing.add_done_callback(self._ringing.discard)

    async def _log_of(self, learner_id: int, container: str) -> bytes | None:
        seat = self.seats.of_learner(learner_id)
        return await self.gateway.log(seat.id, container) if seat else None

    async def _ring(self, learner_id: int, lesson: str, step: str) -> None:
        """A doorbell for the learner's pages, and for the rosters: it carries ids, the database has the rest."""
        message = {"type": "progress.changed", "lesson": lesson, "step": step}
        await bells.ring(f"learner.{learner_id}", message)
        self.rosters.ring(learner_id)
