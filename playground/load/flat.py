"""Whether something stays as it is while a server goes on. Pure."""

from collections.abc import Sequence
from statistics import median

from playground.bench.figures import Aim, Row

WARM_UP = 0.2  # of the time: caches fill, and Python's own memory
GROWTH = 0.05  # of the last third over the third before it


def flat(row: Row, times: Sequence[float], slack: float) -> Aim:
    """After the warm-up, the last third's median is at most 5 % or `slack` above the second third's, whichever is
    more. `times` are those of the row's samples."""
    words = f"flat: +5 % or +{slack:g} {row.unit}"
    end = times[-1] if times else 0.0
    begin = WARM_UP * end
    third = (end - begin) / 3
    second, last = (
        [
            value
            for at, value in zip(times, row.ours, strict=True)
            if begin + third * place < at <= begin + third * (place + 1)
        ]
        for place in (1, 2)
    )
    if not second or not last:
        return Aim(words, False)
    return Aim(words, median(last) - median(second) <= max(GROWTH * median(second), slack))
