"""What goes wrong for Ada is written down, counted, and forgotten with the step."""

import asyncio
import time
from pathlib import Path

import pytest
from channels.db import database_sync_to_async
from pytest_django import DjangoAssertNumQueries

from playground.checks import kinds, merging, progress
from playground.checks.models import Trip
from playground.checks.trips import MOST, NewTrip, store
from playground.classroom.models import Learner
from playground.curriculum.course import Course, load
from playground.gateway.facts import Fact
from tests.unit.checks.facts import call as earlier_call
from tests.unit.checks.watching import FIRST, PULL, SECOND, SOON, Playground, call

pytestmark = pytest.mark.django_db(transaction=True)

TAKEN = 'Conflict. The container name "/web" is already in use.'
WANTED = (
    SECOND
    + """
## Fail {#fail}

```check
did: {run: {image: busybox, ok: false}}
```

```sh solve
x
```
"""
)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for folder, text in (("01-first", FIRST), ("02-second", WANTED)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lesson.md").write_text(text)
    return load(tmp_path, kinds.parse)


def taken() -> Fact:
    return call("create", image="busybox", name="web", status=409, error=TAKEN)


async def trips(playground: Playground) -> list[tuple[str, str, str, int]]:
    """All that are written down, once the server has stopped."""
    await playground.watch.stop()
    return [row async for row in Trip.objects.order_by("id").values_list("step", "kind", "what", "count")]


async def looked_at(playground: Playground) -> None:
    """All facts until now have been looked at: the one after them ticks."""
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")


async def test_a_refused_command_is_kept_with_how_often_and_told_once_it_is_stored(playground: Playground) -> None:
    await playground.open()
    assert await asyncio.wait_for(playground.standings.get(), SOON) == playground.ada  # the step that was opened
    for _ in range(3):
        playground.watch.on_fact(taken())
    assert await asyncio.wait_for(playground.standings.get(), SOON) == playground.ada
    assert await trips(playground) == [("pull", "error", "name is already in use", 3)]


async def test_an_error_that_the_step_asks_for_is_no_trip(playground: Playground) -> None:
    await playground.open("second", "fail")
    playground.watch.on_fact(call("run", image="busybox", status=409, error=TAKEN))
    await playground.rings("fail", "second")
    assert await trips(playground) == []


async def test_a_near_miss_is_kept_where_nothing_was_refused(playground: Playground) -> None:
    await playground.open()
    playground.watch.on_fact(call("pull", image="busybux", status=404))
    await playground.rings("pull")
    assert await trips(playground) == [("pull", "check", "No such image.", 1)]


async def test_a_wrong_answer_is_kept_as_its_question_and_not_as_what_was_answered(
    playground: Playground, course: Course
) -> None:
    await playground.pass_up_to("ask")
    await playground.open()
    lesson = course.lesson("first")
    assert lesson is not None
    step = lesson.step("ask")
    assert step is not None
    for given in ("128", "129"):
        await playground.watch.answer(playground.ada, "first", "ask", step.checks[0].key, given)
    await playground.watch.answer(playground.ada, "first", "ask", step.quizzes[0].key, [1])
    assert await trips(playground) == [("ask", "answer", "Which?", 2), ("ask", "answer", "Right?", 1)]


async def test_without_a_lesson_and_while_the_playground_types_nothing_is_kept(playground: Playground) -> None:
    playground.watch.on_fact(earlier_call("stop", at=time.time() - 60, status=404, error="No such container: web"))
    await playground.open()
    playground.watch.play(playground.ada, ["pull"])
    playground.watch.on_fact(taken())
    await looked_at(playground)
    assert await trips(playground) == []


async def test_doing_a_step_again_forgets_its_trips_also_those_on_their_way(playground: Playground) -> None:
    await playground.open()
    playground.watch.on_fact(taken())
    await looked_at(playground)
    await playground.watch.begin_again(playground.ada, "first", "pull")
    assert await trips(playground) == []


@pytest.mark.attack("errors in a loop")
async def test_a_flood_is_a_row_and_different_ones_have_an_end(
    ada: Learner, ben: Learner, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    flood = {NewTrip(ada.pk, "first", "pull", "error", f"{number}"): 1000 for number in range(3 * MOST)}
    flood |= {NewTrip(ben.pk, "first", "pull", "error", "one"): 1, NewTrip(99_999, "first", "pull", "error", "gone"): 1}

    def twice() -> list[tuple[int, int]]:
        for _ in range(2):
            with django_assert_max_num_queries(8):
                store(flood)
        return [(Trip.objects.filter(learner=one).count(), Trip.objects.count()) for one in (ada, ben)]

    assert await database_sync_to_async(twice)() == [(MOST, MOST + 1), (1, MOST + 1)]


def test_trips_come_along_into_an_account_and_go_with_their_step(ada: Learner, ben: Learner) -> None:
    for step in ("pull", "run"):
        Trip.objects.create(learner=ada, lesson="first", step=step, kind="error", what="no such image", count=2)
    merging.bring_along(ada.pk, ben.pk)
    progress.reset(ben.pk, "first", "pull")
    assert list(Trip.objects.filter(learner=ben).values_list("step", "count")) == [("run", 2)]
