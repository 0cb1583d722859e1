"""What a lesson draws for each learner: `draw` in its front matter, `@{name}` in its text. Pure.

A lesson has a few variants, the same at every start, so that whoever comes back finds their own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random

VARIANTS = 8
MARK = re.compile(r"@\{([^{}\n]*)\}")

Draws = Mapping[str, Sequence[str | int]]


def drawn(draws: Draws, slug: str, variant: int) -> dict[str, str]:
    """One value for each name. Each is spread evenly over the variants, independently of the others."""
    found = {}
    for name, values in draws.items():
        turns = [str(values[place % len(values)]) for place in range(VARIANTS)]
        Random(f"{slug} {name}").shuffle(turns)
        found[name] = turns[variant % VARIANTS]
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """A name that nobody draws stays as it is: see `unknown`."""
    return MARK.sub(lambda found: values.get(found[1], found[0]), text)


def unknown(text: str, draws: Draws) -> Iterator[tuple[int, str]]:
    """Names in the text that are not drawn, with their lines from 1."""
    for found in MARK.finditer(text):
        if found[1] not in draws:
            yield text.count("\n", 0, found.start()) + 1, found[1]
