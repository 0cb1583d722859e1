"""Logs that flood. What a container writes is encoded and stored by the engine, whose work no budget counts: one that
writes without end keeps a processor busy which is everybody's. So it is killed.

It is seen by the log's file, which has a bounded size and begins anew when it is full: between two looks a flood's has
grown much, or has begun anew. Where this server cannot look at the engine's files nothing is seen.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from playground.engine.client import EngineClient
from playground.gateway.belongings import Container
from playground.gateway.killing import Killer
from playground.gateway.limits import MIB
from playground.gateway.owned import Owned

log = logging.getLogger(__name__)
PAUSE, APART = 2.0, 0.1  # seconds between two looks, each of which is two sizes so far apart
FLOOD = 2 * MIB  # bytes a second of the log's file: some thirty thousand lines
STRIKES = 3  # looks in a row in which a seat floods: a burst of output is no harm


class LogWatch:
    def __init__(self, client: EngineClient, tables: Callable[[], Iterable[Owned]], root_dir: Path) -> None:
        self._tables = tables
        self._root_dir = root_dir
        self._killer = Killer(client)
        self._strikes: Counter[str] = Counter()

    async def run(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            await self.look(APART)

    async def look(self, apart: float) -> None:
        running = [(owned, one) for owned in self._tables() for one in owned.containers.values() if _runs(one)]
        if not running:
            self._strikes.clear()
            return
        before = await asyncio.to_thread(self._sizes, running)
        await asyncio.sleep(apart)
        after = await asyncio.to_thread(self._sizes, running)
        flooding = [(owned, one) for owned, one in running if floods(before[one.id], after[one.id], apart)]
        # By seat and not by container: who starts the next one as soon as one is killed is not let off each time.
        self._strikes = Counter({owned.seat: self._strikes[owned.seat] + 1 for owned, _ in flooding})
        for owned, container in flooding:
            if self._strikes[owned.seat] >= STRIKES:
                log.warning("seat %s: the log of %s floods", owned.seat, container.name)
                self._killer.end(owned, container)

    def _sizes(self, running: Iterable[tuple[Owned, Container]]) -> dict[str, int]:
        folder = self._root_dir / "containers"
        return {one.id: _size(folder / one.id / f"{one.id}-json.log") for _, one in running}


def floods(before: int, after: int, seconds: float) -> bool:
    """Whether a log of these sizes has grown too fast; one that is shorter has been full and begun anew."""
    return after < before or after - before > FLOOD * seconds


def _runs(container: Container) -> bool:
    return container.status == "running"


def _size(path: Path) -> int:
    """0 where there is no log, or none that may be looked at."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
