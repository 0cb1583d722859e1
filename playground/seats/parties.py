"""Groups of learners that seats can be reserved for. Who they are is known above this room; here each is a number."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


def _nobodys(learners: Collection[int]) -> Mapping[int, int]:
    return {}


def _all(parties: Collection[int]) -> Collection[int]:
    return parties


@dataclass(frozen=True, slots=True)
class Parties:
    """Two questions about rows, each a query at most, and asked off the loop."""

    of: Callable[[Collection[int]], Mapping[int, int]] = _nobodys  # which of these learners is in which
    still: Callable[[Collection[int]], Collection[int]] = _all  # which of these are there, for seats to be reserved


NOBODYS = Parties()  # nothing is reserved for anybody
