"""A seat's containers are set going, many at once, or they stand still, for one copy at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Stillness:
    def __init__(self) -> None:
        self._turn = asyncio.Lock()  # in the order of asking, so that neither kind waits for ever
        self._moves = 0
        self._at_rest = asyncio.Event()
        self._at_rest.set()

    @asynccontextmanager
    async def moving(self) -> AsyncIterator[None]:
        """For what may let a container's processes run, a signal included: an engine lets a paused one go on for it."""
        async with self._turn:
            self._moves += 1
            self._at_rest.clear()
        try:
            yield
        finally:
            self._moves -= 1
            if not self._moves:
                self._at_rest.set()

    @asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        async with self._turn:
            await self._at_rest.wait()
            yield
