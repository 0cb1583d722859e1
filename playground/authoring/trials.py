"""Lessons rehearsed side by side, each trial in a seat of its own.

A lesson is tried in order with its wrong ways, and once more by its solves alone: at each step this second seat is what
a fresh one is to somebody who catches up to it, so that nothing a wrong way has left can help. With `fresh`,
and where a step is asked for by itself, it is really caught up with, in a fresh seat of its own.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from playground.authoring.rehearsal import Problem, Rehearsal, StuckIn
from playground.authoring.typist import SeatScreens, Stuck, Typist
from playground.checks.seen import Found, Probe
from playground.checks.watch import PROBE_SECONDS
from playground.curriculum.model import Lesson, Step
from playground.engine import execs
from playground.gateway.facts import Fact
from playground.seats.alone import Alone, Apart, apart
from playground.seats.rules import Rules


@dataclass(frozen=True, slots=True)
class Trial:
    """The steps `tried` of a lesson, after those before the first of them were caught up with."""

    lesson: Lesson
    before: tuple[Step, ...]
    tried: tuple[Step, ...]
    wrong: bool

    @property
    def weight(self) -> int:
        """How many blocks are typed."""
        return len(self.before) + sum(1 + len(step.wrong) * self.wrong for step in self.tried)


@dataclass(frozen=True, slots=True)
class Outcome:
    trial: Trial
    problems: tuple[Problem, ...]


def trials(lessons: Sequence[Lesson], step: str = "", *, fresh: bool = False) -> list[Trial]:
    """The longest first, so that the last to end is a short one. With `step` that one alone."""
    found = [trial for lesson in lessons for trial in (_one(lesson, step) if step else _all(lesson, fresh=fresh))]
    return sorted(found, key=lambda trial: -trial.weight)


def _all(lesson: Lesson, *, fresh: bool) -> Iterator[Trial]:
    yield Trial(lesson, (), lesson.steps, wrong=True)
    if fresh:
        for place in range(1, len(lesson.steps)):
            yield Trial(lesson, lesson.steps[:place], lesson.steps[place : place + 1], wrong=False)
    elif any(step.wrong for step in lesson.steps[:-1]):
        yield Trial(lesson, (), lesson.steps, wrong=False)
    for variant in lesson.variants[-1:]:  # the lesson itself is the first; what holds for two holds for what is between
        yield Trial(variant, (), variant.steps, wrong=True)


def _one(lesson: Lesson, asked: str) -> Iterator[Trial]:
    for place, step in enumerate(lesson.steps):
        if asked in (step.id, str(place + 1)):
            yield Trial(lesson, lesson.steps[:place], (step,), wrong=True)


async def hold(
    socket_path: str, rules: Rules, planned: Sequence[Trial], jobs: int, on_step: Callable[[Trial, Step], None]
) -> list[Outcome]:
    """All of them, `jobs` at a time, in the order of `planned`. Raises EngineError."""
    async with apart(socket_path, rules) as here:
        hall = _Hall(here, on_step)
        room = asyncio.Semaphore(jobs)

        async def held(trial: Trial) -> Outcome:
            async with room:
                return Outcome(trial, tuple(await hall.held(trial)))

        async with asyncio.TaskGroup() as group:
            running = [group.create_task(held(trial)) for trial in planned]
        return [task.result() for task in running]


class _Hall:
    def __init__(self, here: Apart, on_step: Callable[[Trial, Step], None]) -> None:
        self._here, self._on_step = here, on_step
        self._rehearsals: dict[str, Rehearsal] = {}
        here.gateway.subscribe(self._on_fact)

    def _on_fact(self, fact: Fact) -> None:
        if rehearsal := self._rehearsals.get(fact.seat):
            rehearsal.on_fact(fact)

    async def held(self, trial: Trial) -> list[Problem]:
        problems: list[Problem] = []
        async with self._here.seat() as seat:
            try:
                async with Typist(SeatScreens(seat)) as typist:
                    rehearsal = self._rehearsals[seat.id] = self._rehearsal(seat, typist)
                    await rehearsal.catch_up(trial.before)
                    for step in trial.tried:
                        problems += [problem async for problem in rehearsal.problems(step, wrong=trial.wrong)]
                        self._on_step(trial, step)
            except StuckIn as stuck:
                problems.append(stuck.problem)
            except Stuck as stuck:
                problems.append(Problem(trial.tried[0], "terminal", str(stuck), stuck.shown))
            finally:
                self._rehearsals.pop(seat.id, None)
        return problems

    def _rehearsal(self, seat: Alone, typist: Typist) -> Rehearsal:
        async def look(probe: Probe) -> Found:
            if probe.log_of:
                log = await self._here.gateway.log(seat.id, probe.log_of)
                return Found(1, "") if log is None else Found(0, log.decode(errors="replace"))
            ran = await execs.run(seat.client, seat.container_id, probe.argv, timeout=PROBE_SECONDS)
            return Found(ran.exit_code, ran.output.decode(errors="replace"))

        return Rehearsal(seat.id, typist.play, look, lambda: self._here.gateway.state(seat.id))
