"""Raw bytes both ways, once the engine has handed a stream over.

Each side is read only as fast as the other one takes, and the end of one direction is passed on while the other flows.
"""

import asyncio
import select
import socket

from playground.engine.client import Wire
from playground.engine.errors import EngineGone
from playground.gateway.framing import READ_SIZE

HANGUP_CHECK = 1.0  # seconds


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, wire: Wire) -> bool:
    """Until the engine's output ends or the client is gone; `first` is what the client has sent already.

    Returns whether the client had ended its input by then, for which an engine ends the output of a terminal."""
    sending = asyncio.create_task(_to_engine(reader, first, wire))
    receiving = asyncio.create_task(_to_client(writer, wire))
    gone = asyncio.create_task(_hung_up(writer.get_extra_info("socket")))
    left = False
    try:
        await asyncio.wait({receiving, gone}, return_when=asyncio.FIRST_COMPLETED)
        left = gone.done() or (sending.done() and sending.exception() is None)
    finally:
        for task in (sending, receiving, gone):
            task.cancel()
        wire.abort()  # input that a program does not read would keep the connection for as long as it runs
        results = await asyncio.gather(sending, receiving, gone, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, (OSError, EngineGone)):
            raise result
    return left


async def _to_client(writer: asyncio.StreamWriter, wire: Wire) -> None:
    while data := await wire.read():
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _to_engine(reader: asyncio.StreamReader, first: bytes, wire: Wire) -> None:
    if first:
        await wire.write(first)
    while data := await reader.read(READ_SIZE):
        await wire.write(data)
    wire.write_eof()


async def _hung_up(connection: socket.socket) -> None:
    """Returns when the client has closed both directions: asyncio does not tell that from a half-close, after which the
    output still flows, and tells nothing while the engine does not take the client's input."""
    while not is_hung_up(connection):  # noqa: ASYNC110 (nothing tells of it)
        await asyncio.sleep(HANGUP_CHECK)


def is_hung_up(connection: socket.socket) -> bool:
    """Whether both directions are closed."""
    if connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), 0)
    return bool(poll.poll(0))
