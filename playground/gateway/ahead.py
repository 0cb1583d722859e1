"""Reading ahead of a client: the engine's side of a stream is taken as it comes, whether or not the client reads.

An engine keeps 4096 messages of up to 16 KiB for each `docker logs -f` that is not read: sixteen of them are a gibibyte
of the memory that everybody's engine lives in. What is kept here instead has an end, and so has the stream of a client
that falls so far behind.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from playground.engine.client import Reply

TOO_FAR_BEHIND = 3 * 1024 * 1024  # bytes: a container's whole log may come at once, in very many pieces
EACH = 64  # bytes that even the smallest piece takes


async def read_ahead(reply: Reply) -> AsyncGenerator[bytes, None]:
    """The answer's chunks. Raises TimeoutError in place of the rest where the reader falls too far behind."""
    waiting: deque[bytes] = deque()
    news = asyncio.Event()
    behind = 0

    async def take() -> None:
        nonlocal behind
        try:
            async for chunk in reply.chunks():
                waiting.append(chunk)
                behind += len(chunk) + EACH
                news.set()
                if behind > TOO_FAR_BEHIND:
                    reply.close()
                    raise TimeoutError("the client does not read what it has asked for")
        finally:
            news.set()

    taking = asyncio.create_task(take())
    try:
        while not taking.done() or waiting:
            await news.wait()
            news.clear()
            while waiting:
                chunk = waiting.popleft()
                behind -= len(chunk) + EACH
                yield chunk
        await taking
    finally:
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
