"""What ticks a step, and when."""

import time

import pytest

from playground.checks.models import CheckPass, StepPass
from playground.curriculum.course import Course
from playground.gateway.facts import Fact
from tests.unit.checks.facts import container, exit_of, having
from tests.unit.checks.watching import PULL, Playground, call, position_step, read_position

pytestmark = pytest.mark.django_db(transaction=True)


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


async def test_facts_of_an_unknown_seat_are_nobodys(playground: Playground) -> None:
    playground.watch.on_fact(Fact(seat="cleos-seat", action="pull", source="call", at=time.time(), image="busybox"))
    await playground.open()
    playground.watch.on_fact(call("pull", **PULL))

    await playground.rings("pull")
    assert playground.doorbells.empty()


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
