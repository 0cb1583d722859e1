"""How much may be sent and how soon to try again. Plain numbers in and out: no I/O, no clock.

daphne takes whatever it is given to send, so a browser that does not read would grow the server without end. Output
therefore flows against credit: the browser says how many bytes its screen has taken in.
"""

WINDOW = 256 * 1024  # bytes of output that may be on their way
MOST_INPUT = 1024 * 1024  # bytes of input that wait for a program that does not read
STEADY = 5.0  # seconds: a shell that lived this long did not die at once
LONGEST_WAIT = 30.0


class FlowError(ValueError):
    """The browser broke the rules of the flow; the connection cannot go on."""


class CreditWindow:
    """Counts what is on its way to the browser's screen."""

    def __init__(self, size: int = WINDOW) -> None:
        self._size = size
        self._on_the_way = 0

    @property
    def room(self) -> int:
        """Bytes that may be sent now."""
        return self._size - self._on_the_way

    def sent(self, size: int) -> None:
        if size > self.room:
            raise FlowError(f"{size} bytes sent with room for {self.room}")
        self._on_the_way += size

    def credited(self, size: int) -> None:
        """Raises FlowError for credit for more than was sent."""
        if size > self._on_the_way:
            raise FlowError(f"credit for {size} bytes with {self._on_the_way} on their way")
        self._on_the_way -= size


class InputBuffer:
    """Input that a program has not taken yet. daphne cannot be told to stop reading, so there is an end to it."""

    def __init__(self, size: int = MOST_INPUT) -> None:
        self._size = size
        self._waiting = bytearray()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def put(self, data: bytes) -> None:
        """Raises FlowError when the program is too far behind."""
        if len(self._waiting) + len(data) > self._size:
            raise FlowError(f"more than {self._size} bytes of input wait")
        self._waiting += data

    def take(self, size: int = 64 * 1024) -> bytes:
        """What waits, at most `size` bytes of it."""
        data = bytes(self._waiting[:size])
        del self._waiting[:size]
        return data


class Pace:
    """Bounds how often a shell that dies at once is started anew: the first two at once, then slower and slower."""

    def __init__(self) -> None:
        self._short_lives = 0

    def wait(self, lived: float) -> float:
        """Seconds to wait before the next start, after one that lived for `lived` seconds."""
        self._short_lives = 0 if lived >= STEADY else self._short_lives + 1
        return min(LONGEST_WAIT, 2.0 ** (self._short_lives - 4)) if self._short_lives > 2 else 0.0
