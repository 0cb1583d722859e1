"""What every open terminal does, whoever looks at it: carry its bytes both ways, and outlast an engine that is gone."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from typing import Protocol

from playground.engine.client import EngineClient
from playground.terminal.browser import Browser
from playground.terminal.flow import InputBuffer
from playground.terminal.frames import LARGEST_INPUT, LARGEST_OUTPUT
from playground.terminal.line import engine_answers, typeable

GATHER = 0.002  # seconds: an echo is sent at once, a flood in frames of what came meanwhile
SILENCE = 1.0  # seconds after which a program that shows nothing, as at a password, is taken to have read
ENGINE_POLL = (0.5, 5.0)  # seconds: the first and the longest wait for an engine that is gone


class Wire(Protocol):
    """An attach to the engine, or one browser at a shell that the server holds."""

    async def read(self, size: int = ...) -> bytes: ...

    async def write(self, data: bytes) -> None: ...


class Typed:
    """What was typed and no program has taken yet. Nothing is taken in or handed on while it is not `allowed`.

    The engine takes far more than a program has read, and nobody gets it back. Where that matters, no more than `ahead`
    bytes are handed on until the terminal shows something, or has been silent for a while."""

    def __init__(self, allowed: Callable[[], bool] = lambda: True, ahead: int = 0) -> None:
        self._allowed = allowed
        self._ahead, self._handed_on = ahead, 0
        self._shown = asyncio.Event()
        self._input = InputBuffer()
        self._more = asyncio.Event()

    def put(self, data: bytes) -> None:
        """Raises FlowError when the program is too far behind."""
        if self._allowed():
            self._input.put(typeable(data))
            self._more.set()

    def drop(self) -> None:
        """What waits is meant for nobody any more."""
        self._input = InputBuffer()

    async def carry(self, wire: Wire) -> None:
        while True:
            await self._more.wait()
            while self._input:
                room = await self._room()
                data = self._input.take(room)  # what is there now: it may have been dropped meanwhile
                if data and self._allowed():
                    self._handed_on += len(data)
                    await wire.write(data)
            self._more.clear()

    def shown(self) -> None:
        """The terminal has output."""
        self._handed_on = 0
        self._shown.set()

    async def _room(self) -> int:
        if not self._ahead:
            return LARGEST_INPUT
        if self._handed_on >= self._ahead:
            self._shown.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SILENCE):
                    await self._shown.wait()
            self._handed_on = 0
        return self._ahead - self._handed_on


async def carry_output(wire: Wire, browser: Browser, on_output: Callable[[], None] = lambda: None) -> None:
    while data := await wire.read(LARGEST_OUTPUT):
        on_output()
        await browser.output(data)
        await asyncio.sleep(GATHER)


async def outlast_engine(client: EngineClient, browser: Browser) -> None:
    """Tells of it, and returns when the engine answers again."""
    await browser.notice("engine", alive=False)
    wait, longest = ENGINE_POLL
    while True:  # never at once: an engine that answers may still not be ready to do what just failed
        await asyncio.sleep(wait * random.uniform(0.8, 1.2))
        if await engine_answers(client):
            break
        wait = min(wait * 2, longest)
    await browser.notice("engine", alive=True)


async def race(*runners: Coroutine[object, object, None]) -> None:
    """Run them side by side until one returns or raises, and end the others then."""
    tasks = [asyncio.ensure_future(runner) for runner in runners]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
