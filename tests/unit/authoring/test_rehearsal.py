"""The rehearsal finds lessons that do not keep their promises."""

import pytest

from playground.authoring.rehearsal import Problem, Rehearsal, StuckIn
from playground.authoring.typist import Stuck
from playground.checks import kinds
from playground.checks.seen import Found, Probe
from playground.curriculum.model import Step
from playground.curriculum.parser import parse
from playground.gateway.state import State
from tests.unit.checks.facts import SEAT, call, container, having

STEP = """---
title: T
summary: S
minutes: 1
---

## Name one {{#name-one}}

```check
{check}
```

```sh solve
{solve}
```

```sh wrong
{wrong}
```
"""


class SmallSeat:
    """It knows three commands: `ps`, `web` (makes a container called web) and `nothing`."""

    def __init__(self) -> None:
        self.state: State = having()
        self.notes: set[str] = set()
        self.typed: list[str] = []
        self.rehearsal = Rehearsal(SEAT, self.play, self.look, lambda: self.state, patience=0.01)

    async def play(self, script: str) -> str:
        for line in script.split("\n"):
            self.typed.append(line)
            if line == "ps":
                self.rehearsal.on_fact(call("ps"))
            elif line == "web":
                self.state = having(container("web"))
                self.rehearsal.on_fact(call("run", name="web"))
            elif line == "note":
                self.notes.add("/note")
            elif line == "cat":
                raise Stuck("nothing comes back", "waiting")
        return "printed"

    async def look(self, probe: Probe) -> Found:
        return Found(0 if probe.argv[-1] in self.notes else 1, "printed")

    async def problems(self, check: str, solve: str, wrong: str = "nothing") -> list[Problem]:
        step = a_step(check, solve, wrong)
        return [problem async for problem in self.rehearsal.problems(step, wrong=True)]


def a_step(check: str, solve: str, wrong: str = "nothing") -> Step:
    (step,) = parse(STEP.format(check=check, solve=solve, wrong=wrong), "t.md", "t", kinds.parse).steps
    return step


async def test_a_lesson_that_keeps_its_promises_has_no_problems() -> None:
    assert await SmallSeat().problems("[{did: ps}, {container: web}]", solve="ps\nweb", wrong="ps") == []


async def test_a_check_that_passes_before_anything_was_done_is_found() -> None:
    (problem,) = await SmallSeat().problems("[{not: {container: web}, goal: None there}, {did: ps}]", solve="ps")

    assert (problem.about, problem.message) == ("None there", "passes before anything was done")


async def test_a_wrong_way_that_passes_is_found() -> None:
    (problem,) = await SmallSeat().problems("did: ps", solve="ps", wrong="web\nps")

    assert (problem.about, problem.message) == ("sh wrong", "passes although this is wrong")
    assert problem.seen == "web\nps\n"


async def test_a_solve_that_does_not_pass_is_found_with_what_the_terminal_showed() -> None:
    (problem,) = await SmallSeat().problems("[{did: ps}, {container: web, goal: Make web}]", solve="ps")

    assert (problem.about, problem.message) == ("Make web", "does not pass after the solve")
    assert problem.seen == "printed"


async def test_the_seat_is_asked_about_files() -> None:
    assert await SmallSeat().problems("file: /note", solve="note") == []
    assert len(await SmallSeat().problems("file: /note", solve="ps")) == 1


async def test_from_a_fresh_start_the_wrong_ways_are_not_typed() -> None:
    seat = SmallSeat()
    step = a_step("did: ps", solve="ps", wrong="web")

    assert [problem async for problem in seat.rehearsal.problems(step, wrong=False)] == []
    assert "web" not in seat.typed


async def test_what_was_typed_to_catch_up_does_not_pass_the_next_step() -> None:
    seat = SmallSeat()
    await seat.rehearsal.catch_up([a_step("did: ps", solve="ps")])

    (problem,) = [problem async for problem in seat.rehearsal.problems(a_step("did: ps", solve="nothing"), wrong=False)]
    assert problem.message == "does not pass after the solve"


async def test_a_block_that_does_not_end_is_named_with_what_the_terminal_shows() -> None:
    with pytest.raises(StuckIn) as stuck:
        await SmallSeat().problems("did: ps", solve="cat")

    problem = stuck.value.problem
    assert (problem.about, problem.message, problem.seen) == ("sh solve", "nothing comes back", "waiting")
