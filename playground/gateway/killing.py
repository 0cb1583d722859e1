"""Ends containers that take more than their share of what has no limit of the kernel's."""

import asyncio
import logging

from playground.engine.client import EngineClient
from playground.engine.errors import Conflict, EngineError, NotFound
from playground.gateway.belongings import Container
from playground.gateway.owned import Owned

log = logging.getLogger(__name__)


class Killer:
    def __init__(self, client: EngineClient) -> None:
        self._client = client
        self._ending: dict[str, asyncio.Task[None]] = {}  # by id: a copy may hold one up, and nobody else waits for it

    def end(self, owned: Owned, container: Container) -> None:
        """Soon; does nothing while it is under way."""
        if container.id not in self._ending:
            task = asyncio.create_task(self._kill(owned, container), name=f"gateway-{owned.seat}-kill")
            self._ending[container.id] = task
            task.add_done_callback(lambda _: self._ending.pop(container.id))

    async def _kill(self, owned: Owned, container: Container) -> None:
        path = f"/containers/{container.id}/kill"
        try:
            async with owned.stillness.moving(), await self._client.request("POST", path) as reply:
                await reply.raise_for_status()
        except (Conflict, NotFound):
            return  # it has ended meanwhile
        except EngineError as error:
            log.warning("cannot kill %s: %s", container.id, error)
