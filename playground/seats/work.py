"""What the desk has under way: starts, removals, lendings. Each ends by itself, and what kept it from it is logged."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from django.db import DatabaseError

from playground.engine.errors import EngineError

log = logging.getLogger(__name__)

FAULTS = (EngineError, DatabaseError, OSError)  # what a later try may find mended


class Work:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def settled(self) -> None:
        """Returns when nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("The desk could not do something: %s", error, exc_info=not isinstance(error, FAULTS))


async def go_on_after_faults(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except FAULTS as error:
        log.warning("The desk goes on after a fault: %s", error)


async def at_each_ring(bell: asyncio.Event, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """For ever, and without a ring once in so many seconds."""
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for() can lose a cancellation when the bell rings meanwhile
                await bell.wait()
        bell.clear()
        await go_on_after_faults(work())


async def every(seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await go_on_after_faults(work())
