"""One learner at work: the step at hand, the facts since it came to hand, what was said. Memory only, no I/O."""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from playground.checks.progress import Ticks
from playground.gateway.facts import Fact

REMEMBERED = 256  # facts
LOOK_AGAIN_SECONDS = 2.0
# Nothing typed, saved or done for so long, a seat is looked into less often: each look costs the engine a process.
AWAKE_SECONDS = 60.0
LOOK_AGAIN_ASLEEP_SECONDS = 20.0
FORGET_SECONDS = 600.0


@dataclass
class Sitting:
    learner_id: int
    lesson: str = ""  # "" until a page is open or the stored position is read
    step: str = ""  # the step at hand, "" when the lesson is done
    ticks: Ticks = field(default_factory=Ticks)
    facts: list[Fact] = field(default_factory=list)
    since: int = 0  # facts[since:] count for the step at hand
    says: dict[str, str] = field(default_factory=dict)  # check key -> what helps on
    played: frozenset[str] = frozenset()  # steps whose solves are being typed for the learner
    arrived: deque[Fact] = field(default_factory=lambda: deque(maxlen=REMEMBERED))  # not looked at yet
    is_open: bool = False  # a page shows the lesson
    is_restored: bool = False
    look_again: float = 0.0  # seconds: something to see may change without a fact; 0: it cannot
    stirred_at: float = field(default_factory=time.monotonic)  # when the learner last did something that may change it
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None

    def arrive(self, fact: Fact) -> None:
        self.arrived.append(fact)
        self.stir()
        self.bell.set()

    def stir(self) -> None:
        """The learner is at work. After a rest its first sign is looked at at once."""
        if not self._is_awake:
            self.bell.set()
        self.stirred_at = time.monotonic()

    def look_again_in(self, seconds: float) -> None:
        """The soonest that was asked for: a step may have several checks."""
        self.look_again = min(self.look_again or seconds, seconds)

    @property
    def _is_awake(self) -> bool:
        return time.monotonic() - self.stirred_at < AWAKE_SECONDS

    @property
    def pace(self) -> float:
        """Seconds from one look into the seat to the next."""
        return LOOK_AGAIN_SECONDS if self._is_awake else LOOK_AGAIN_ASLEEP_SECONDS

    def take(self) -> Fact:
        """Look at the next fact that has arrived."""
        fact = self.arrived.popleft()
        self.facts.append(fact)
        if len(self.facts) > REMEMBERED:
            del self.facts[0]
            self.since = max(0, self.since - 1)
        return fact

    def turn_to(self, lesson: str, ticks: Ticks, since: float) -> None:
        """A lesson is open. If it is another one than before, only what was done after `since` counts for it."""
        self.ticks = ticks
        if lesson != self.lesson:
            while self.arrived and self.arrived[0].at < since:
                self.take()
            self.since = max(self.since, sum(1 for fact in self.facts if fact.at < since))
            self.lesson, self.says, self.played = lesson, {}, frozenset()

    def tick(self, ticks: Ticks, next_step: str | None) -> None:
        """What has been stored. With a next step, only what is done from now on counts for it."""
        self.ticks = ticks
        if next_step is not None:
            self.step, self.since, self.says = next_step, len(self.facts), {}

    def skip(self) -> None:
        """What was done until now counts for nothing at the step at hand."""
        while self.arrived:
            self.take()
        self.since = len(self.facts)

    def forget(self) -> None:
        """What was done until now counts for nothing."""
        self.facts, self.since, self.says = [], 0, {}
        self.arrived.clear()

    async def rung(self) -> bool:
        """Wait until there is something to look at; False when the sitting may be forgotten."""
        again, self.look_again = self.look_again, 0.0
        patience = again or (None if self.is_open else FORGET_SECONDS)
        try:
            async with asyncio.timeout(patience):  # not wait_for: 3.11's can swallow the task's cancellation
                await self.bell.wait()
        except TimeoutError:
            return again > 0 or self.bell.is_set()
        self.bell.clear()
        return True
