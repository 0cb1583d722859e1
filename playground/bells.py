"""Doorbells: a ring at a group of open pages, in this process and, with Redis, in others. What has happened stands in
the database, and a page that misses a ring has it when it next asks; so nobody's work fails because a bell is out of
order.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Mapping
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer

PATIENCE = 2.0  # seconds; redis-py would try longer

log = logging.getLogger(__name__)


def _faults() -> tuple[type[Exception], ...]:
    """What a bell that is out of order raises: one in memory, or one on Redis, whose package not everybody has."""
    try:
        from redis.exceptions import RedisError
    except ModuleNotFoundError:
        return (OSError, ChannelFull)
    return (OSError, ChannelFull, RedisError)


FAULTS = _faults()


async def ring(group: str, message: Mapping[str, Any]) -> None:
    await _try(get_channel_layer().group_send(group, message), "A doorbell did not ring")


async def hear(group: str, channel: str) -> None:
    """From now on."""
    await _try(get_channel_layer().group_add(group, channel), "A page could not be put on its doorbell")


async def hear_no_more(group: str, channel: str) -> None:
    """Where it cannot be said, a group forgets by itself who does not listen."""
    await _try(get_channel_layer().group_discard(group, channel), "A page could not be taken off its doorbell")


async def _try(work: Awaitable[None], sorry: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await work
    except FAULTS as error:
        log.warning("%s: %s", sorry, error or type(error).__name__)


async def rings(group: str, channel: str) -> AsyncGenerator[Mapping[str, Any], None]:
    """What is rung, for ever. While the bells are out of order nothing is heard, and what was rung then is lost."""
    while True:
        try:
            while True:
                yield await get_channel_layer().receive(channel)
        except FAULTS as error:
            log.warning("A page does not hear its doorbell: %s", error or type(error).__name__)
        await asyncio.sleep(PATIENCE)
        await hear(group, channel)
