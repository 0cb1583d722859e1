"""The map: how long after something happened a page is told of it, and what open maps cost while nobody does anything.

A change is made in the terminal, as a learner does. The engine's own event says when it happened, and the prompt when
the learner is told of it; a map that comes before the prompt counts below zero there. Drawing is left out.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets

from playground.bench.crowd import cpu
from playground.bench.figures import Row, most, tail_at_most
from playground.bench.lesson_page import LessonPage, sit_down
from playground.bench.stage import Stage
from playground.bench.tabs import carried_out, now
from playground.engine.client import EngineClient
from playground.pages.course import course

LEARNERS = 30
AT_WORK = 2  # learners who have containers that run
CONTAINERS = 5  # of each of them
ROUNDS = 30
THINKING = (0.3, 0.9)  # seconds between two commands
PATIENCE = 30.0
SOON, LITTLE = 100.0, 2.0  # the aims: milliseconds; per cent of a core for each learner

BOX = "box"
# What is typed, the engine's word for what comes of it, and whether the box is there then.
CHANGES = ((f"docker create --name {BOX} busybox", "create", True), (f"docker rm {BOX}", "destroy", False))


class MapPage(LessonPage):
    """With an open map."""

    def __init__(self, socket: websockets.ClientConnection, lesson: str) -> None:
        super().__init__(socket, lesson)
        self.boxes: set[str] = set()  # the names of the containers on the map
        self.at = 0.0  # when the map said so

    async def open_map(self) -> None:
        await self.tell({"type": "map"})

    def hear(self, said: dict[str, Any], at: float) -> None:
        super().hear(said, at)
        if said["type"] == "map":
            boxes = set(_containers(said["picture"]["stacks"])) if said["picture"] else set()
            if boxes != self.boxes or not self.at:
                self.boxes, self.at = boxes, at

    async def until_box(self, there: bool) -> None:
        """The map shows the box, or shows it no more."""
        await self.until(lambda: (BOX in self.boxes) is there)


@dataclass(slots=True)
class Happened:
    """When the engine told last of each thing that happens to a container."""

    at: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, client: EngineClient) -> None:
        async for event in client.events(about="container"):
            if event["Actor"]["Attributes"].get("name", "").endswith(f"-{BOX}"):
                self.at[event["Action"]] = now()
                self.news.set()

    async def until(self, action: str) -> float:
        async with asyncio.timeout(PATIENCE):
            while action not in self.at:
                self.news.clear()
                await self.news.wait()
        return self.at.pop(action)


async def changes(stage: Stage) -> list[Row]:
    """One learner makes a container and removes it, over and over."""
    event, prompt = Row("map after the engine's event", "ms"), Row("map after the prompt", "ms")
    happened = Happened()
    async with AsyncExitStack() as open_things:
        ((page, tab),) = await sit_down(stage, MapPage, course().lessons[0].slug, open_things)
        await page.open_map()
        await open_things.enter_async_context(_meanwhile(happened.follow(stage.client), page.follow()))
        await carried_out(tab, b"docker pull busybox")
        for _ in range(ROUNDS):
            for command, action, there in CHANGES:
                await asyncio.sleep(random.uniform(*THINKING))
                await carried_out(tab, command.encode())
                ended, began = now(), await happened.until(action)
                await page.until_box(there)
                event.ours.append(page.at - began)
                prompt.ours.append(page.at - ended)
    event.aim, prompt.aim = tail_at_most(event, 99, SOON), tail_at_most(prompt, 99, SOON)
    return [event, prompt]


async def at_rest(stage: Stage) -> list[Row]:
    """Learners who only look at their page: without a map, and then with it open."""
    without = Row(f"CPU of a learner at rest, one of {LEARNERS}", "%")
    with_map = Row("the same with the map open", "%")
    async with AsyncExitStack() as open_things:
        desks = await sit_down(stage, MapPage, course().lessons[0].slug, open_things, LEARNERS)
        await open_things.enter_async_context(_meanwhile(*(page.follow() for page, _ in desks)))
        for _, tab in desks[:AT_WORK]:
            for _ in range(CONTAINERS):
                await carried_out(tab, b"docker run --detach busybox sleep 1000")
        without.ours = [share / LEARNERS for share in await cpu(stage.process.pid)]
        await asyncio.gather(*(page.open_map() for page, _ in desks))
        with_map.ours = [share / LEARNERS for share in await cpu(stage.process.pid)]
    with_map.aim = most(with_map, LITTLE)
    return [without, with_map]


@asynccontextmanager
async def _meanwhile(*following: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(one) for one in following]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _containers(stacks: list[dict[str, Any]]) -> Iterator[str]:
    """The names on a picture (map/picture.py)."""
    for stack in stacks:
        yield from (container["name"] for image in stack["images"] for container in image["containers"])
        yield from _containers(stack["above"])
