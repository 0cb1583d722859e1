"""Forgetting by the running server: at its start and once a day, off the loop, and a little at a time."""

import asyncio
import logging
from datetime import timedelta

from django.db import DatabaseError
from django.utils import timezone

from playground.clerk import Clerk
from playground.keeping.forgetting import Forgotten, forget_some

DAY = timedelta(days=1).total_seconds()
PAUSE = 1.0  # seconds between two batches, in which others write

log = logging.getLogger(__name__)
off_loop = Clerk("keeping")


async def follow(guest_days: int) -> None:
    """For ever."""
    while True:
        try:
            await sweep(guest_days)
        except DatabaseError as error:
            log.warning("What is to be forgotten stays until tomorrow: %s", error)
        await asyncio.sleep(DAY)


async def sweep(guest_days: int, pause: float = PAUSE) -> Forgotten:
    """All there is to forget now."""
    gone = Forgotten()
    while some := await off_loop(forget_some, timezone.now(), guest_days):
        gone += some
        await asyncio.sleep(pause)
    if gone:
        log.info("%s", gone)
    return gone
