"""One request to a published port and its answer, as HTTP/1.1. What answers is a learner's program: nothing that it
says is believed without a bound."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import h11

from playground.gateway.carrying import READ_SIZE, Pace, Side
from playground.preview.fields import Fields

LARGEST_HEAD = 16 * 1024
LARGEST_ANSWER = 8 * 1024 * 1024


class NoAnswer(Exception):
    """What answers does not speak HTTP, or hung up."""


class NoRequest(Exception):
    """What is asked for is no request."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: bytes
    fields: Fields
    body: bytes


class Exchange:
    """`idle` is how long the port may be silent; `pace` is paid for all that it says, down to the smallest piece."""

    def __init__(self, side: Side, idle: float, pace: Pace) -> None:
        self._side = side
        self._pace = pace
        self._idle = idle
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)

    async def ask(self, request: Request) -> h11.Response:
        """Raises NoRequest, NoAnswer, OSError."""
        self._side.writer.write(self._written(request))
        await self._side.writer.drain()
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise NoAnswer("it hung up")

    def _written(self, request: Request) -> bytes:
        try:
            head = h11.Request(method=request.method, target=request.target, headers=request.fields)
            body = [h11.Data(data=request.body)] if request.body else []
            return b"".join(self._h11.send(event) or b"" for event in (head, *body, h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            raise NoRequest(str(error)) from error

    async def chunks(self) -> AsyncIterator[bytes]:
        """The answer's body, as far as it may go."""
        size = 0
        while isinstance(event := await self._next(), h11.Data):
            size += len(event.data)
            if size > LARGEST_ANSWER:
                raise NoAnswer("its answer does not end")
            yield bytes(event.data)

    async def _next(self) -> h11.Event:
        while True:
            try:
                event = self._h11.next_event()
            except h11.RemoteProtocolError as error:
                raise NoAnswer(str(error)) from error
            if isinstance(event, h11.Event):
                await self._pace.pay(0)
                return event
            if event is h11.PAUSED:
                raise NoAnswer("it wants to speak something else")
            async with asyncio.timeout(self._idle):
                data = await self._side.reader.read(READ_SIZE)
            await self._pace.pay(len(data))
            self._h11.receive_data(data)
