"""A terminal of the page with somebody's hands on it: key after key, and when each one's echo came."""

import asyncio
import re
from collections import deque
from typing import Self

import websockets

from playground.bench.tabs import BrowserTab, now
from playground.load.faults import Faults
from playground.load.pace import Tempo
from playground.terminal.frames import Notice, ToBrowser

ENDED = (4401, 4410)  # close codes: the session has ended, or the seat has, whichever is heard of first
LATE = 10_000.0  # milliseconds after which an echo is one that never came
_KEYS = re.compile(rb"\x1b\[?.|[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*", re.DOTALL)


class Keyboard(BrowserTab):
    """Fulfils `typist.Wire`. `echoes`: the milliseconds from each key to the output that shows it."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        super().__init__(socket)
        self.echoes: list[float] = []
        self.visited = False  # the learner is told that the teacher watches
        self.shown: list[tuple[float, bytes]] | None = None  # what came when, once somebody watches
        self._ended = asyncio.Event()
        self._waiting: deque[tuple[bytes, float]] = deque()

    def give(self, tempo: Tempo, faults: Faults) -> Self:
        self._tempo = tempo
        self._faults = faults
        return self

    async def write(self, data: bytes) -> None:
        await self._tempo.think()
        for key in _KEYS.findall(data):
            if key.isascii() and key.decode().isprintable():
                self._waiting.append((key, now()))
            await self.type(key)
            await self._tempo.between_keys()

    async def read(self) -> bytes:
        """b"" when the terminal has ended, which is a fault as long as the seat has not."""
        try:
            data = await super().read()
        except websockets.ConnectionClosed:
            if self.socket.close_code not in ENDED:
                self._faults.add(f"a terminal's socket closed with {self.socket.close_code}")
            self._ended.set()
            return b""
        came = now()
        if self.shown is not None:
            self.shown.append((came, data))
        self._see(data, came)
        return data

    def close(self) -> None:
        """The socket stays, for the server to close it: see `until_ended`."""

    async def until_ended(self) -> None:
        """The server closes the socket when the seat ends, or the session."""
        self.missing(now() + LATE)
        await self._ended.wait()

    def missing(self, at: float) -> None:
        """Keys of which nothing was seen by then."""
        while self._waiting and at - self._waiting[0][1] >= LATE:
            self._waiting.popleft()
            self._faults.add("a key was not echoed")

    def _see(self, data: bytes, came: float) -> None:
        at = 0
        while self._waiting and (found := data.find(self._waiting[0][0], at)) >= 0:
            at = found + 1
            self.echoes.append(came - self._waiting.popleft()[1])
        self.missing(came)

    async def _receive(self) -> ToBrowser:
        frame = await super()._receive()
        if isinstance(frame, Notice) and frame.kind == "visit" and frame.fields["name"]:
            self.visited = True
        return frame
