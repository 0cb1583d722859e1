"""Bytes of a published port, both ways between two sockets: each side is read only as fast as the other takes."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import NamedTuple, Self

READ_SIZE = 32 * 1024
SMALLEST = 4 * 1024  # bytes that even the smallest piece is taken for: each is work
LINGER = 10.0  # seconds that a side may take to read what is left for it


class Pace:
    """So many bytes a second for all connections of a seat together: they go through the one process of all seats."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._paid_until = 0.0

    async def pay(self, size: int) -> None:
        now = asyncio.get_running_loop().time()
        self._paid_until = max(self._paid_until, now) + max(size, SMALLEST) / self._rate
        if self._paid_until - now > 0.01:
            await asyncio.sleep(self._paid_until - now)


class Side(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def of(cls, connected: socket.socket) -> Self:
        return cls(*await asyncio.open_connection(sock=connected, limit=READ_SIZE))

    async def leave(self) -> None:
        """What was written gets its time to be read."""
        self.writer.close()
        try:
            async with asyncio.timeout(LINGER):
                await self.writer.wait_closed()
        except OSError:
            return

    def abort(self) -> None:
        """Close at once, and drop what nobody has read."""
        self.writer.transport.abort()


@contextlib.asynccontextmanager
async def both(client: socket.socket, server: socket.socket) -> AsyncIterator[tuple[Side, Side]]:
    """Closed at the end, also when that comes between the two: the loop must not go on to watch a number that is
    another socket's by then."""
    with contextlib.ExitStack() as ending:
        for one in (client, server):
            ending.callback(one.close)
        asking = await Side.of(client)
        ending.callback(asking.abort)
        answering = await Side.of(server)
        ending.callback(answering.abort)
        yield asking, answering


async def carry(client: Side, server: Side, pace: Pace, idle: float) -> None:
    """Until both have ended, one has broken off, or nothing has moved for `idle` seconds. Closes neither."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(idle) as patience:
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(_copy(client, server, pace, patience, idle))
                    both.create_task(_copy(server, client, pace, patience, idle))
            except* OSError:
                pass  # one of them has broken off


async def _copy(source: Side, target: Side, pace: Pace, patience: asyncio.Timeout, idle: float) -> None:
    loop = asyncio.get_running_loop()
    while data := await source.reader.read(READ_SIZE):
        await pace.pay(len(data))
        target.writer.write(data)
        await target.writer.drain()
        if not patience.expired():
            patience.reschedule(loop.time() + idle)
    target.writer.write_eof()
