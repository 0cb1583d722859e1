"""Which step is at hand, and what counts for it."""

import time

import pytest

from tests.unit.checks.facts import call as earlier_call
from tests.unit.checks.watching import PULL, Playground, call, position_step, read_position

pytestmark = pytest.mark.django_db(transaction=True)


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


async def test_a_lesson_that_is_not_there_is_not_opened(playground: Playground) -> None:
    await playground.open("nowhere")

    assert await read_position(playground) is None
