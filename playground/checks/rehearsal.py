"""A lesson tries itself out in a real seat: each check fails before its step's solve and passes after it.

What `solve` and `wrong` blocks promise is held against the engine here, for the test suite and for authors.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from playground.checks.kinds import Check, evaluate
from playground.checks.seen import Found, Probe, Seen
from playground.curriculum.model import Lesson, Step
from playground.engine.execs import Ran
from playground.gateway.facts import Fact
from playground.gateway.state import State

SCRIPT_SECONDS = 120.0
PROBE_SECONDS = 5.0
# The engine may tell of an exit this long after the command has returned; a wrong way must have had its chance.
QUIET_SECONDS = 0.5
PATIENCE_SECONDS = 10.0  # for an exit that is still to come after a solve

Run = Callable[[Sequence[str], float], Awaitable[Ran]]


@dataclass(frozen=True, slots=True)
class Tried:
    """One step; all is well with no problems."""

    step: Step
    problems: tuple[str, ...]


class Rehearsal:
    """`run` executes in one seat, `state` is what the seat has now; subscribe `on_fact` to the gateway first."""

    def __init__(self, seat_id: str, run: Run, state: Callable[[], State], patience: float = PATIENCE_SECONDS) -> None:
        self._seat_id, self._run, self._state, self._patience = seat_id, run, state, patience
        self._facts: list[Fact] = []
        self._since = 0
        self._open: dict[str, Check] = {}  # checks of the step that have not come true yet
        self._news = asyncio.Event()

    def on_fact(self, fact: Fact) -> None:
        if fact.seat == self._seat_id:
            self._facts.append(fact)
            self._look({})
            self._news.set()

    async def lesson(self, lesson: Lesson) -> AsyncIterator[Tried]:
        """Every step in order; the later ones stand on what the earlier ones have left."""
        for step in lesson.steps:
            yield Tried(step, tuple([problem async for problem in self._problems(step)]))

    async def _problems(self, step: Step) -> AsyncIterator[str]:
        checks = {check.key: check for check in step.checks if isinstance(check, Check) and not check.asks}
        if not checks:
            return
        self._begin(checks)
        await self._probe()
        for key in checks.keys() - self._open.keys():
            yield f"{_name(checks[key])}: passes before anything was done"
        for script in step.wrong:
            self._begin(checks)
            await self._type(script)
            await self._settle()
            if not self._open:
                yield f"passes although this is wrong:\n{script}"
        self._begin(checks)
        ran = await self._type(step.solve)
        if not await self._passes():
            for check in self._open.values():
                yield f"{_name(check)}: does not pass after the solve, which printed:\n{ran.output.decode()}"

    def _begin(self, checks: dict[str, Check]) -> None:
        self._since, self._open = len(self._facts), dict(checks)

    async def _type(self, script: str) -> Ran:
        return await self._run(["sh", "-c", script], SCRIPT_SECONDS)

    def _look(self, found: dict[Probe, Found]) -> None:
        """What has come true once stays ticked, as for a learner."""
        seen = Seen(self._facts, self._since, self._state(), found)
        for key, check in list(self._open.items()):
            if all(probe in found for probe in check.probes()) and evaluate(check, seen).passed:
                del self._open[key]

    async def _probe(self) -> None:
        found = {}
        for probe in {probe for check in self._open.values() for probe in check.probes()}:
            ran = await self._run(probe.argv, PROBE_SECONDS)
            found[probe] = Found(ran.exit_code, ran.output.decode(errors="replace"))
        self._look(found)

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


def _name(check: Check) -> str:
    return check.goal or f"check {check.key}"
