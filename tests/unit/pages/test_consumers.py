"""The progress socket with a real watch behind it; what happens on the engine are facts that the test makes."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path
from typing import Any, Never

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from pytest_django import Settings

from playground.checks import kinds, progress
from playground.checks.models import Help, StepPass
from playground.checks.watch import Watch
from playground.classroom.models import Learner
from playground.curriculum.course import Course, load
from playground.gateway.facts import Fact
from playground.gateway.limits import Limits
from playground.gateway.state import ImageState, State
from playground.map.board import MapBoard
from playground.pages import following
from playground.pages.budget import BudgetBoard, Spent
from playground.pages.consumers import LEFT, MOST_PAGES, TOO_MANY, UNREADABLE, ProgressConsumer
from playground.pages.presence import Presence
from playground.preview.links import Place, place_of
from tests.unit.out_of_order import LAYERS

pytestmark = pytest.mark.django_db(transaction=True)

OPEN = {"type": "open", "lesson": "hello", "step": "run"}
THINK = {"type": "answer", "lesson": "hello", "step": "think"}


class Playground:
    """The running watch with one engine's worth of state, and pages that open onto it."""

    def __init__(self, course: Course) -> None:
        self.images: tuple[ImageState, ...] = ()
        self.ports: dict[int, list[Place]] = {}
        self.seats: dict[str, int] = {}
        self.spent: dict[int, Spent] = {}
        self.budgets = BudgetBoard(self._spent, Limits(), every=0.01)
        self.watch = Watch(
            course,
            state_of=lambda learner_id: State(images=self.images),
            log_of=self._run,
            run_in_seat=self._run,
            learner_of_seat=self.seats.get,
            on_progress=self._ring,
            on_standing=lambda learner_id: None,
        )
        self.maps = MapBoard(lambda learner_id: State(images=self.images), self.seats.get, lambda: ["busybox"])
        self.pages: list[WebsocketCommunicator] = []

    async def _run(self, *args: object) -> Never:
        raise AssertionError("no check of this course looks into the seat")

    async def _spent(self, learner_ids: Collection[int]) -> Mapping[int, Spent]:
        return {learner_id: spent for learner_id, spent in self.spent.items() if learner_id in learner_ids}

    async def _ring(self, learner_id: int, lesson: str, step: str) -> None:
        message = {"type": "progress.changed", "lesson": lesson, "step": step}
        await get_channel_layer().group_send(f"learner.{learner_id}", message)

    async def page(self, user: Learner | AnonymousUser) -> WebsocketCommunicator:
        consumer = ProgressConsumer.as_asgi(
            watch=self.watch, ports_of=self.ports_of, budgets=self.budgets, maps=self.maps
        )
        page = WebsocketCommunicator(consumer, "/ws/progress/")
        page.scope["user"] = user
        self.pages.append(page)
        return page

    async def open(self, learner: Learner) -> WebsocketCommunicator:
        """A page on the first step, its first messages read."""
        page = await self.page(learner)
        assert (await page.connect())[0]
        assert (await page.receive_json_from())["type"] == "ports"
        await page.send_json_to(OPEN)
        await page.receive_json_from()
        return page

    def ports_of(self, learner_id: int) -> list[Place]:
        return self.ports.get(learner_id, [])

    def run(self, learner: Learner, image: str) -> None:
        self.seats["a-seat"] = learner.pk
        self.watch.on_fact(Fact(seat="a-seat", action="run", source="call", at=time.time(), image=image))

    async def close(self) -> None:
        for page in self.pages:
            await page.disconnect()
        await self.watch.stop()
        await self.budgets.stop()


@pytest.fixture
async def playground(course: Course) -> AsyncIterator[Playground]:
    playground = Playground(course)
    yield playground
    await playground.close()


def key(course: Course, step: str, place: int = 0) -> str:
    found = course.lessons[0].step(step)
    assert found is not None
    return found.goals[place].key


async def closed_with(page: WebsocketCommunicator) -> int:
    message: dict[str, Any] = await page.receive_output()
    assert message["type"] == "websocket.close"
    return int(message["code"])


async def test_a_check_ticks_on_the_page_when_the_engine_shows_it(
    playground: Playground, ada: Learner, course: Course
) -> None:
    page = await playground.open(ada)
    playground.run(ada, "hello-world")
    message = await page.receive_json_from()
    assert message["type"] == "progress"
    goals = message["steps"]["run"]["goals"]
    assert goals[key(course, "run", 0)] == {"passed": True, "says": ""}
    assert not goals[key(course, "run", 1)]["passed"]
    assert not message["steps"]["run"]["passed"]


async def test_a_step_passes_when_its_last_check_does(playground: Playground, ada: Learner) -> None:
    playground.images = (ImageState("sha256:1", ("hello-world:latest",)),)
    page = await playground.open(ada)
    playground.run(ada, "hello-world")
    message = await page.receive_json_from()
    while not message["steps"]["run"]["passed"]:
        message = await page.receive_json_from()


