"""The bytes of a published port on their way between two sockets."""

import asyncio
import socket

import pytest

from playground.gateway.carrying import both


@pytest.mark.parametrize("steps", range(6))
async def test_a_connection_that_is_broken_off_while_it_is_made_leaves_nothing_on_the_loop(steps: int) -> None:
    """Else the next connection that gets its number, which may be anybody's, fails."""
    loop = asyncio.get_running_loop()
    (browser, client), (program, server) = socket.socketpair(), socket.socketpair()
    for one in (client, server):
        one.setblocking(False)
    numbers = client.fileno(), server.fileno()

    async def carried() -> None:
        async with both(client, server):
            await asyncio.Event().wait()

    carrying = asyncio.create_task(carried())
    for _ in range(steps):
        await asyncio.sleep(0)
    carrying.cancel()
    await asyncio.gather(carrying, return_exceptions=True)
    client.close()  # as what has accepted it does at the end
    assert [loop.remove_reader(number) for number in numbers] == [False, False]
    browser.close()
    program.close()
    server.close()
