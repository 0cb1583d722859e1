"""Pausing a container for a copy, and letting it go on: the gateway's own doing, of which the learner is not told."""

import logging

from playground.engine.client import EngineClient
from playground.engine.errors import EngineError, EngineGone
from playground.gateway.owned import Owned

log = logging.getLogger(__name__)


async def pause(client: EngineClient, owned: Owned, identity: str) -> None:
    await _quietly(client, owned, identity, "pause")


async def let_go(client: EngineClient, owned: Owned, identity: str) -> None:
    """Raises EngineGone, and then the container stays noted down."""
    try:
        await _quietly(client, owned, identity, "unpause")
    except EngineGone:
        raise
    except EngineError as error:  # it has ended, or was not paused: either way it does not stand still
        log.info("seat %s: %s was not to be unpaused: %s", owned.seat, identity, error)
    owned.halts.discard(identity)


async def let_all_go(client: EngineClient, owned: Owned) -> None:
    """Those that copies which broke off have left paused."""
    try:
        async with owned.stillness.moving():
            for identity in owned.halts:
                await let_go(client, owned, identity)
                container = owned.containers.get(identity)
                if container is not None and container.status == "paused":
                    container.status = "running"
    except EngineGone as error:  # when it is back, they are learnt of again
        log.warning("seat %s: containers stay paused: %s", owned.seat, error)


async def _quietly(client: EngineClient, owned: Owned, identity: str, verb: str) -> None:
    container = owned.containers.get(identity)
    if container is not None:
        container.unheard += 1
    try:
        async with await client.request("POST", f"/containers/{identity}/{verb}") as reply:
            await reply.raise_for_status()
    except EngineError:
        if container is not None:
            container.unheard -= 1
        raise
