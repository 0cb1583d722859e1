"""A watch over one learner's seat, and the three lessons that it knows."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from channels.db import database_sync_to_async

from playground.checks.models import StepPass
from playground.checks.progress import position_of
from playground.checks.watch import Watch
from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.engine.errors import Conflict
from playground.engine.execs import Ran
from playground.gateway.facts import Fact
from playground.gateway.state import State
from tests.unit.checks.facts import SEAT, having
from tests.unit.checks.facts import call as earlier_call

SOON = 5.0

FIRST = """---
title: First
summary: S
minutes: 5
---

## Pull {#pull}

```check
did: {pull: busybox}
says:
  - when: {did: {pull: {ok: false}}}
    text: No such image.
```

```sh solve
x
```

## Run {#run}

```check
- did: {run: {image: busybox, exit_code: 0}}
- did: ps
```

```sh solve
x
```

## Name {#name}

```check
container: web
```

```sh solve
x
```

## Ask {#ask}

```check
answer: {question: "Which?", accept: ["127"], otherwise: Look again.}
```

```quiz
question: Right?
answers:
  - {text: Yes, right: true, why: So it is.}
  - {text: No, why: It is.}
```

## List {#list}

```check
did: images
```

```sh solve
x
```
"""
SECOND = """---
title: Second
summary: S
minutes: 5
---

## Pull again {#pull-again}

```check
did: pull
```

```sh solve
x
```

## Write {#write}

```check
file: {path: /note, contains: hello}
```

```sh solve
x
```

## Print {#print}

```check
log: {container: web, contains: ready}
```

```sh solve
x
```
"""
THIRD = """---
title: Third
summary: S
minutes: 5
---

## Keep {#keep}

```check
all: [{did: version}, {file: /answer}]
says:
  - when: {did: images}
    text: Ask for the version.
```

```sh solve
x
```
"""


def call(action: str, **known: Any) -> Fact:
    return earlier_call(action, at=time.time(), **known)


PULL = {"image": "busybox"}


class Playground:
    """Ada's seat, and a watch that tells this test of each doorbell."""

    def __init__(self, course: Course, ada: Learner) -> None:
        self.course, self.ada = course, ada.pk
        self.state: State | None = having()
        self.files: dict[str, str] = {}
        self.logs: dict[str, bytes] = {}
        self.seat_answers = True
        self.looked: list[str] = []  # files, one for each look into the seat
        self.doorbells: asyncio.Queue[tuple[int, str, str]] = asyncio.Queue()
        self.standings: asyncio.Queue[int] = asyncio.Queue()
        self.watch = self.new_watch()

    def new_watch(self) -> Watch:
        """The server starts again: nothing is left in memory."""
        self.watch = Watch(
            self.course,
            state_of=lambda learner: self.state if learner == self.ada else None,
            log_of=self.log_of,
            run_in_seat=self.run_in_seat,
            learner_of_seat={SEAT: self.ada}.get,
            on_progress=self.on_progress,
            on_standing=self.standings.put_nowait,
        )
        return self.watch

    async def log_of(self, learner: int, container: str) -> bytes | None:
        return self.logs.get(container)

    async def run_in_seat(self, learner: int, argv: Sequence[str], timeout: float) -> Ran:
        if not self.seat_answers:
            raise Conflict("the seat does not run")
        self.looked.append(argv[-1])
        text = self.files.get(argv[-1])
        return Ran(1, b"") if text is None else Ran(0, text.encode())

    async def on_progress(self, learner: int, lesson: str, step: str) -> None:
        self.doorbells.put_nowait((learner, lesson, step))

    async def open(self, lesson: str = "first", step: str | None = None) -> None:
        await self.watch.open_step(self.ada, lesson, step)

    async def rings(self, step: str, lesson: str = "first") -> None:
        """The next doorbell is for this step."""
        assert await asyncio.wait_for(self.doorbells.get(), SOON) == (self.ada, lesson, step)

    async def passed(self, lesson: str = "first") -> set[str]:
        return {step async for step in StepPass.objects.filter(lesson=lesson).values_list("step", flat=True)}

    async def pass_up_to(self, step: str) -> None:
        """Store the steps of the first lesson before this one as passed."""
        lesson = self.course.lesson("first")
        assert lesson
        for earlier in lesson.steps[: [each.id for each in lesson.steps].index(step)]:
            await StepPass.objects.acreate(learner_id=self.ada, lesson="first", step=earlier.id)


def position_step(position: tuple[str, str] | None) -> str:
    assert position
    return position[1]


async def read_position(playground: Playground) -> tuple[str, str] | None:
    read: tuple[str, str] | None = await database_sync_to_async(position_of)(playground.ada)
    return read
