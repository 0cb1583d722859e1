"""How fast somebody works, drawn by a seed, so that the same class comes again."""

import asyncio
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, from and to."""

    between_keys: tuple[float, float]
    thinking: tuple[float, float]  # before a command, an answer and the next step


PACES = {
    "human": Pace(between_keys=(0.08, 0.25), thinking=(2.0, 8.0)),
    "quick": Pace(between_keys=(0.002, 0.005), thinking=(0.02, 0.1)),
}


class Tempo:
    """One person's."""

    def __init__(self, pace: Pace, seed: str) -> None:
        self._pace = pace
        self._random = Random(seed)

    async def between_keys(self) -> None:
        await asyncio.sleep(self._random.uniform(*self._pace.between_keys))

    async def think(self) -> None:
        await asyncio.sleep(self._random.uniform(*self._pace.thinking))

    def one_in(self, many: int) -> bool:
        return self._random.randrange(many) == 0