async def test_both_tabs_of_a_learner_tick(playground: Playground, ada: Learner) -> None:
    pages = [await playground.open(ada), await playground.open(ada)]
    playground.run(ada, "hello-world")
    assert [(await page.receive_json_from())["type"] for page in pages] == ["progress", "progress"]


async def test_another_learners_page_hears_nothing(playground: Playground, ada: Learner, ben: Learner) -> None:
    adas, bens = await playground.open(ada), await playground.open(ben)
    playground.run(ada, "hello-world")
    await adas.receive_json_from()
    assert await bens.receive_nothing()


async def test_published_ports_are_told_when_a_page_opens_and_whenever_they_change(
    playground: Playground, ada: Learner, ben: Learner
) -> None:
    page, bens = await playground.open(ada), await playground.open(ben)
    playground.ports[ada.pk] = [place := Place(ada.pk, "a0", 8080)]
    await get_channel_layer().group_send(f"learner.{ada.pk}", {"type": "ports.changed"})
    (told,) = (await page.receive_json_from())["ports"]
    assert (told["port"], place_of(told["url"].split("/")[2])) == (8080, place)
    again = await playground.page(ada)
    await again.connect()
    assert len((await again.receive_json_from())["ports"]) == 1
    assert await bens.receive_nothing()


async def test_a_page_with_a_map_is_told_what_to_draw_and_what_happens(
    playground: Playground, ada: Learner, ben: Learner
) -> None:
    page = await playground.page(ada)
    assert (await page.connect())[0]
    assert (await page.receive_json_from())["type"] == "ports"
    await page.send_json_to({"type": "map"})
    first = await page.receive_json_from()
    assert (first["type"], first["picture"]["stacks"], first["hub"]) == ("map", [], ["busybox"])

    playground.seats |= {"a-seat": ada.pk, "b-seat": ben.pk}
    for seat, action in (("b-seat", "info"), ("a-seat", "ps")):
        playground.maps.on_fact(Fact(seat=seat, action=action, source="call", at=time.time()))
    assert [moment["command"] for moment in (await page.receive_json_from())["moments"]] == ["docker ps"]


async def test_the_budget_is_told_while_the_page_is_open_and_to_its_learner_only(
    playground: Playground, ada: Learner, ben: Learner
) -> None:
    page, bens = await playground.open(ada), await playground.open(ben)
    playground.spent[ada.pk] = Spent("a-seat", State(image_count=1), None)
    message = await page.receive_json_from()
    assert message["type"] == "budget"
    assert message["meters"]["images"] == [1, 20]
    assert await bens.receive_nothing()


async def test_a_wrong_answer_is_explained_and_does_not_pass(
    playground: Playground, ada: Learner, course: Course
) -> None:
    page = await playground.open(ada)
    await page.send_json_to({**THINK, "key": key(course, "think"), "given": [1]})
    assert await page.receive_json_from() == {
        "type": "verdict",
        "lesson": "hello",
        "step": "think",
        "key": key(course, "think"),
        "right": False,
        "says": "Not a disk.",
    }


async def test_a_right_answer_ticks_its_step(playground: Playground, ada: Learner, course: Course) -> None:
    page = await playground.open(ada)
    await page.send_json_to({**THINK, "key": key(course, "think"), "given": [0]})
    messages = [await page.receive_json_from(), await page.receive_json_from()]
    by_type = {message["type"]: message for message in messages}
    assert by_type["verdict"]["right"]
    assert by_type["progress"]["steps"]["think"]["passed"]


