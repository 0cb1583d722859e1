import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async

from playground.checks import kinds
from playground.checks.models import CheckPass, StepPass
from playground.checks.progress import position_of
from playground.checks.watch import Watch
from playground.classroom.models import Learner
from playground.curriculum.course import Course, load
from playground.engine.errors import Conflict
from playground.engine.execs import Ran
from playground.gateway.facts import Fact
from playground.gateway.state import State
from tests.unit.checks.facts import SEAT, container, exit_of, having
from tests.unit.checks.facts import call as earlier_call

pytestmark = pytest.mark.django_db(transaction=True)

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


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for folder, text in (("01-first", FIRST), ("02-second", SECOND), ("03-third", THIRD)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lesson.md").write_text(text)
    course = load(tmp_path, kinds.parse)
    assert course.errors == ()
    return course


@pytest.fixture
async def playground(course: Course, ada: Learner) -> AsyncIterator[Playground]:
    playground = Playground(course, ada)
    yield playground
    await playground.watch.stop()


async def test_a_step_ticks_as_soon_as_the_engine_shows_it(playground: Playground) -> None:
    await playground.open()
    playground.watch.on_fact(call("pull", **PULL))

    await playground.rings("pull")

    assert await playground.passed() == {"pull"}


async def test_two_servers_that_see_the_same_at_once_store_it_once(playground: Playground) -> None:
    servers = [playground.watch, playground.new_watch()]
    for server in servers:
        await server.open_step(playground.ada, "first")
    pull = call("pull", **PULL)
    for server in servers:
        server.on_fact(pull)

    await playground.rings("pull")
    await playground.rings("pull")

    assert await CheckPass.objects.acount() == 1
    assert await StepPass.objects.acount() == 1
    await servers[0].stop()


async def test_each_check_ticks_by_itself_and_the_step_passes_with_the_last(playground: Playground) -> None:
    await playground.pass_up_to("run")
    await playground.open()

    playground.watch.on_fact(call("ps"))
    await playground.rings("run")
    assert await playground.passed() == {"pull"}

    playground.watch.on_fact(call("run", image="busybox", target="c1"))
    playground.watch.on_fact(exit_of("c1", 0, at=time.time()))
    await playground.rings("run")
    assert await playground.passed() == {"pull", "run"}
    assert await CheckPass.objects.acount() == 2


async def test_only_the_step_at_hand_is_looked_at(playground: Playground) -> None:
    await playground.open()

    playground.watch.on_fact(call("images"))
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")

    assert await playground.passed() == {"pull"}


async def test_what_passed_a_step_does_not_count_for_the_next_one_but_what_follows_does(playground: Playground) -> None:
    await playground.pass_up_to("list")
    await playground.open("first", "list")

    playground.watch.on_fact(call("images"))
    await playground.rings("list")
    await playground.open("second")
    playground.watch.on_fact(call("pull", **PULL))

    await playground.rings("pull-again", "second")


async def test_running_ahead_of_the_page_counts(playground: Playground) -> None:
    """Two commands at once: the second belongs to the step that the page has not even shown."""
    await playground.open("first", "pull")

    for fact in (call("pull", **PULL), call("ps")):
        playground.watch.on_fact(fact)

    await playground.rings("pull")
    await playground.rings("run")


async def test_a_state_that_is_there_already_passes_when_its_step_comes_to_hand(playground: Playground) -> None:
    playground.state = having(container("web"))
    await playground.pass_up_to("run")
    await playground.open()

    playground.watch.on_fact(call("run", image="busybox", target="c1"))
    playground.watch.on_fact(exit_of("c1", 0, at=time.time()))
    playground.watch.on_fact(call("ps"))

    await playground.rings("run")
    await playground.rings("run")
    await playground.rings("name")


async def test_a_check_that_has_come_true_stays_ticked(playground: Playground) -> None:
    playground.state = having(container("web"))
    await playground.pass_up_to("name")
    await playground.open()
    await playground.rings("name")

    playground.state = having()
    playground.new_watch()
    await playground.open("first", "name")

    assert await playground.passed() >= {"name"}
    assert position_step(await read_position(playground)) == "ask"


async def test_a_step_whose_last_check_was_taken_away_by_its_author_passes(
    playground: Playground, course: Course
) -> None:
    lesson = course.lesson("first")
    assert lesson
    for check in lesson.steps[0].checks:
        await CheckPass.objects.acreate(learner_id=playground.ada, lesson="first", step="pull", check_key=check.key)

    await playground.open()

    await playground.rings("pull")


async def test_a_near_miss_is_told_and_taken_back_when_the_step_passes(playground: Playground) -> None:
    await playground.open()

    playground.watch.on_fact(call("pull", image="busybux", status=404))
    await playground.rings("pull")
    assert list(playground.watch.says(playground.ada).values()) == ["No such image."]

    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")
    assert playground.watch.says(playground.ada) == {}


async def test_what_was_typed_while_the_page_was_loading_counts(playground: Playground) -> None:
    playground.watch.on_fact(call("pull", **PULL))
    await playground.open()

    await playground.rings("pull")


async def test_what_was_done_long_before_the_lesson_was_opened_does_not(playground: Playground) -> None:
    playground.watch.on_fact(earlier_call("pull", at=time.time() - 60, **PULL))
    await playground.open()
    playground.watch.on_fact(call("pull", image="busybux", status=404))

    await playground.rings("pull")
    assert playground.watch.says(playground.ada)


async def test_what_was_done_for_another_lesson_does_not_count(playground: Playground) -> None:
    await playground.open("first")
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")

    await playground.open("second")
    await playground.open("first")
    playground.watch.on_fact(call("ps"))

    await playground.rings("run")
    assert await playground.passed("second") == set()


async def test_a_passed_step_that_is_opened_again_leaves_the_first_one_left_at_hand(playground: Playground) -> None:
    await playground.pass_up_to("run")
    await playground.open("first", "pull")

    assert position_step(await read_position(playground)) == "run"


async def test_a_learner_may_skip_a_step(playground: Playground) -> None:
    await playground.open("first", "list")
    playground.watch.on_fact(call("images"))

    await playground.rings("list")
    assert position_step(await read_position(playground)) == "pull"
    assert await playground.passed() == {"list"}


async def test_ticks_go_on_after_the_server_was_restarted_before_any_page_is_back(playground: Playground) -> None:
    await playground.open()
    await playground.watch.stop()

    playground.new_watch().on_fact(call("pull", **PULL))

    await playground.rings("pull")


async def test_a_learner_without_an_open_lesson_ticks_nothing(playground: Playground) -> None:
    playground.watch.on_fact(call("pull", **PULL))
    await playground.open("second")
    await playground.rings("pull-again", "second")

    assert await playground.passed() == set()


async def test_facts_of_an_unknown_seat_are_nobodys(playground: Playground) -> None:
    playground.watch.on_fact(Fact(seat="cleos-seat", action="pull", source="call", at=time.time(), image="busybox"))
    await playground.open()
    playground.watch.on_fact(call("pull", **PULL))

    await playground.rings("pull")
    assert playground.doorbells.empty()


async def test_a_lesson_that_is_not_there_is_not_opened(playground: Playground) -> None:
    await playground.open("nowhere")

    assert await read_position(playground) is None


async def test_answers_are_checks_like_the_others(playground: Playground, course: Course) -> None:
    await playground.pass_up_to("ask")
    await playground.open()
    lesson = course.lesson("first")
    assert lesson
    step = lesson.step("ask")
    assert step
    question, quiz = step.checks[0], step.quizzes[0]

    async def answer(key: str, given: str | list[int]) -> kinds.Verdict | None:
        return await playground.watch.answer(playground.ada, "first", "ask", key, given)

    assert await answer(question.key, "1") == kinds.Verdict(False, "Look again.")
    assert await answer(quiz.key, [1]) == kinds.Verdict(False, "It is.")
    assert await playground.passed() == {"pull", "run", "name"}
    assert await answer(question.key, "127") == kinds.Verdict(True)
    assert await answer(quiz.key, [0]) == kinds.Verdict(True, "So it is.")
    assert await playground.passed() == {"pull", "run", "name", "ask"}
    assert position_step(await read_position(playground)) == "list"


@pytest.mark.parametrize(
    ("lesson", "step", "key", "given"),
    [
        ("nowhere", "ask", "k", "1"),
        ("first", "nowhere", "k", "1"),
        ("first", "ask", "k", "1"),
        ("first", "pull", "", [0]),
    ],
)
async def test_an_answer_that_nobody_asked_for_is_no_verdict(
    playground: Playground, lesson: str, step: str, key: str, given: str | list[int]
) -> None:
    assert await playground.watch.answer(playground.ada, lesson, step, key, given) is None


async def test_a_file_in_the_seat_is_seen_without_a_docker_command(playground: Playground) -> None:
    await playground.open("second", "write")
    playground.files["/note"] = "oh hello"

    await playground.rings("write", "second")


async def test_what_a_container_has_printed_is_seen_without_a_docker_command(playground: Playground) -> None:
    await playground.open("second", "print")
    playground.logs["web"] = b"starting\nready\n"

    await playground.rings("print", "second")


async def test_a_seat_that_cannot_be_asked_now_is_asked_again(playground: Playground) -> None:
    playground.seat_answers = False
    playground.files["/note"] = "hello"
    await playground.open("second", "write")
    playground.watch.on_fact(call("ps"))

    playground.seat_answers = True

    await playground.rings("write", "second")


async def test_a_learner_without_a_seat_passes_nothing(playground: Playground) -> None:
    await playground.pass_up_to("name")
    playground.state = None
    await playground.open()
    playground.state = having(container("web"))
    playground.watch.on_fact(call("ps"))

    await playground.rings("name")


async def test_a_closed_page_does_not_stop_the_ticks(playground: Playground) -> None:
    await playground.open()
    playground.watch.close(playground.ada)
    playground.watch.on_fact(call("pull", **PULL))

    await playground.rings("pull")


def position_step(position: tuple[str, str] | None) -> str:
    assert position
    return position[1]


async def read_position(playground: Playground) -> tuple[str, str] | None:
    read: tuple[str, str] | None = await database_sync_to_async(position_of)(playground.ada)
    return read


async def test_a_seat_is_not_looked_into_before_that_can_make_a_difference(playground: Playground) -> None:
    """An exec costs a tenth of a second of a processor, and a class has the same step at hand."""
    await playground.open("third")
    playground.files["/answer"] = "1.41"
    playground.watch.on_fact(call("images"))
    await playground.rings("keep", "third")
    assert playground.looked == []
    playground.watch.on_fact(call("version"))
    await playground.rings("keep", "third")
    assert playground.looked == ["/answer"]
