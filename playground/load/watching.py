"""The teacher's look over a learner's shoulder, without drawing: takes what comes, and gives credit for it."""

import asyncio
from typing import Self

import websockets

from playground.bench.tabs import BrowserTab, connect, now
from playground.load import lag
from playground.load.faults import Faults
from playground.load.keyboard import Keyboard
from playground.load.teacher import Teacher
from playground.terminal import frames
from playground.terminal.frames import Notice

LIVE_SECONDS = 30.0


class Visit(BrowserTab):
    """Begin it while the learner's terminal is still, or what they see is not compared from one place on."""

    _watching: asyncio.Task[None]

    def __init__(self, socket: websockets.ClientConnection) -> None:
        super().__init__(socket)
        self._shown: list[tuple[float, bytes]] = []

    @classmethod
    async def begin(cls, teacher: Teacher, learner: str, keyboard: Keyboard) -> Self:
        number = await teacher.number_of(learner)
        path = f"/ws/visits/{teacher.classroom}/{number}/1/"
        visit = cls(await connect(teacher.browser, teacher.browser, path, subprotocols=[frames.SUBPROTOCOL]))
        async with asyncio.timeout(LIVE_SECONDS):
            while not (isinstance(frame := await visit._receive(), Notice) and frame.kind == "live"):
                pass
        keyboard.shown = []
        visit._watching = asyncio.create_task(visit._watch())
        return visit

    async def end(self, keyboard: Keyboard, faults: Faults) -> list[float]:
        """How far behind it was, in milliseconds, for each piece of output."""
        self._watching.cancel()
        (came_of_it,) = await asyncio.gather(self._watching, return_exceptions=True)
        if isinstance(came_of_it, websockets.ConnectionClosed):
            faults.add(f"a visit's socket closed with {self.socket.close_code}")
        await self.socket.close()
        learners = keyboard.shown or []
        if not keyboard.visited:
            faults.add("a learner was not told that the teacher watches")
        if not lag.same(learners, self._shown):
            faults.add("a watched terminal did not show what the learner saw")
        return lag.behind(learners, self._shown)

    async def _watch(self) -> None:
        while True:
            data = await self.read()
            self._shown.append((now(), data))
