"""Wakes the desk of this process when a view has changed a row. Only a doorbell: the row says what happened."""

import asyncio

_bells: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}


def hang(bell: asyncio.Event) -> None:
    """A bell of the running loop; whoever waits for it clears it."""
    _bells[bell] = asyncio.get_running_loop()


def take_down(bell: asyncio.Event) -> None:
    _bells.pop(bell, None)


def ring() -> None:
    """From any thread."""
    for bell, loop in list(_bells.items()):
        loop.call_soon_threadsafe(bell.set)
