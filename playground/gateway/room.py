"""Room that all seats share: bytes of requests that the gateway holds in memory, and of copies that it keeps in files.
Each seat has its own limits; together they could still be more than the machine has. And however much others hold, some
is left for whoever comes next."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from playground.gateway.policy.errors import Refused

FULL = Refused(
    503,
    "So many are sending or fetching files at this moment that there is no room for more: try again in a few seconds.",
)


SHARE = 4  # a seat may hold one part for so many that it leaves


class Held:
    """What one request of a seat's takes of it."""

    def __init__(self, room: "Room", seat: str) -> None:
        self._room = room
        self._seat = seat
        self.size = 0

    def more(self, size: int) -> None:
        """Raises FULL."""
        self._room.take(self._seat, size)
        self.size += size

    def close(self) -> None:
        self._room.give_back(self._seat, self.size)
        self.size = 0


class Room:
    def __init__(self, size: int) -> None:
        self._left = size
        self._shares: Counter[str] = Counter()  # bytes, by seat

    @property
    def left(self) -> int:
        return self._left

    def take(self, seat: str, size: int) -> None:
        if size and (self._shares[seat] + size) * SHARE > self._left - size:
            raise FULL
        self._left -= size
        self._shares[seat] += size

    def give_back(self, seat: str, size: int) -> None:
        self._left += size
        self._shares[seat] -= size
        if not self._shares[seat]:
            del self._shares[seat]

    @contextmanager
    def hold(self, seat: str) -> Iterator[Held]:
        held = Held(self, seat)
        try:
            yield held
        finally:
            held.close()