async def test_an_answer_that_nobody_asked_for_is_not_right(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    await page.send_json_to({**THINK, "key": "no-such-key", "given": [0]})
    verdict = await page.receive_json_from()
    assert not verdict["right"]
    assert "Reload the page" in verdict["says"]


async def test_a_stranger_is_refused(playground: Playground) -> None:
    page = await playground.page(AnonymousUser())
    assert not (await page.connect())[0]


@pytest.mark.parametrize(
    "text",
    [" ", "{", "[]", '{"type": "close"}', '{"type": "open", "lesson": 1, "step": ""}', "[" * 5000,
     '{"type": "answer", "lesson": "hello", "step": "think", "key": "k", "given": {"a": 1}}'],
)  # fmt: skip
async def test_what_cannot_be_read_closes_the_socket(playground: Playground, ada: Learner, text: str) -> None:
    page = await playground.open(ada)
    await page.send_to(text_data=text)
    assert await closed_with(page) == UNREADABLE


async def test_bytes_are_not_a_message(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    await page.send_to(bytes_data=b"\x00")
    assert await closed_with(page) == UNREADABLE


@pytest.mark.attack("sockets of the browser without end")
async def test_one_learner_cannot_open_pages_without_end(playground: Playground, ada: Learner, ben: Learner) -> None:
    for _ in range(MOST_PAGES):
        await playground.open(ada)
    page = await playground.page(ada)
    await page.connect()
    assert await closed_with(page) == TOO_MANY
    await playground.open(ben)


async def test_a_lesson_that_is_not_there_is_no_error(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    await page.send_json_to({"type": "open", "lesson": "none", "step": "run"})
    assert await page.receive_nothing()


async def test_a_page_of_a_learner_who_was_deleted_is_sent_to_the_join_form(
    playground: Playground, ada: Learner
) -> None:
    page = await playground.open(ada)
    await Learner.objects.filter(pk=ada.pk).adelete()
    await page.send_json_to(OPEN)
    assert await page.receive_output() == {"type": "websocket.close", "code": LEFT}


async def test_a_page_that_the_server_has_cut_short_takes_no_room(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    page.future.cancel()
    with pytest.raises(asyncio.CancelledError):
        await page.future
    playground.pages.remove(page)
    assert ada.pk not in ProgressConsumer.pages


async def how(learner: Learner) -> dict[str, str]:
    return {step: how async for step, how in StepPass.objects.filter(learner=learner).values_list("step", "how")}


async def test_a_solution_is_noted_and_then_shown(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    await page.send_json_to({"type": "solution", "lesson": "hello", "step": "run"})
    assert await page.receive_json_from() == {
        "type": "solution", "lesson": "hello", "step": "run", "text": "docker run hello-world",
    }  # fmt: skip
    playground.images = (ImageState("sha256:1", ("hello-world:latest",)),)
    playground.run(ada, "hello-world")
    await page.receive_json_from()
    assert await how(ada) == {"run": "solution"}


async def test_a_hint_is_noted(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    await page.send_json_to({"type": "hint", "lesson": "hello", "step": "run"})
    await page.send_json_to({"type": "hint", "lesson": "hello", "step": "no-such-step"})
    await page.send_json_to({"type": "play", "lesson": "hello", "step": "run"})
    assert (await page.receive_json_from())["steps"] == []  # all before it has been heard
    playground.images = (ImageState("sha256:1", ("hello-world:latest",)),)
    playground.run(ada, "hello-world")
    await page.receive_json_from()
    assert await how(ada) == {"run": "hint"}
    assert await Help.objects.acount() == 1


async def test_the_steps_before_are_handed_out_to_be_played_and_pass_as_played(
    playground: Playground, ada: Learner
) -> None:
    page = await playground.open(ada)
    await page.send_json_to({"type": "play", "lesson": "hello", "step": "think"})
    message = await page.receive_json_from()
    assert message["type"] == "script"
    assert message["steps"] == [{"id": "run", "title": "Run one", "script": [["line", "docker run hello-world"]]}]
    await page.send_json_to({"type": "played", "lesson": "hello", "step": "run"})
    message = await page.receive_json_from()
    assert (message["steps"]["run"]["passed"], message["steps"]["run"]["how"]) == (True, "played")


async def test_a_page_cannot_say_played_of_what_nobody_plays(playground: Playground, ada: Learner) -> None:
    page = await playground.open(ada)
    await page.send_json_to({"type": "played", "lesson": "hello", "step": "run"})
    await page.send_json_to({"type": "solution", "lesson": "hello", "step": "run"})
    assert (await page.receive_json_from())["type"] == "solution"  # all before it has been heard
    assert await how(ada) == {}


async def test_doing_it_again_takes_the_ticks_back(playground: Playground, ada: Learner, course: Course) -> None:
    await StepPass.objects.acreate(learner=ada, lesson="hello", step="run")
    page = await playground.open(ada)
    await page.send_json_to({"type": "again", "lesson": "hello", "step": "run"})
    said = [await page.receive_json_from() for _ in range(2)]
    assert {message["type"] for message in said} == {"again", "progress"}
    assert await how(ada) == {}


async def test_time_is_kept_for_lessons_that_there_are(playground: Playground, ada: Learner) -> None:
    ProgressConsumer.presence = Presence(iter(range(0, 10_000, 30)).__next__)
    page = await playground.open(ada)
    for lesson in ("hello", "hello", "hello", "x" * 50, "x" * 50):
        await page.send_json_to({"type": "here", "lesson": lesson, "step": ""})
    await page.send_json_to({"type": "solution", "lesson": "hello", "step": "run"})
    await page.receive_json_from()
    assert await database_sync_to_async(progress.time_spent)(ada.pk) == {"hello": 60}


async def test_a_page_is_told_when_its_lesson_is_saved_and_of_no_other(
    playground: Playground, ada: Learner, tmp_path: Path, settings: Settings
) -> None:
    settings.LESSONS_WATCH = True
    page = await playground.open(ada)
    watching = asyncio.create_task(following.follow(load(tmp_path, kinds.parse, refresh=True)))
    try:
        await asyncio.sleep(0)
        for moment, folder in enumerate(("02-later", "01-hello"), 1):
            await asyncio.to_thread(os.utime, tmp_path / folder / "lesson.md", ns=(moment, moment))
        assert await page.receive_json_from(timeout=5) == {"type": "saved"}
        assert await page.receive_nothing(timeout=2 * following.LOOK_SECONDS)
    finally:
        watching.cancel()
        await asyncio.wait([watching])


async def test_a_page_that_goes_while_no_doorbell_works_takes_no_room(
    playground: Playground, ada: Learner, settings: Settings
) -> None:
    settings.CHANNEL_LAYERS = LAYERS
    page = await playground.open(ada)
    await page.disconnect()
    assert not ProgressConsumer.pages
