"""Room that all seats share: bytes of requests that the gateway holds in memory, and of copies that it keeps in files.
Each seat has its own limits; together they could still be more than the machine has."""

from collections.abc import Iterator
from contextlib import contextmanager

from playground.gateway.policy.errors import Refused

FULL = Refused(
    503,
    "So many are sending or fetching files at this moment that there is no room for more: try again in a few seconds.",
)


class Held:
    """What one request takes of it."""

    def __init__(self, room: "Room") -> None:
        self._room = room
        self.size = 0

    def more(self, size: int) -> None:
        """Raises FULL."""
        self._room.take(size)
        self.size += size

    def close(self) -> None:
        self._room.give_back(self.size)
        self.size = 0


class Room:
    def __init__(self, size: int) -> None:
        self._left = size

    @property
    def left(self) -> int:
        return self._left

    def take(self, size: int) -> None:
        if size > self._left:
            raise FULL
        self._left -= size

    def give_back(self, size: int) -> None:
        self._left += size

    @contextmanager
    def hold(self) -> Iterator[Held]:
        held = Held(self)
        try:
            yield held
        finally:
            held.close()
