"""The engine's end of a further terminal: what `Line` is for the first."""

import asyncio
from collections.abc import AsyncGenerator

from playground.engine import execs
from playground.engine.client import EngineClient
from playground.engine.errors import NotFound
from playground.seats.models import Seat
from playground.terminal.frames import Resize
from playground.terminal.line import EXIT_PATIENCE, Line, other_size
from playground.terminal.shells import FIRST, Closed, Shell, Shells, Watcher


def line_of(
    shells: Shells, client: EngineClient, seat: Seat, number: int, *, starts: bool = True
) -> "Line | ShellLine":
    """The engine's end of the seat's terminal of that number."""
    if number == FIRST:
        return Line(client, seat.container_id)
    return ShellLine(shells, client, seat, number, starts=starts)


class ShellLine:
    """Calls about one shell. Each may raise EngineGone, and NotFound once the seat is no more, or for a shell that has
    ended where this line `starts` none; `attach` also NotBegun."""

    def __init__(self, shells: Shells, client: EngineClient, seat: Seat, number: int, *, starts: bool = True) -> None:
        self._shells, self._client, self._seat, self._number, self._starts = shells, client, seat, number, starts
        self._shell: Shell | None = None
        self._watcher: Watcher | None = None

    async def running(self) -> bool:
        return True  # `attach` has seen to it; when it has ended since, so has the stream

    async def scrollback(self) -> AsyncGenerator[bytes, None]:
        """Nothing where the shell is still to be started. From here on the shell waits for this browser."""
        if shell := self._shells.living(self._seat.id, self._number):
            watcher = self._watch(shell)
            if watcher.history:
                yield watcher.history

    async def attach(self) -> Watcher:
        if self._watcher is None and not self._starts:
            raise NotFound("the shell has ended")
        if self._watcher is None:
            self._watch(await self._shells.start(self._seat, self._number))
        assert self._watcher is not None
        return self._watcher

    def let_go(self) -> None:
        if self._watcher:
            self._watcher.abort()

    async def resize(self, size: Resize) -> None:
        assert self._shell is not None, "a line is attached before it gets a size"
        query = {"w": str(size.columns), "h": str(size.rows)}
        async with await self._client.request("POST", f"/exec/{self._shell.exec_id}/resize", query=query) as reply:
            await reply.read()  # a shell that has ended refuses, and has nothing to resize

    async def redraw(self, size: Resize) -> None:
        await self.resize(other_size(size))
        await self.resize(size)

    async def exit_code(self) -> int | None:
        """As `Line` has it; None also where the shell went with its container, or never was. Raises Closed."""
        if self._shell is None:
            return None
        if self._shell.closed:
            raise Closed
        try:
            async with asyncio.timeout(EXIT_PATIENCE):
                return await execs.exit_code(self._client, self._shell.exec_id)
        except (TimeoutError, NotFound):
            return None

    def _watch(self, shell: Shell) -> Watcher:
        self._shell, self._watcher = shell, shell.watch()
        return self._watcher
