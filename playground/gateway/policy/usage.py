"""How much of the disk a seat's images take, where layers that several have count once. Pure.

The engine tells an image's size and its layers, not each layer's size. What two images share is known where it is an
image of its own, as the base of another one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

Layers = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    total: int
    shared: Mapping[str, int]  # by image id: what other images have, too


def layers_of(inspected: Mapping[str, Any]) -> Layers:
    return tuple((inspected.get("RootFS") or {}).get("Layers") or ())


def usage(images: Mapping[str, Mapping[str, Any]]) -> Usage:
    """Of inspected images by id. Those without a name that others stand on should be among them."""
    sizes: dict[Layers, int] = {(): 0}
    for found in images.values():
        sizes[layers_of(found)] = int(found.get("Size") or 0)
    chains = [layers_of(found) for found in images.values()]
    total = sum(size - sizes[_beneath(chain, sizes)] for chain, size in sizes.items() if chain)
    shared = {}
    for at, (identity, found) in enumerate(images.items()):
        mine, others = layers_of(found), chains[:at] + chains[at + 1 :]
        common = max((_common(mine, other) for other in others), default=0)
        shared[identity] = sizes[_beneath(mine, sizes, common)]
    return Usage(total, shared)


def _common(one: Layers, other: Layers) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _beneath(chain: Layers, sizes: Mapping[Layers, int], most: int | None = None) -> Layers:
    """The longest part from the bottom whose size is known: of at most so many layers, else less than all."""
    most = len(chain) - 1 if most is None else most
    return next(chain[:length] for length in range(most, -1, -1) if chain[:length] in sizes)
