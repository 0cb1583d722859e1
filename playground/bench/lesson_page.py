"""A lesson's page without the drawing: what its progress socket says and is told, and the terminal beside it."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any, Self, TypeVar

import websockets

from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab, Person, Site, connect, now

AT_ONCE = 6  # seats that are asked for together


class LessonPage:
    """`ticked`: when each step was, in milliseconds, of those that show a tick now. It changes while somebody runs
    `follow`."""

    patience = 30.0  # seconds

    def __init__(self, socket: websockets.ClientConnection, lesson: str) -> None:
        self.ticked: dict[str, float] = {}
        self.socket = socket
        self._lesson = lesson
        self._news = asyncio.Event()

    @classmethod
    async def open(cls, site: Site, person: Person, lesson: str) -> Self:
        page = cls(await connect(site, person, "/ws/progress/"), lesson)
        await page.say("open")
        return page

    async def say(self, kind: str, step: str = "") -> None:
        """Of the lesson, or of one of its steps."""
        await self.tell({"type": kind, "lesson": self._lesson, "step": step})

    async def tell(self, message: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(message))

    async def follow(self) -> None:
        """Ends with the socket."""
        async for message in self.socket:
            self.hear(json.loads(message), now())
            self._news.set()

    def hear(self, said: dict[str, Any], at: float) -> None:
        """A message that came at that moment."""
        if said["type"] == "progress":
            passed = [step for step, shown in said["steps"].items() if shown["passed"]]
            self.ticked = {step: self.ticked.get(step, at) for step in passed}

    async def until(self, holds: Callable[[], bool]) -> None:
        """Raises TimeoutError when that is not so in time."""
        async with asyncio.timeout(self.patience):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()


AnyPage = TypeVar("AnyPage", bound=LessonPage)


async def sit_down(
    stage: Stage, kind: type[AnyPage], lesson: str, open_things: AsyncExitStack, learners: int = 1
) -> list[tuple[AnyPage, BrowserTab]]:
    """So many who have joined, each with the lesson's page open and a prompt."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one() -> tuple[AnyPage, BrowserTab]:
        async with room:
            learner = await stage.join()
            page = await kind.open(stage, learner, lesson)
            await open_things.enter_async_context(page)
            tab = await open_things.enter_async_context(await BrowserTab.open(stage, learner))
            await tab.until_prompt()
            return page, tab

    return await asyncio.gather(*(one() for _ in range(learners)))
