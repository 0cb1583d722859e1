"""What a playground has left on the engine and on the machine."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from playground.bench.stage import Stage
from playground.engine import labels
from playground.engine.api import Engine, Object
from playground.seats.budget import MOUNT, ROOT
from playground.seats.rules import sockets_of

PATIENCE = 180.0  # seconds for the seats to be cleared away, and others to be warm


async def beside_warm_seats(stage: Stage, seats: Collection[str]) -> list[str]:
    """What is left of these seats, which have ended, and more of the instance than its warm ones."""
    return await _settled(lambda: _of_seats(stage, seats))


async def after_the_end(stage: Stage, seats: Collection[str]) -> list[str]:
    """What is left of the instance at all, now that its server has stopped."""
    return [
        *await _on_engine(stage.engine, stage.instance),
        *await _names(stage.engine, seats),
        *await asyncio.to_thread(_on_machine, stage),
    ]


async def _settled(look: Callable[[], Awaitable[list[str]]]) -> list[str]:
    """Seats end in their own time."""
    end = time.monotonic() + PATIENCE
    while True:
        left = await look()
        if not left or time.monotonic() > end:
            return left
        await asyncio.sleep(0.5)


async def _of_seats(stage: Stage, seats: Collection[str]) -> list[str]:
    waiting = {_name(each) for each in await stage.terminals() if each["Labels"][labels.SEAT] not in seats}
    left = [one for one in await _on_engine(stage.engine, stage.instance) if one not in waiting]
    surplus = [] if len(waiting) == stage.warm else [f"{len(waiting)} seats where {stage.warm} wait"]
    return [*surplus, *left, *await _names(stage.engine, seats)]


async def _on_engine(engine: Engine, instance: str) -> list[str]:
    mine = {labels.INSTANCE: instance}
    containers, networks, volumes, images = await asyncio.gather(
        engine.containers(mine), engine.networks(mine), engine.volumes(mine), engine.images(mine)
    )
    return [
        *map(_name, containers),
        *(f"network {each['Name']}" for each in networks),
        *(f"volume {each['Name']}" for each in volumes),
        *(f"image {each['Id']}" for each in images),
    ]


def _name(container: Object) -> str:
    return f"container {container['Names'][0].strip('/')}"


async def _names(engine: Engine, seats: Collection[str]) -> list[str]:
    """Tags that learners have put on images which are not theirs, as a pull does."""
    mine = tuple(labels.owned_repository(seat) for seat in seats)
    tags = [tag for image in await engine.images({}) for tag in image["RepoTags"] or ()]
    return [f"tag {tag}" for tag in tags if tag.startswith(mine)]


def _on_machine(stage: Stage) -> list[str]:
    """Groups of the cgroupfs driver, and sockets."""
    group = Path(ROOT, stage.instance)
    groups = [*Path(MOUNT).glob(str(group)), *Path(MOUNT).glob(f"*/{group}")]
    sockets = sockets_of(stage.home / "run", stage.instance)
    return [*(f"cgroup {found}" for found in groups), *([f"directory {sockets}"] if sockets.exists() else [])]
