"""A learner who goes on working while another one does harm, and what it cost them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Self

from tests.engine.gateway.learners import Learner

RUNS = 2  # of each, before and at the least during the harm


@dataclass
class Victim:
    """Runs a container and echoes a word, over and over, on a container that was there before the harm began."""

    learner: Learner
    echo: asyncio.subprocess.Process
    runs: list[float] = field(default_factory=list)
    echoes: list[float] = field(default_factory=list)
    worked: asyncio.Event = field(default_factory=asyncio.Event)

    async def once(self) -> None:
        """Raises when either does not do what it must, which is the test's verdict; how long it took is for people."""
        began = time.perf_counter()
        await self.learner.ok("run", "--rm", "busybox", "true")
        self.runs.append(time.perf_counter() - began)
        assert self.echo.stdin is not None
        assert self.echo.stdout is not None
        for _ in range(RUNS):
            began = time.perf_counter()
            self.echo.stdin.write(b"word\n")
            async with asyncio.timeout(60):
                assert await self.echo.stdout.readline() == b"word\n"
            self.echoes.append(time.perf_counter() - began)
        self.worked.set()

    def told(self) -> str:
        runs, echoes = sorted(self.runs), sorted(self.echoes)
        return (
            f"run {median(runs) * 1000:.0f} ms (most {runs[-1] * 1000:.0f}), "
            f"echo {median(echoes) * 1000:.1f} ms (most {echoes[-1] * 1000:.1f})"
        )

    def forget(self) -> Self:
        self.runs, self.echoes = [], []
        return self


@asynccontextmanager
async def victim(learner: Learner) -> AsyncIterator[Victim]:
    await learner.ok("pull", "-q", "busybox")
    await learner.ok("run", "-d", "--name", "own", "busybox", "sleep", "600")
    async with learner.process("exec", "-i", "own", "cat") as echo:
        yield Victim(learner, echo)


Meanwhile = Callable[[int], Awaitable[None]]


@asynccontextmanager
async def harmed(victim: Victim, harm: str) -> AsyncIterator[Meanwhile]:
    """The victim works before, and all the time that the body takes, and everything it does succeeds.

    The times are printed and not judged: on a machine of two cores that runs other tests as well, a bound that never
    fails by chance would be too wide to say anything. What is judged is that each command ends and does what it
    should, and in each test the counters of whoever does the harm. `meanwhile(3)` is when three more are done.
    """
    for _ in range(RUNS):
        await victim.once()
    before = victim.told()
    victim.forget()
    over = asyncio.Event()
    working = asyncio.create_task(_work(victim, over))

    async def meanwhile(more: int) -> None:
        async with asyncio.timeout(120):
            for _ in range(more):
                victim.worked.clear()
                await victim.worked.wait()

    try:
        yield meanwhile
    finally:
        over.set()
        await working
    print(f"\n{harm}: before {before}; during {victim.told()}")


async def _work(victim: Victim, over: asyncio.Event) -> None:
    while not over.is_set() or len(victim.runs) < RUNS:
        await victim.once()
