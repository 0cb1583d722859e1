"""The engine's end of a terminal: process 1 of a seat's container."""

import asyncio
from collections.abc import AsyncGenerator

from playground.engine.client import EngineClient, Query, Wire
from playground.engine.errors import EngineGone, NotFound
from playground.terminal.frames import Resize

# Bytes that UTF-8 does not have, so nobody can type them. With the engine's own keys the first Ctrl-P of a terminal is
# swallowed, and Ctrl-P Ctrl-Q would cut learners off from their seat instead of from their own container.
_DETACH_KEYS = b"\xff,\xfe"
_NEVER_TYPED = b"\xff"

SCROLLBACK_LINES = 5000  # what xterm.js keeps
EXIT_PATIENCE = 2.0  # seconds between the end of the stream and the engine's knowing the exit code


class Line:
    """Calls about one container's terminal. Each may raise EngineGone, and NotFound once the container is removed."""

    def __init__(self, client: EngineClient, container: str) -> None:
        self._client = client
        self._path = f"/containers/{container}"
        self._wire: Wire | None = None

    async def running(self) -> bool:
        async with await self._client.request("GET", f"{self._path}/json") as reply:
            container = await (await reply.raise_for_status()).json()
            return bool(container["State"]["Running"])

    async def attach(self) -> Wire:
        """The terminal's bytes both ways, from now on; `scrollback` has what came before."""
        query: Query = {"stream": "1", "stdin": "1", "stdout": "1", "stderr": "1", "detachKeys": _DETACH_KEYS}
        self._wire = await self._client.upgrade(f"{self._path}/attach", query=query)
        return self._wire

    def let_go(self) -> None:
        if self._wire:
            self._wire.abort()

    async def scrollback(self) -> AsyncGenerator[bytes, None]:
        """What the terminal showed until now, all but the line that is open, such as the prompt: see `redraw`.

        The attach could bring it along, but without an end and without a bound."""
        query = {"stdout": "1", "stderr": "1", "tail": str(SCROLLBACK_LINES)}
        async with await self._client.request("GET", f"{self._path}/logs", query=query) as reply:
            await reply.raise_for_status()
            async for chunk in reply.chunks():
                yield chunk

    async def resize(self, size: Resize) -> None:
        query = {"w": str(size.columns), "h": str(size.rows)}
        async with await self._client.request("POST", f"{self._path}/resize", query=query) as reply:
            await reply.read()  # a container that does not run refuses, and has nothing to resize

    async def redraw(self, size: Resize) -> None:
        """Set the size so that it changes: shells and full-screen programs then draw their line or screen anew."""
        await self.resize(other_size(size))
        await self.resize(size)

    async def exit_code(self) -> int | None:
        """Process 1's exit code once its stream has ended; None if it runs on, and only the stream was cut."""
        try:
            async with asyncio.timeout(EXIT_PATIENCE):
                async with await self._client.request("POST", f"{self._path}/wait") as reply:
                    return int((await (await reply.raise_for_status()).json())["StatusCode"])
        except (TimeoutError, NotFound):
            return None


def other_size(size: Resize) -> Resize:
    """As near to `size` as can be: what runs notices the change from it."""
    return Resize(size.columns, size.rows - 1 if size.rows > 1 else size.rows + 1)


def typeable(data: bytes) -> bytes:
    """Input without what would make the engine end the attach."""
    return data.replace(_NEVER_TYPED, b"")


async def engine_answers(client: EngineClient) -> bool:
    try:
        async with await client.request("GET", "/_ping") as reply:
            return reply.status == 200
    except EngineGone:
        return False
