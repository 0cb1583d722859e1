"""Whether a socket floods. Plain numbers in and out: no I/O, no clock."""

MOST_FRAMES = 2000  # a second; a held key sends 30, a browser's mouse as many as its screen has pictures


class Frames:
    """Counts one socket's frames in a second. While the server is `behind`, with more of them waiting than it reads at
    once, the second goes on: a server that is too busy to read a flood as it comes would never take it for one."""

    def __init__(self) -> None:
        self._second = 0
        self._count = 0

    def too_many(self, now: float, *, behind: bool) -> bool:
        """With one more, at the time `now` in seconds."""
        if int(now) != self._second and not behind:
            self._second, self._count = int(now), 0
        self._count += 1
        return self._count > MOST_FRAMES
