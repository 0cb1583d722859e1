"""The rehearsal finds lessons that do not keep their promises."""

from collections.abc import Sequence

from playground.checks import kinds
from playground.checks.rehearsal import Rehearsal
from playground.curriculum.parser import parse
from playground.engine.execs import Ran
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
        self.rehearsal = Rehearsal(SEAT, self.run, lambda: self.state, patience=0.01)

    async def run(self, argv: Sequence[str], timeout: float) -> Ran:
        for line in argv[-1].split("\n"):
            if line == "ps":
                self.rehearsal.on_fact(call("ps"))
            elif line == "web":
                self.state = having(container("web"))
                self.rehearsal.on_fact(call("run", name="web"))
            elif line == "note":
                self.notes.add("/note")
        return Ran(0 if argv[0] == "sh" or argv[-1] in self.notes else 1, b"printed")

    async def problems(self, check: str, solve: str, wrong: str = "nothing") -> list[str]:
        lesson = parse(STEP.format(check=check, solve=solve, wrong=wrong), "t.md", "t", kinds.parse)
        return [problem async for tried in self.rehearsal.lesson(lesson) for problem in tried.problems]


async def test_a_lesson_that_keeps_its_promises_has_no_problems() -> None:
    assert await SmallSeat().problems("[{did: ps}, {container: web}]", solve="ps\nweb", wrong="ps") == []


async def test_a_check_that_passes_before_anything_was_done_is_found() -> None:
    (problem,) = await SmallSeat().problems("[{not: {container: web}, goal: None there}, {did: ps}]", solve="ps")

    assert problem == "None there: passes before anything was done"


async def test_a_wrong_way_that_passes_is_found() -> None:
    (problem,) = await SmallSeat().problems("did: ps", solve="ps", wrong="web\nps")

    assert problem == "passes although this is wrong:\nweb\nps\n"


async def test_a_solve_that_does_not_pass_is_found_with_what_it_printed() -> None:
    (problem,) = await SmallSeat().problems("[{did: ps}, {container: web, goal: Make web}]", solve="ps")

    assert problem == "Make web: does not pass after the solve, which printed:\nprinted"


async def test_the_seat_is_asked_about_files() -> None:
    assert await SmallSeat().problems("file: /note", solve="note") == []
    assert len(await SmallSeat().problems("file: /note", solve="ps")) == 1
