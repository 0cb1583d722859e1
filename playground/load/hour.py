"""A class's hour on a server of its own: lots of learners come, work and leave, while the teacher looks on."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import websockets
from django.utils.translation import gettext as _

from playground.authoring.typist import Stuck
from playground.bench.stage import Stage
from playground.checks.progress import variant_of
from playground.curriculum.model import Lesson
from playground.load import leftovers, server, watching
from playground.load.browser import Browser
from playground.load.faults import Faults, Gone
from playground.load.figures import Figures
from playground.load.learner import LoadLearner
from playground.load.pace import Pace, Tempo
from playground.load.teacher import Teacher

WATCHED = 2  # learners of a lot whose terminal the teacher looks at
ROSTER_SECONDS = 10.0  # for the roster to show the last tick
BROKEN_OFF = (Stuck, TimeoutError, OSError, websockets.WebSocketException)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    lesson: Lesson
    learners: int  # of a lot
    pace: Pace
    seconds: float = 0.0  # one lot after another for so long; 0: a single one


@dataclass(slots=True)
class Outcome:
    came: int = 0
    finished: int = 0
    figures: Figures = field(default_factory=Figures)
    faults: Faults = field(default_factory=Faults)
    left: list[str] = field(default_factory=list)  # on the engine or the machine, by the end
    log: str = ""  # the server's own


async def hold(stage: Stage, plan: Plan, say: Say) -> Outcome:
    """Stops the stage's server at the end, to see what is left then."""
    hour = _Hour(stage, plan, say)
    async with Browser(stage.url, hour.outcome.faults) as browser:
        with contextlib.suppress(Gone):  # counted: without a classroom there is no class
            await hour.pass_with(await Teacher.with_classroom(stage, browser, hour.outcome.faults))
    await hour.look_what_is_left()
    return hour.outcome


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Raises what one of them came to grief by."""
    for task in tasks:
        task.cancel()
    for came_of_it in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(came_of_it, Exception):
            raise came_of_it


class _Hour:
    def __init__(self, stage: Stage, plan: Plan, say: Say) -> None:
        self.outcome = Outcome()
        self._stage = stage
        self._plan = plan
        self._say = say
        self._seats: set[str] = set()  # that were lent

    async def pass_with(self, teacher: Teacher) -> None:
        figures = self.outcome.figures
        looking_on = [
            asyncio.create_task(teacher.watch_roster()),
            asyncio.create_task(figures.server.take(self._stage.process.pid)),
            asyncio.create_task(server.own_lag(figures.late)),
        ]
        try:
            await self._lots(teacher)
        finally:
            await _end(looking_on)
        figures.roster = teacher.lag.behind

    async def _lots(self, teacher: Teacher) -> None:
        """One after the other; the seats of one end while the next one comes."""
        end, number = time.monotonic() + self._plan.seconds, 0
        async with asyncio.TaskGroup() as leaving:
            while not number or time.monotonic() < end:
                number += 1
                open_things = AsyncExitStack()
                lot = await self._lot(teacher, number, open_things)
                leaving.create_task(self._dismiss(lot, open_things))

    async def _lot(self, teacher: Teacher, number: int, open_things: AsyncExitStack) -> list[LoadLearner]:
        lot = [self._learner(teacher, f"Ada {number}-{place}") for place in range(1, self._plan.learners + 1)]
        for learner in lot:
            await open_things.enter_async_context(learner)
        joined = await self._those_who("join", lot, lambda learner: learner.join(teacher.code, self._plan.lesson))
        self._note_joins(lot, joined)
        visits = await self._visits(teacher, joined)
        finished = await self._those_who("work", joined, lambda learner: self._work(teacher, learner))
        await teacher.caught_up(ROSTER_SECONDS)
        for learner, visit in visits:
            self.outcome.figures.visits += await visit.end(learner.keyboard, self.outcome.faults)
        self._note_work(joined, finished)
        return joined

    def _learner(self, teacher: Teacher, name: str) -> LoadLearner:
        tempo = Tempo(self._plan.pace, name)
        return LoadLearner(self._stage.url, name, tempo, self.outcome.faults, teacher.lag)

    async def _work(self, teacher: Teacher, learner: LoadLearner) -> None:
        await learner.work(variant_of(self._plan.lesson, await teacher.number_of(learner.name), 0))

    async def _visits(self, teacher: Teacher, lot: list[LoadLearner]) -> list[tuple[LoadLearner, watching.Visit]]:
        """Before anybody works, while the terminals are still."""
        visits = []

        async def begin(learner: LoadLearner) -> None:
            visits.append((learner, await watching.Visit.begin(teacher, learner.name, learner.keyboard)))

        await self._those_who("visit", lot[:WATCHED], begin)
        return visits

    async def _dismiss(self, lot: list[LoadLearner], open_things: AsyncExitStack) -> None:
        self._seats |= {learner.keyboard.seat for learner in lot}
        await self._those_who("leave", lot, lambda learner: learner.leave())
        await open_things.aclose()

    async def _those_who(
        self, what: str, lot: list[LoadLearner], do: Callable[[LoadLearner], Awaitable[None]]
    ) -> list[LoadLearner]:
        """All at once; those who came to its end."""
        did = await asyncio.gather(*(self._try(what, do(learner)) for learner in lot))
        return [learner for learner, done in zip(lot, did, strict=True) if done]

    async def _try(self, what: str, doing: Awaitable[None]) -> bool:
        try:
            await doing
        except Gone:  # counted where it happened
            return False
        except BROKEN_OFF as error:
            self.outcome.faults.add(f"{what}: {type(error).__name__} {error}")
            return False
        return True

    def _note_joins(self, lot: list[LoadLearner], joined: list[LoadLearner]) -> None:
        figures = self.outcome.figures
        self.outcome.came += len(lot)
        figures.joins += [learner.prompt - learner.began for learner in joined]
        if joined:
            figures.lots.append(max(one.prompt for one in joined) - min(one.began for one in lot))
            self._say(_("%(count)d learners have a prompt") % {"count": len(joined)})

    def _note_work(self, joined: list[LoadLearner], finished: list[LoadLearner]) -> None:
        self.outcome.finished += len(finished)
        for learner in joined:
            self.outcome.figures.echoes += learner.keyboard.echoes
            self.outcome.figures.ticks += learner.ticks
        self._say(_("%(count)d learners have finished the lesson") % {"count": len(finished)})

    async def look_what_is_left(self) -> None:
        self._say(_("Looking what is left"))
        left: list[str] = []
        if self._stage.process.returncode is None:
            left += await leftovers.beside_warm_seats(self._stage, self._seats)
            await self._stage.stop()
        else:
            self.outcome.faults.add(f"the server ended with {self._stage.process.returncode}")
        self.outcome.log = self._stage.log.read_text(errors="replace")
        server.complaints(self.outcome.log, self.outcome.faults)
        left += await leftovers.after_the_end(self._stage, self._seats)
        self.outcome.left = list(dict.fromkeys(left))
