"""Steps that are played for a learner, and steps that are done again."""

import pytest

from playground.checks.models import StepPass
from tests.unit.checks.watching import PULL, Playground, call

pytestmark = pytest.mark.django_db(transaction=True)


async def hows() -> dict[str, str]:
    return {step: how async for step, how in StepPass.objects.values_list("step", "how")}


async def test_a_step_that_ticks_while_its_solve_is_typed_counts_as_played(playground: Playground) -> None:
    await playground.open()
    playground.watch.play(playground.ada, ["pull", "run"])
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")

    assert await hows() == {"pull": "played"}


async def test_a_solve_that_was_typed_to_its_end_passes_the_step_with_its_quizzes(playground: Playground) -> None:
    await playground.open()
    playground.watch.play(playground.ada, ["pull", "run", "name", "ask"])
    await playground.watch.played(playground.ada, "first", "ask")

    assert await hows() == {"ask": "played"}


async def test_nobody_can_have_a_step_passed_that_is_not_being_played(playground: Playground) -> None:
    await playground.open()
    await playground.watch.played(playground.ada, "first", "list")
    playground.watch.play(playground.ada, ["pull"])
    await playground.watch.played(playground.ada, "first", "list")
    await playground.watch.played(playground.ada, "second", "pull")
    await playground.watch.played(playground.ada, "first", "nowhere")

    assert await hows() == {}


async def test_what_is_played_is_no_work_on_the_step_at_hand(playground: Playground) -> None:
    await playground.pass_up_to("name")
    await playground.open(step="list")
    playground.watch.play(playground.ada, ["pull"])
    playground.watch.on_fact(call("images"))
    playground.watch.play(playground.ada, [])
    assert "list" not in await hows()
    playground.watch.on_fact(call("images"))
    await playground.rings("list")

    assert (await hows())["list"] == "alone"


async def test_after_the_playing_has_stopped_the_learner_does_it(playground: Playground) -> None:
    await playground.open()
    playground.watch.play(playground.ada, ["pull"])
    playground.watch.play(playground.ada, [])
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")

    assert await hows() == {"pull": "alone"}


async def test_what_was_done_before_a_step_is_begun_again_does_not_count(playground: Playground) -> None:
    await playground.open()
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")
    await playground.watch.begin_again(playground.ada, "first", "pull")
    await playground.rings("pull")
    assert await hows() == {}
    playground.watch.on_fact(call("images"))
    playground.watch.on_fact(call("pull", **PULL))
    await playground.rings("pull")

    assert await hows() == {"pull": "alone"}


async def test_a_lesson_that_is_begun_again_has_no_ticks(playground: Playground) -> None:
    await playground.open()
    await playground.pass_up_to("ask")
    await playground.watch.begin_again(playground.ada, "first")

    assert await hows() == {}
