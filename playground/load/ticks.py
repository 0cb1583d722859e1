"""The progress socket of a lesson's page, without the drawing: when which goal and which step was ticked."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import websockets

from playground.bench.tabs import now
from playground.load.faults import Faults, Gone

LEFT = 4401  # close code: the learner has left
PATIENCE = 60.0  # seconds for a tick
HERE_EVERY = 30.0  # as static/js/presence.js


class LessonPage:
    """`on_step(count)` is called when so many steps of the lesson are ticked, at that moment."""

    def __init__(
        self, socket: websockets.ClientConnection, lesson: str, faults: Faults, on_step: Callable[[int], None]
    ) -> None:
        self.steps: dict[str, float] = {}  # step -> when, in milliseconds
        self.goals: dict[tuple[str, str], float] = {}
        self._socket = socket
        self._lesson = lesson
        self._faults = faults
        self._on_step = on_step
        self._verdicts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._news = asyncio.Event()
        self._following = asyncio.create_task(self._follow())
        self._being_here = asyncio.create_task(self._be_here())

    async def begin(self, step: str) -> None:
        """What the page's scripts say as soon as there is a socket."""
        await self.open(step)
        await self._tell({"type": "map"})

    async def open(self, step: str) -> None:
        await self._say("open", step)

    async def help(self, step: str, *, hint: bool) -> None:
        await self._say("hint" if hint else "solution", step)

    async def answer(self, step: str, key: str, given: str | list[int]) -> bool:
        """Whether it was right."""
        await self._tell({"type": "answer", "lesson": self._lesson, "step": step, "key": key, "given": given})
        try:
            async with asyncio.timeout(PATIENCE):
                return bool((await self._verdicts.get())["right"])
        except TimeoutError as error:
            self._faults.add(f"an answer to {step} was not judged within {PATIENCE:.0f} s")
            raise Gone from error

    async def until(self, holds: Callable[[], bool], step: str) -> None:
        """Raises Gone when that is not so in time."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError as error:
            self._faults.add(f"the step {step} was not ticked within {PATIENCE:.0f} s")
            raise Gone from error

    async def until_left(self) -> None:
        """The server closes the socket of a learner who has left."""
        async with asyncio.timeout(PATIENCE):
            await self._following

    async def close(self) -> None:
        for task in (self._being_here, self._following):
            task.cancel()
        await asyncio.wait([self._being_here, self._following])
        await self._socket.close()

    async def _follow(self) -> None:
        try:
            async for message in self._socket:
                self._hear(json.loads(message))
        except websockets.ConnectionClosedError:
            pass
        if self._socket.close_code != LEFT:
            self._faults.add(f"a progress socket closed with {self._socket.close_code}")

    def _hear(self, said: dict[str, Any]) -> None:
        if said["type"] == "progress":
            self._draw(said["steps"], now())
        elif said["type"] == "verdict":
            self._verdicts.put_nowait(said)

    def _draw(self, steps: dict[str, Any], at: float) -> None:
        before = len(self.steps)
        for step, shown in steps.items():
            if shown["passed"]:
                self.steps.setdefault(step, at)
            for key, goal in shown["goals"].items():
                if goal["passed"]:
                    self.goals.setdefault((step, key), at)
        if len(self.steps) > before:
            self._on_step(len(self.steps))
        self._news.set()

    async def _be_here(self) -> None:
        while True:
            await self._say("here", "")
            await asyncio.sleep(HERE_EVERY)

    async def _say(self, kind: str, step: str) -> None:
        await self._tell({"type": kind, "lesson": self._lesson, "step": step})

    async def _tell(self, message: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(message))
