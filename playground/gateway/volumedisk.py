"""What a volume may hold. Where the engine's disk can count (btrfs with quotas, reachable from here) the limit is hard.
Elsewhere volumes are measured while a container that runs has them: beyond the limit its containers are killed and do
not start again. Between two measurements such a volume may grow on, each of its files as far as `fsize` lets it."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from playground.engine import volumes
from playground.engine.client import EngineClient
from playground.gateway.belongings import Container, Volume
from playground.gateway.killing import Killer
from playground.gateway.limits import MIB
from playground.gateway.owned import Owned
from playground.gateway.policy.errors import Refused

log = logging.getLogger(__name__)
PAUSE = 3.0  # seconds between two measurements


async def give_bound(volume: Volume, limit: int) -> bool:
    """To a new volume; False where it can neither be limited nor measured."""
    try:
        if not await asyncio.to_thread(volumes.bound, Path(volume.mountpoint), limit):
            await asyncio.to_thread(volumes.used, Path(volume.mountpoint), limit)
    except OSError:
        return False
    return True


async def shown_size(volume: Volume) -> int:
    """For `docker system df`; -1 where it cannot be looked at."""
    try:
        return await asyncio.to_thread(volumes.shown_size, Path(volume.mountpoint))
    except OSError:
        return -1


async def check_sizes(owned: Owned, names: Iterable[str], limit: int) -> None:
    """Raises Refused where one of the volumes holds more than it may."""
    for name in names:
        volume = owned.volumes.get(name)
        if volume is not None and await _is_full(volume, limit, await _counts(volume)):
            raise Refused(
                409,
                f"The volume {name} holds more than {limit // MIB} MiB, which is as much as fits here. "
                f"Remove its containers and then the volume: docker volume rm {name}",
            )


async def _is_full(volume: Volume, limit: int, counts: bool) -> bool:
    """A volume that cannot be looked at is taken for full."""
    try:
        return await asyncio.to_thread(_measure, Path(volume.mountpoint), limit, counts) > limit
    except OSError:
        return True


def _measure(mountpoint: Path, limit: int, counts: bool) -> int:
    return 0 if counts and volumes.is_bounded(mountpoint) else volumes.used(mountpoint, limit)


class VolumeWatch:
    """Measures, for ever, the volumes that containers write to."""

    def __init__(self, client: EngineClient, tables: Callable[[], Iterable[Owned]], limit: int) -> None:
        self._tables = tables
        self._limit = limit
        self._killer = Killer(client)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            await self._look()

    async def _look(self) -> None:
        found = [(owned, volume, users) for owned in self._tables() for volume, users in _at_work(owned)]
        counts = bool(found) and await _counts(found[0][1])
        for owned, volume, users in found:
            if await _is_full(volume, self._limit, counts):
                log.warning("seat %s: the volume %s holds more than it may", owned.seat, volume.name)
                for container in users:
                    self._killer.end(owned, container)


async def _counts(volume: Volume) -> bool:
    return await asyncio.to_thread(volumes.counts, Path(volume.mountpoint))


def _at_work(owned: Owned) -> Iterator[tuple[Volume, list[Container]]]:
    """The volumes that containers which run have, with these."""
    running = [container for container in owned.containers.values() if container.status == "running"]
    for volume in owned.volumes:
        if users := [container for container in running if volume.name in container.volumes]:
            yield volume, users
