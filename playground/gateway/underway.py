"""What the engine has been asked for on a seat's behalf goes on when the client hangs up: the engine makes it all the
same, and what it makes must be counted."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class UnderWay:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __bool__(self) -> bool:
        return bool(self._tasks)

    async def to_the_end(self, work: Coroutine[None, None, T]) -> T:
        """Its result; to its end also when whoever waits for it is cancelled."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # nobody may be left to be told

    async def wait(self, patience: float) -> set[asyncio.Task[Any]]:
        """Until all of it but the caller has ended; what takes longer."""
        tasks = self._tasks - {asyncio.current_task()}
        return (await asyncio.wait(tasks, timeout=patience))[1] if tasks else set()

    async def settle(self, patience: float) -> None:
        """As `wait`; what takes longer is broken off, and cleans up behind itself."""
        late = await self.wait(patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
