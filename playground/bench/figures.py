"""Figures and how they are read. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

TAILS = (95, 99)  # the percentiles that are shown beside the median


def percentile(samples: Sequence[float], percent: int) -> float:
    """The smallest sample that at least so many of 100 do not exceed; of few samples, the largest."""
    return sorted(samples)[math.ceil(percent / 100 * len(samples)) - 1]


@dataclass(slots=True)
class Aim:
    words: str
    met: bool


@dataclass(slots=True)
class Row:
    """One thing that was measured: through the playground, and straight to the engine where there is such a way."""

    what: str
    unit: str
    ours: list[float] = field(default_factory=list)
    straight: list[float] = field(default_factory=list)
    aim: Aim | None = None

    def cells(self) -> tuple[str, ...]:
        return (
            f"{self.what}, {self.unit}",
            *spread(self.ours, TAILS),
            *spread(self.straight, TAILS),
            *((self.aim.words, "yes" if self.aim.met else "NO") if self.aim else ("", "")),
        )


def spread(samples: Sequence[float], tails: Sequence[int]) -> tuple[str, ...]:
    """The median and these percentiles, to be read."""
    if not samples:
        return ("",) * (1 + len(tails))
    return _short(median(samples)), *(_short(percentile(samples, tail)) for tail in tails)


def _short(figure: float) -> str:
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.1f}"


def gateway_aim(row: Row) -> Aim:
    """The gateway adds at most 5 % or 10 ms to a run, whichever is more."""
    ours, straight = median(row.ours), median(row.straight)
    return Aim("+5 % or +10 ms", ours - straight <= max(0.05 * straight, 10.0))


def most(row: Row, limit: float) -> Aim:
    return Aim(f"≤ {limit:g} {row.unit}", median(row.ours) <= limit)


def tail_at_most(row: Row, percent: int, limit: float) -> Aim:
    """Of 100 samples, so many are within the limit; without samples nothing is."""
    words = f"p{percent}" if percent < 100 else "all"
    return Aim(f"{words} ≤ {limit:g} {row.unit}", bool(row.ours) and percentile(row.ours, percent) <= limit)


def at_most_more(row: Row, limit: float) -> Aim:
    """How much the playground may add."""
    return Aim(f"+{limit:g} {row.unit}", median(row.ours) - median(row.straight) <= limit)


def at_most_times(row: Row, factor: float) -> Aim:
    return Aim(f"+{100 * (factor - 1):.0f} %", median(row.ours) <= factor * median(row.straight))
