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


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, wire: Wire) -> None:
    """Until the engine's output ends or the client is gone; `first` is what the client has sent already."""
    sending = asyncio.create_task(_to_engine(reader, writer, first, wire))
    receiving = asyncio.create_task(_to_client(writer, wire))
    try:
        await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, receiving):
            task.cancel()
        results = await asyncio.gather(sending, receiving, return_exceptions=True)
        wire.close()
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, (OSError, EngineGone)):
            raise result


async def _to_client(writer: asyncio.StreamWriter, wire: Wire) -> None:
    while data := await wire.read():
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _to_engine(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, wire: Wire) -> None:
    """Ends when the client has gone altogether: after its half-close the output still flows."""
    if first:
        await wire.write(first)
    while data := await reader.read(READ_SIZE):
        await wire.write(data)
    wire.write_eof()
    connection: socket.socket = writer.get_extra_info("socket")
    while not _hung_up(connection):  # noqa: ASYNC110 (nothing tells of it)
        await asyncio.sleep(HANGUP_CHECK)


def _hung_up(connection: socket.socket) -> bool:
    """Both directions closed, which asyncio does not tell from the client's half-close."""
    if connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), 0)
    return any(events & (select.POLLHUP | select.POLLERR) for _, events in poll.poll(0))
