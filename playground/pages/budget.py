"""What learners use of their budgets, for the pages that are open: one look for all of them every two seconds, and a
word to a page when something has changed."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from playground.engine.errors import EngineError
from playground.gateway.limits import MIB, Limits
from playground.gateway.state import State
from playground.seats.usage import Usage

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds
FAULTS = (EngineError, OSError, ValueError)  # what a later look may find mended; the last is a file that reads oddly

Meters = Mapping[str, tuple[int, int]]  # what is used, and the limit: in MiB, per cent or pieces


@dataclass(frozen=True, slots=True)
class Spent:
    """What a learner's seat has now."""

    seat: str
    state: State
    usage: Usage | None  # None where this machine's groups cannot be seen


Look = Callable[[Collection[int]], Awaitable[Mapping[int, Spent]]]  # at these learners, those without a seat left out


def meters(spent: Spent, cpus: float, limits: Limits) -> Meters:
    """`cpus` is how many cores were in use on the average. Pure."""
    state, usage = spent.state, spent.usage
    measured = {
        "memory": (_mib(usage.memory), limits.memory // MIB),
        "cpu": (min(100, round(100 * cpus / limits.cpus)), 100),
        "processes": (usage.processes, limits.processes),
    } if usage else {}  # fmt: skip
    return {
        **measured,
        "disk": (_mib(state.image_bytes), limits.image_disk // MIB),
        "containers": (len(state.containers), limits.containers),
        "images": (state.image_count, limits.images),
        "networks": (len(state.networks), limits.networks),
        "volumes": (len(state.volumes), limits.volumes),
    }


def _mib(size: int) -> int:
    """What is there at all is at least one."""
    return -(-size // MIB)


class BudgetBoard:
    """Looks only while somebody follows."""

    def __init__(self, look: Look, limits: Limits, every: float = EVERY) -> None:
        self._look = look
        self._limits = limits
        self._every = every
        self._followers: Counter[int] = Counter()  # pages, by learner
        self._shown: dict[int, Meters] = {}
        self._cpu: dict[str, tuple[float, float]] = {}  # by seat: when it was looked at, and seconds used until then
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    async def follow(self, learner_id: int) -> AsyncGenerator[Meters, None]:
        """The learner's meters, and again whenever they have changed; empty once the seat is gone."""
        self._followers[learner_id] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_for_ever(), name="budgets")
            self._looking.add_done_callback(_tell_of_failure)
        told: Meters = {}
        try:
            while True:
                news, shown = self._news, self._shown.get(learner_id, {})
                if shown != told:
                    yield shown
                    told = shown
                await news.wait()
        finally:
            self._followers[learner_id] -= 1
            self._followers += Counter()  # drops those whom nobody follows

    async def stop(self) -> None:
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look_for_ever(self) -> None:
        while self._followers:
            try:
                self._show(await self._look(tuple(self._followers)), time.monotonic())
            except FAULTS as error:
                log.warning("The budgets could not be looked at: %s", error)
            await asyncio.sleep(self._every)
        self._shown, self._cpu = {}, {}  # they would be old when the next page opens

    def _show(self, found: Mapping[int, Spent], now: float) -> None:
        self._shown = {
            learner_id: meters(spent, self._cpus(spent, now), self._limits) for learner_id, spent in found.items()
        }
        self._cpu = {spent.seat: (now, spent.usage.cpu) for spent in found.values() if spent.usage}
        self._news.set()
        self._news = asyncio.Event()

    def _cpus(self, spent: Spent, now: float) -> float:
        """Cores in use since the last look; none at the first one."""
        if spent.usage is None or spent.seat not in self._cpu:
            return 0.0
        then, used = self._cpu[spent.seat]
        return max(0.0, spent.usage.cpu - used) / (now - then)


def _tell_of_failure(task: asyncio.Task[None]) -> None:
    """The next page that opens has it begin again."""
    if not task.cancelled() and (error := task.exception()):
        log.error("%s failed", task.get_name(), exc_info=error)
