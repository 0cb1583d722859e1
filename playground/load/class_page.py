"""The page of a learner of the class: when which goal and which step was ticked, and how answers were judged."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import websockets

from playground.bench.lesson_page import LessonPage
from playground.load.faults import Faults, Gone

LEFT = 4401  # close code: the learner has left
HERE_EVERY = 30.0  # as static/js/presence.js


class ClassPage(LessonPage):
    """Follows by itself. `on_step(count)` is called when so many steps of the lesson are ticked, at that moment."""

    patience = 60.0

    def __init__(
        self, socket: websockets.ClientConnection, lesson: str, faults: Faults, on_step: Callable[[int], None]
    ) -> None:
        super().__init__(socket, lesson)
        self.goals: dict[tuple[str, str], float] = {}
        self._faults = faults
        self._on_step = on_step
        self._verdicts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._following = asyncio.create_task(self.follow())
        self._being_here = asyncio.create_task(self._be_here())

    async def begin(self, step: str) -> None:
        """What the page's scripts say as soon as there is a socket."""
        await self.say("open", step)
        await self.tell({"type": "map"})

    async def help(self, step: str, *, hint: bool) -> None:
        await self.say("hint" if hint else "solution", step)

    async def answer(self, step: str, key: str, given: str | list[int]) -> bool:
        """Whether it was right."""
        await self.tell({"type": "answer", "lesson": self._lesson, "step": step, "key": key, "given": given})
        try:
            async with asyncio.timeout(self.patience):
                return bool((await self._verdicts.get())["right"])
        except TimeoutError as error:
            self._faults.add(f"an answer to {step} was not judged within {self.patience:.0f} s")
            raise Gone from error

    async def until_ticked(self, step: str, holds: Callable[[], bool]) -> None:
        """Raises Gone when that is not so in time."""
        try:
            await self.until(holds)
        except TimeoutError as error:
            self._faults.add(f"the step {step} was not ticked within {self.patience:.0f} s")
            raise Gone from error

    async def until_left(self) -> None:
        """The server closes the socket of a learner who has left."""
        async with asyncio.timeout(self.patience):
            await self._following

    async def close(self) -> None:
        for task in (self._being_here, self._following):
            task.cancel()
        await asyncio.wait([self._being_here, self._following])
        await self.socket.close()

    async def follow(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosedError):
            await super().follow()
        if self.socket.close_code != LEFT:
            self._faults.add(f"a progress socket closed with {self.socket.close_code}")

    def hear(self, said: dict[str, Any], at: float) -> None:
        before = len(self.ticked)
        super().hear(said, at)
        if said["type"] == "verdict":
            self._verdicts.put_nowait(said)
        elif said["type"] == "progress":
            self._draw(said["steps"], at)
        if len(self.ticked) > before:
            self._on_step(len(self.ticked))

    def _draw(self, steps: dict[str, Any], at: float) -> None:
        for step, shown in steps.items():
            for key, goal in shown["goals"].items():
                if goal["passed"]:
                    self.goals.setdefault((step, key), at)

    async def _be_here(self) -> None:
        while True:
            await self.say("here")
            await asyncio.sleep(HERE_EVERY)
