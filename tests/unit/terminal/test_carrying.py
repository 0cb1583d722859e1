"""What was typed on its way to a program: no further ahead of it than is good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from playground.terminal import carrying
from playground.terminal.carrying import Typed


class Program:
    """The engine's end of a wire: takes all, and reads none of it."""

    def __init__(self) -> None:
        self.taken = b""
        self._came = asyncio.Event()

    async def read(self, size: int = 0) -> bytes:
        return await asyncio.Future()

    async def write(self, data: bytes) -> None:
        self.taken += data
        self._came.set()

    async def until(self, size: int) -> None:
        async with asyncio.timeout(10):
            while len(self.taken) < size:
                self._came.clear()
                await self._came.wait()


@asynccontextmanager
async def carried(typed: Typed) -> AsyncIterator[Program]:
    program = Program()
    carrying = asyncio.ensure_future(typed.carry(program))
    yield program
    carrying.cancel()


async def test_the_next_step_is_handed_on_when_the_terminal_has_shown_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrying, "SILENCE", 60.0)
    typed = Typed(ahead=4)
    async with carried(typed) as program:
        typed.put(b"ab")
        await program.until(2)
        typed.put(b"cdefgh")
        await program.until(4)
        typed.shown()
        await program.until(8)
        typed.put(b"i")
        typed.shown()
        await program.until(9)
    assert program.taken == b"abcdefghi"


async def test_what_waits_for_a_program_is_dropped_with_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "SILENCE", 60.0)
    may = True
    typed = Typed(allowed=lambda: may, ahead=4)
    async with carried(typed) as program:
        typed.put(b"agreed, and what came too late")
        await program.until(4)
        may = False
        typed.drop()
        typed.shown()
        may = True
        typed.put(b"anew")
        await program.until(8)
    assert program.taken == b"agreanew"


async def test_a_program_that_shows_nothing_gets_all_of_it_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "SILENCE", 0.001)
    typed = Typed(ahead=4)
    async with carried(typed) as program:
        typed.put(b"a password that is long")
        await program.until(23)


async def test_a_learner_of_ones_own_terminal_is_not_held_back() -> None:
    typed = Typed()
    async with carried(typed) as program:
        typed.put(b"x" * 200_000)
        await program.until(200_000)
