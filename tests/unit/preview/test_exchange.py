"""An answer costs its seat what it costs the server, whatever it is made of."""

import asyncio
import socket

import pytest

from playground.gateway.carrying import SMALLEST, Pace, Side
from playground.preview.exchange import Exchange, Request

ASKED = Request("GET", b"/", [(b"host", b"localhost")], b"")
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Purse(Pace):
    """Counts, and waits for nothing."""

    def __init__(self) -> None:
        super().__init__(rate=float("inf"))
        self.paid = 0

    async def pay(self, size: int) -> None:
        self.paid += max(size, SMALLEST)
        await super().pay(size)


async def paid_for(answer: bytes) -> int:
    program, server = socket.socketpair()
    purse, side = Purse(), await Side.of(server)
    with program:
        program.sendall(answer)
        exchange = Exchange(side, 5, purse)
        await exchange.ask(ASKED)
        assert [chunk async for chunk in exchange.chunks()]
    side.abort()
    await asyncio.sleep(0)
    return purse.paid


@pytest.mark.attack("a page in very small pieces")
async def test_each_small_piece_of_an_answer_is_paid_for() -> None:
    assert await paid_for(HEAD + b"1\r\na\r\n" * 100 + b"0\r\n\r\n") >= 100 * SMALLEST


@pytest.mark.attack("a page in very small pieces")
async def test_what_comes_before_an_answer_is_paid_for() -> None:
    before = b"HTTP/1.1 100 Continue\r\n\r\n" * 100
    assert await paid_for(before + HEAD + b"1\r\na\r\n0\r\n\r\n") >= 100 * SMALLEST


async def test_what_is_no_part_of_the_page_is_paid_for() -> None:
    waste = b"1;" + b"x" * 10_000 + b"\r\na\r\n"
    assert await paid_for(HEAD + waste * 8 + b"0\r\n\r\n") >= 8 * len(waste)
