"""Watches facts arrive and ticks the steps at hand. Runs on the loop; one small task for each learner at work."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from typing import Protocol

from django.db import DatabaseError

from playground.checks import progress
from playground.checks.kinds import Check, Verdict, awaits_probes, evaluate, judge
from playground.checks.models import Trip
from playground.checks.phrases import cut
from playground.checks.progress import off_loop
from playground.checks.seen import Found, Probe, Seen
from playground.checks.sitting import LOOK_AGAIN_SECONDS, Sitting
from playground.checks.trips import NewTrip, Trips
from playground.curriculum.course import Course
from playground.curriculum.model import Quiz, Step
from playground.engine.errors import EngineError
from playground.gateway.facts import Fact
from playground.gateway.state import State

PROBE_SECONDS = 5.0
# What was typed this long before the page told which lesson is open was meant for that lesson.
GRACE_SECONDS = 2.0

log = logging.getLogger(__name__)


class Ran(Protocol):
    """What `run_in_seat` gives."""

    @property
    def exit_code(self) -> int: ...

    @property
    def output(self) -> bytes: ...


class Watch:
    """Only the step at hand is looked at, so a fact costs as much as one step has checks.

    A learner's facts count from the moment their last step passed, or the lesson was opened. A check that has come
    true stays ticked; a step passes when all its checks and quizzes have, and the next one is at hand at once.
    """

    def __init__(
        self,
        course: Course,
        *,
        state_of: Callable[[int], State | None],  # a learner's seat now; None: no seat
        run_in_seat: Callable[[int, Sequence[str], float], Awaitable[Ran]],  # learner, argv, timeout
        log_of: Callable[[int, str], Awaitable[bytes | None]],  # learner, container's name; None: there is none
        learner_of_seat: Callable[[str], int | None],
        on_progress: Callable[[int, str, str], Awaitable[None]],  # learner, lesson, step; after the commit
        on_standing: Callable[[int], None],  # the learner opened another step, or tripped; after the commit
    ) -> None:
        self._course = course
        self._state_of, self._run_in_seat, self._learner_of_seat = state_of, run_in_seat, learner_of_seat
        self._log_of, self._on_progress, self._on_standing = log_of, on_progress, on_standing
        self._trips = Trips(on_standing)
        self._sittings: dict[int, Sitting] = {}

    # ── What the rooms above call ───────────────────────────────────────────────────────────────────────────────

    def on_fact(self, fact: Fact) -> None:
        """Does not block: the learner's task looks at it."""
        learner_id = self._learner_of_seat(fact.seat)
        if learner_id is not None:
            self._sitting(learner_id).arrive(fact)

    def stirred(self, learner_id: int) -> None:
        """The learner typed or saved something: called for each key, so it is cheap."""
        if sitting := self._sittings.get(learner_id):
            sitting.stir()

    async def open_step(self, learner_id: int, lesson: str, step: str | None = None) -> None:
        """The learner's page shows this lesson, and this step of it."""
        sitting = self._sitting(learner_id)
        sitting.is_open = True
        sitting.stir()
        async with sitting.lock:
            await self._open(sitting, lesson, step or "", since=time.time() - GRACE_SECONDS)
        sitting.bell.set()
        self._on_standing(learner_id)

    async def answer(
        self, learner_id: int, lesson: str, step: str, key: str, given: str | Collection[int]
    ) -> Verdict | None:
        """The learner answered: the text for an `answer`, the positions chosen for a quiz. None: nobody asked that."""
        found = await self._step(learner_id, lesson, step)
        if found is None:
            return None
        goal = next((goal for goal in found.goals if goal.key == key), None)
        if isinstance(goal, Quiz) and not isinstance(given, str):
            verdict = judge(goal, given)
        elif isinstance(goal, Check) and goal.asks and isinstance(given, str):
            verdict = evaluate(goal, Seen(typed=given))
        else:
            return None
        if verdict.passed:
            sitting = self._sitting(learner_id)
            async with sitting.lock:
                if sitting.lesson != lesson:
                    await self._open(sitting, lesson, step, since=time.time() - GRACE_SECONDS)
                await self._tick(sitting, lesson, found, [key])
            sitting.bell.set()
        else:
            asked = goal.asks if isinstance(goal, Check) else goal.question
            self._trips.note(NewTrip(learner_id, lesson, step, Trip.Kind.ANSWER, cut(asked)))
        return verdict

    def play(self, learner_id: int, steps: Collection[str]) -> None:
        """The solves of these steps of the open lesson are typed for the learner from now on; none: no more."""
        sitting = self._sitting(learner_id)
        if sitting.played and not steps:
            sitting.skip()
        sitting.played = frozenset(steps)

    async def played(self, learner_id: int, lesson: str, step: str) -> None:
        """The step's solve was typed to its end: it counts as passed, quizzes and all, but as played."""
        sitting = self._sitting(learner_id)
        found = await self._step(learner_id, lesson, step)
        if found is None or sitting.lesson != lesson or step not in sitting.played:
            return
        async with sitting.lock:
            if step not in sitting.ticks.steps:
                await self._tick(sitting, lesson, found, [goal.key for goal in found.goals])
            sitting.played -= {step}
            if not sitting.played:
                sitting.skip()
        sitting.bell.set()

    async def begin_again(self, learner_id: int, lesson: str, step: str = "") -> None:
        """Take back what was passed of the lesson, or of one step of it; what was done until now counts no more."""
        sitting = self._sitting(learner_id)
        async with sitting.lock:
            self._trips.forget(learner_id, lesson, step)
            await off_loop(progress.reset, learner_id, lesson, step)
            sitting.forget()
            if sitting.lesson in ("", lesson):
                await self._open(sitting, lesson, step, since=time.time())
        await self._on_progress(learner_id, lesson, step)

    def says(self, learner_id: int) -> dict[str, str]:
        """What helps the learner on with the step at hand: check key -> text."""
        sitting = self._sittings.get(learner_id)
        return dict(sitting.says) if sitting else {}

    def close(self, learner_id: int) -> None:
        """The learner's page is gone. Facts still count; after a while without any the learner is forgotten."""
        if sitting := self._sittings.get(learner_id):
            sitting.is_open, sitting.played = False, frozenset()
            sitting.bell.set()

    async def stop(self) -> None:
        """What is being stored is stored to the end."""
        tasks = []
        for sitting in list(self._sittings.values()):
            async with sitting.lock:
                if sitting.task:
                    sitting.task.cancel()
                    tasks.append(sitting.task)
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._trips.stop()

    # ── A learner's task ────────────────────────────────────────────────────────────────────────────────────────

    def _sitting(self, learner_id: int) -> Sitting:
        if learner_id not in self._sittings:
            sitting = self._sittings[learner_id] = Sitting(learner_id)
            sitting.task = asyncio.create_task(self._work(sitting), name=f"checks of learner {learner_id}")
        return self._sittings[learner_id]

    async def _work(self, sitting: Sitting) -> None:
        try:
            while await sitting.rung():
                try:
                    async with sitting.lock:
                        await self._catch_up(sitting)
                except DatabaseError:
                    log.exception("Progress of learner %s could not be stored; trying again", sitting.learner_id)
                    sitting.look_again = LOOK_AGAIN_SECONDS
        finally:
            del self._sittings[sitting.learner_id]

    async def _catch_up(self, sitting: Sitting) -> None:
        """Fact by fact: the one that passes a step does not count for the next step, the one after it does."""
        if not sitting.lesson and not sitting.is_restored:
            position = await off_loop(progress.position_of, sitting.learner_id)
            if position is not None:
                lesson, step = position
                await self._open(sitting, lesson, step, since=0.0)  # nothing is remembered from before the restart
            sitting.is_restored = True
        while True:
            await self._look(sitting, sitting.take() if sitting.arrived else None)
            if not sitting.arrived:
                return

    async def _look(self, sitting: Sitting, fact: Fact | None) -> None:
        """Tick what has come true of the step at hand, and of the next one as long as steps pass. An error that ticks
        something was asked for, and is no trip."""
        while step := await self._step(sitting.learner_id, sitting.lesson, sitting.step):
            if sitting.played and step.id not in sitting.played:
                return  # what is typed for the learner is no work on the step at hand
            verdicts = await self._evaluate(sitting, step)
            passed = [key for key, verdict in verdicts.items() if verdict.passed]
            says = {key: verdict.says for key, verdict in verdicts.items() if verdict.says}
            if passed or step.id in sitting.ticks.plus(step, ()).steps:  # the latter when its author took a check away
                sitting.says, fact = says, None
                await self._tick(sitting, sitting.lesson, step, passed)
            else:
                self._trips.seen(sitting, fact, says)
                if says != sitting.says:
                    sitting.says = says
                    await self._on_progress(sitting.learner_id, sitting.lesson, step.id)
            if sitting.step == step.id:
                return

    async def _evaluate(self, sitting: Sitting, step: Step) -> dict[str, Verdict]:
        ticked = sitting.ticks.of(step.id)
        state = self._state_of(sitting.learner_id)
        verdicts: dict[str, Verdict] = {}
        for check in step.checks:
            assert isinstance(check, Check)  # the course was loaded with kinds.parse
            if check.key in ticked or check.asks or state is None:
                continue
            seen = Seen(sitting.facts, sitting.since, state)
            found = await self._probe(sitting, check, seen)
            if found is not None:
                verdicts[check.key] = evaluate(check, replace(seen, found=found))
        return verdicts

    async def _probe(self, sitting: Sitting, check: Check, seen: Seen) -> dict[Probe, Found] | None:
        """What the check's probes find; None when it is not the time to run them. Nothing is found, and nothing run,
        as long as it makes no difference: a class that has yet to do something would keep the engine busy."""
        probes = list(check.probes())
        if not probes or not awaits_probes(check, seen):
            return {}
        if sitting.is_open:  # a log is read without a process, and grows while its learner waits
            only_logs = all(probe.log_of for probe in probes)
            sitting.look_again_in(LOOK_AGAIN_SECONDS if only_logs else sitting.pace)
        if sitting.arrived:
            return None  # more facts wait: an exec costs as much as looking at a thousand of them
        found = {}
        for probe in probes:
            try:
                found[probe] = await self._look_at(sitting.learner_id, probe)
            except EngineError as error:
                log.warning("Cannot look into the seat of learner %s: %s", sitting.learner_id, error)
                return None
        return found

    async def _look_at(self, learner_id: int, probe: Probe) -> Found:
        if probe.log_of:
            log = await self._log_of(learner_id, probe.log_of)
            return Found(1, "") if log is None else Found(0, log.decode(errors="replace"))
        ran = await self._run_in_seat(learner_id, probe.argv, PROBE_SECONDS)
        return Found(ran.exit_code, ran.output.decode(errors="replace"))

    # ── Where the learner is ────────────────────────────────────────────────────────────────────────────────────

    async def _step(self, learner_id: int, lesson: str, step: str) -> Step | None:
        found = self._course.lesson(lesson)
        if found and found.variants:
            found = await off_loop(progress.as_drawn, learner_id, found)
        return found.step(step) if found else None

    async def _open(self, sitting: Sitting, slug: str, step: str, since: float) -> None:
        lesson = self._course.lesson(slug)
        if lesson is None:
            return
        ticks = await off_loop(progress.ticks, sitting.learner_id, slug)
        sitting.turn_to(slug, ticks, since)
        here = lesson.step(step)
        if here is None or step in ticks.steps:
            here = ticks.first_unpassed(lesson)
        sitting.step = here.id if here else ""
        await off_loop(progress.stand_at, sitting.learner_id, slug, sitting.step)

    async def _tick(self, sitting: Sitting, slug: str, step: Step, keys: Collection[str]) -> None:
        """Store it, then tell."""
        lesson = self._course.lesson(slug)
        if lesson is None:
            return
        ticks = sitting.ticks.plus(step, keys)
        complete = step.id in ticks.steps
        next_step = None
        if complete and sitting.step == step.id:
            left = ticks.first_unpassed(lesson, after=step.id)
            next_step = left.id if left else ""
        await off_loop(
            progress.record,
            sitting.learner_id,
            slug,
            step.id,
            keys,
            step_passed=complete,
            next_step=next_step,
            played=step.id in sitting.played,
        )
        sitting.tick(ticks, next_step)
        await self._on_progress(sitting.learner_id, slug, step.id)
