"""The map: how long after something happened a page is told of it, and what open maps cost while nobody does anything.

A change is made in the terminal, as a learner does. The engine's own event says when it happened, and the prompt when
the learner is told of it; a map that comes before the prompt counts below zero there. Drawing is left out.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import websockets

from playground.bench.crowd import cpu
from playground.bench.figures import Row, most
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab, carried_out, connect, now
from playground.engine.client import EngineClient
from playground.pages.course import course

LEARNERS = 30
AT_ONCE = 6  # seats that are asked for together
AT_WORK = 2  # learners who have containers that run
CONTAINERS = 5  # of each of them
ROUNDS = 30
THINKING = (0.3, 0.9)  # seconds between two commands
PATIENCE = 30.0
SOON, LITTLE = 100.0, 2.0  # the aims: milliseconds; per cent of a core for each learner

BOX = "box"
# What is typed, the engine's word for what comes of it, and whether the box is there then.
CHANGES = ((f"docker create --name {BOX} busybox", "create", True), (f"docker rm {BOX}", "destroy", False))


@dataclass(slots=True)
class MapPage:
    """A lesson's page with an open map, without the drawing."""

    socket: websockets.ClientConnection
    boxes: set[str] = field(default_factory=set)  # the names of the containers on the map
    at: float = 0.0  # when the map said so
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        async for message in self.socket:
            said = json.loads(message)
            if said["type"] == "map":
                boxes = set(_containers(said["picture"]["stacks"])) if said["picture"] else set()
                if boxes != self.boxes or not self.at:
                    self.boxes, self.at = boxes, now()
                    self.news.set()

    async def until(self, there: bool) -> None:
        """The map shows the box, or shows it no more."""
        async with asyncio.timeout(PATIENCE):
            while (BOX in self.boxes) is not there:
                self.news.clear()
                await self.news.wait()


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
        page, tab = await _sit_down(stage, asyncio.Semaphore(), open_things)
        await _open_map(page)
        await open_things.enter_async_context(_meanwhile(happened.follow(stage.client), page.follow()))
        await carried_out(tab, b"docker pull busybox")
        for _ in range(ROUNDS):
            for command, action, there in CHANGES:
                await asyncio.sleep(random.uniform(*THINKING))
                await carried_out(tab, command.encode())
                ended, began = now(), await happened.until(action)
                await page.until(there)
                event.ours.append(page.at - began)
                prompt.ours.append(page.at - ended)
    event.aim, prompt.aim = most(event, SOON), most(prompt, SOON)
    return [event, prompt]


async def at_rest(stage: Stage) -> list[Row]:
    """Learners who only look at their page: without a map, and then with it open."""
    without = Row(f"CPU of a learner at rest, one of {LEARNERS}", "%")
    with_map = Row("the same with the map open", "%")
    room = asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as open_things:
        desks = await asyncio.gather(*(_sit_down(stage, room, open_things) for _ in range(LEARNERS)))
        await open_things.enter_async_context(_meanwhile(*(page.follow() for page, _ in desks)))
        for _, tab in desks[:AT_WORK]:
            for _ in range(CONTAINERS):
                await carried_out(tab, b"docker run --detach busybox sleep 1000")
        without.ours = [share / LEARNERS for share in await cpu(stage.process.pid)]
        await asyncio.gather(*(_open_map(page) for page, _ in desks))
        with_map.ours = [share / LEARNERS for share in await cpu(stage.process.pid)]
    with_map.aim = most(with_map, LITTLE)
    return [without, with_map]


async def _sit_down(stage: Stage, room: asyncio.Semaphore, stack: AsyncExitStack) -> tuple[MapPage, BrowserTab]:
    async with room:
        learner = await stage.join()
        page = MapPage(await stack.enter_async_context(await connect(stage, learner, "/ws/progress/")))
        await page.socket.send(json.dumps({"type": "open", "lesson": course().lessons[0].slug, "step": ""}))
        tab = await stack.enter_async_context(await BrowserTab.open(stage, learner))
        await tab.until_prompt()
        return page, tab


async def _open_map(page: MapPage) -> None:
    await page.socket.send(json.dumps({"type": "map"}))


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
