"""A lesson tries itself out in one real seat: each check fails before its step's solve and passes after it, and no
`sh wrong` passes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass

from playground.authoring.typist import Stuck
from playground.checks.kinds import Check, evaluate
from playground.checks.seen import Found, Probe, Seen
from playground.curriculum.model import Step
from playground.gateway.facts import Fact
from playground.gateway.state import State

# The engine may tell of an exit this long after the command has returned; a wrong way must have had its chance.
QUIET_SECONDS = 0.5
PATIENCE_SECONDS = 10.0  # for an exit that is still to come after a solve

Play = Callable[[str], Awaitable[str]]  # a script -> what the terminal showed; raises Stuck
Look = Callable[[Probe], Awaitable[Found]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What a lesson promised and did not keep. `about` is a check's goal, or the block."""

    step: Step
    about: str
    message: str
    seen: str = ""  # what was typed, or what the terminal showed


class Rehearsal:
    """`play` types into the seat's terminal, `look` tells what a probe finds, `state` is what the seat has now;
    subscribe `on_fact` to the gateway first."""

    def __init__(
        self, seat_id: str, play: Play, look: Look, state: Callable[[], State], patience: float = PATIENCE_SECONDS
    ) -> None:
        self._seat_id, self._play, self._look_at, self._state, self._patience = seat_id, play, look, state, patience
        self._facts: list[Fact] = []
        self._since = 0
        self._open: dict[str, Check] = {}  # checks of the step that have not come true yet
        self._news = asyncio.Event()

    def on_fact(self, fact: Fact) -> None:
        if fact.seat == self._seat_id:
            self._facts.append(fact)
            self._look({})
            self._news.set()

    async def catch_up(self, steps: Iterable[Step]) -> None:
        """Type these steps' solves in one go, to be where somebody is who has passed them. Raises StuckIn."""
        self._begin({})
        for step in steps:
            await self._typed(step, "sh solve", step.solve)
        while await self._hears_more(QUIET_SECONDS):
            pass

    async def problems(self, step: Step, *, wrong: bool) -> AsyncIterator[Problem]:
        """Of this step, where the seat stands; `wrong`: its wrong ways too. What it leaves is the next step's start.
        Raises StuckIn when the terminal cannot be used any more."""
        checks = {check.key: check for check in step.checks if isinstance(check, Check) and not check.asks}
        if not checks:
            return
        self._begin(checks)
        await self._probe()
        for key in checks.keys() - self._open.keys():
            yield Problem(step, _name(checks[key]), "passes before anything was done")
        for script in step.wrong if wrong else ():
            self._begin(checks)
            await self._typed(step, "sh wrong", script)
            await self._settle()
            if not self._open:
                yield Problem(step, "sh wrong", "passes although this is wrong", script)
        self._begin(checks)
        shown = await self._typed(step, "sh solve", step.solve)
        if not await self._passes():
            for check in self._open.values():
                yield Problem(step, _name(check), "does not pass after the solve", shown)

    async def _typed(self, step: Step, block: str, script: str) -> str:
        try:
            return await self._play(script)
        except Stuck as stuck:
            raise StuckIn(Problem(step, block, str(stuck), stuck.shown)) from None

    def _begin(self, checks: dict[str, Check]) -> None:
        self._since, self._open = len(self._facts), dict(checks)

    def _look(self, found: dict[Probe, Found]) -> None:
        """What has come true once stays ticked, as for a learner."""
        seen = Seen(self._facts, self._since, self._state(), found)
        for key, check in list(self._open.items()):
            if all(probe in found for probe in check.probes()) and evaluate(check, seen).passed:
                del self._open[key]

    async def _probe(self) -> None:
        probes = {probe for check in self._open.values() for probe in check.probes()}
        self._look({probe: await self._look_at(probe) for probe in probes})

    async def _settle(self) -> None:
        """Until the engine has told of all that the last command did."""
        while await self._hears_more(QUIET_SECONDS):
            pass
        await self._probe()

    async def _passes(self) -> bool:
        await self._probe()
        while self._open and await self._hears_more(self._patience):
            await self._probe()
        return not self._open

    async def _hears_more(self, patience: float) -> bool:
        self._news.clear()
        try:
            async with asyncio.timeout(patience):
                await self._news.wait()
        except TimeoutError:
            return False
        return True


class StuckIn(Exception):
    """A block that did not end: the seat cannot be used any more."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _name(check: Check) -> str:
    return check.goal or f"check {check.key} ({type(check.word).__name__.lower()})"
