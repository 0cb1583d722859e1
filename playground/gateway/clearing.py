"""Removing what a seat owns. The engine says what that is, not the seat's table: nothing of it may be left behind."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from playground.engine import labels
from playground.engine.client import EngineClient
from playground.engine.errors import Conflict, EngineError, NotFound
from playground.engine.labels import owned_name
from playground.gateway.learn import built_images, container_ids, networks, seat_tags, volumes
from playground.gateway.underway import UnderWay

ATTEMPTS, PAUSE = 100, 0.05
WITH_FORCE = {"force": "1", "v": "1"}
_NAME_ONLY = {"noprune": "1"}
_NOTHING: Mapping[str, str] = {}


async def clear(client: EngineClient, instance: str, seat: str, under_way: UnderWay) -> None:
    """All of it, in the order in which one thing needs another. Raises EngineError; can be called again until it does
    not."""
    await _clear_containers(client, instance, seat, under_way)
    for _, network in await networks(client, instance, seat):
        await remove(client, f"/networks/{network.id}")
    for _, volume in await volumes(client, instance, seat):
        await remove(client, f"/volumes/{owned_name(seat, volume.name)}")
    for tag in await seat_tags(client, seat):
        await remove(client, f"/images/{tag}", _NAME_ONLY)
    for identity in await built_images(client, instance, seat):
        await remove(client, f"/images/{identity}", {**_NAME_ONLY, "force": "1"})


async def _clear_containers(client: EngineClient, instance: str, seat: str, under_way: UnderWay) -> None:
    """Until none is listed and none is about to be made: one may be on its way out already."""
    for _ in range(ATTEMPTS):
        busy = bool(under_way)
        identities = await container_ids(client, instance, seat)
        identities += await container_ids(client, instance, seat, labels.ROLE_BUILD)
        if not identities and not busy:
            return
        await asyncio.gather(*(remove(client, f"/containers/{identity}", WITH_FORCE) for identity in identities))
        await asyncio.sleep(PAUSE)
    raise EngineError(f"the containers of seat {seat} cannot be removed")


async def remove(client: EngineClient, path: str, query: Mapping[str, str] = _NOTHING) -> None:
    """What is gone, or on its way out, already is left alone."""
    async with await client.request("DELETE", path, query=query) as reply:
        with suppress(NotFound, Conflict):
            await reply.raise_for_status()
