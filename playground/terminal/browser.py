"""The browser's end of a terminal: a WebSocket as ASGI has it, in frames, with output against credit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from playground.terminal import frames
from playground.terminal.flow import CreditWindow
from playground.terminal.frames import Consent, Credit, FrameError, HangUp, Input, Notice, Output, Resize

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATIENCE = 30.0  # seconds without credit while output waits; the browser's next connection has the scrollback


class Stalled(Exception):
    """The browser does not read any more."""


class Browser:
    """An accepted socket. One that gives less than `least` bytes of credit within `patience` seconds, while output
    waits, is stalled."""

    def __init__(self, receive: Receive, send: Send, patience: float, least: int = 1) -> None:
        self._receive = receive
        self._send = send
        self._patience = patience
        self._least = least
        self._window = CreditWindow()
        self._credited = asyncio.Event()

    async def typed(self) -> AsyncIterator[Input | Resize | HangUp | Consent]:
        """What the person does, until the socket closes. Raises FrameError and FlowError."""
        while (message := await self._receive())["type"] != "websocket.disconnect":
            if not message.get("bytes"):
                raise FrameError("frames are binary")
            frame = frames.from_browser(message["bytes"])
            if isinstance(frame, Credit):
                self._window.credited(frame.size)
                self._credited.set()
            else:
                yield frame

    async def send(self, frame: frames.ToBrowser) -> None:
        await self._send({"type": "websocket.send", "bytes": frames.encode(frame)})

    async def notice(self, kind: str, **fields: object) -> None:
        await self.send(Notice(kind, fields))

    async def output(self, data: bytes) -> None:
        """Returns when all of it is on its way. Raises Stalled when the browser gives no credit for too long."""
        while data:
            room = await self._room()
            part, data = data[:room], data[room:]
            self._window.sent(len(part))
            await self.send(Output(part))

    async def close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})

    async def _room(self) -> int:
        if not self._window.room:
            try:
                async with asyncio.timeout(self._patience):
                    while self._window.room < self._least:
                        self._credited.clear()
                        await self._credited.wait()
            except TimeoutError as error:
                raise Stalled from error
        return min(self._window.room, frames.LARGEST_OUTPUT)
