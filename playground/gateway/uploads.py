"""What clients have sent and the gateway holds in memory, of all seats together: each seat may hold little, and all of
them at once more than the server has."""

from playground.gateway.policy.errors import Refused


class Uploads:
    def __init__(self, most: int) -> None:
        self.room = most


class Holding:
    """One call's part; given back at the end of its `with`."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._size = 0

    def take(self, size: int) -> None:
        """Raises Refused when there is no room for it."""
        if size > self._uploads.room:
            raise Refused(503, "The playground has its hands full of files at this moment: try again in a minute.")
        self._uploads.room -= size
        self._size += size

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        self._uploads.room += self._size
        self._size = 0
