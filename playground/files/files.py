"""A learner's files, as a page lists, reads and writes them: everything happens inside the seat's container.

The seat is the one that is lent to the learner now. Nobody names a seat here, so nobody can name another's.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakValueDictionary

from playground.engine.errors import EngineError
from playground.engine.execs import Ran
from playground.files import listing, scripts
from playground.files.listing import Listing
from playground.files.paths import HOME, LARGEST, file_inside, inside
from playground.files.refusals import Refused, Why

SECONDS = 10.0  # for one thing that is asked
MOST_WAITING = 8  # things that one learner asks for at once; they are done one after the other
ANYTHING, NOTHING = "", "*"  # what may stand where a file is written


class Run(Protocol):
    """Seats.run."""

    async def __call__(self, seat_id: str, argv: list[str], timeout: float, stdin: bytes, limit: int) -> Ran: ...


@dataclass(frozen=True, slots=True)
class Content:
    data: bytes

    @property
    def version(self) -> str:
        """Changes with the content."""
        return hashlib.sha256(self.data).hexdigest()


class Files:
    """Raises Refused. Paths are relative to the learner's home."""

    def __init__(
        self,
        seat_of: Callable[[int], str | None],
        run: Run,
        home: str = HOME,
        on_change: Callable[[int], None] = lambda learner_id: None,  # told whose files have changed
    ) -> None:
        self._seat_of = seat_of
        self._run = run
        self._home = home
        self._on_change = on_change
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._asked: Counter[int] = Counter()

    async def list(self, learner_id: int, path: str) -> Listing:
        folder = inside(path, self._home)
        return listing.parse(await self._do(learner_id, scripts.LIST, folder, listing.LARGEST))

    async def read(self, learner_id: int, path: str) -> Content:
        """A file that is larger than a page may have is refused: half of one would be saved as the whole."""
        data = await self._do(learner_id, scripts.READ, file_inside(path, self._home), LARGEST + 1)
        if len(data) > LARGEST:
            raise Refused(Why.TOO_LARGE)
        return Content(data)

    async def write(self, learner_id: int, path: str, content: Content, over: str) -> None:
        """`over` is what may be overwritten: ANYTHING, NOTHING, or a Content's version."""
        if len(content.data) > LARGEST:
            raise Refused(Why.TOO_LARGE)
        await self._change(
            learner_id, scripts.WRITE, file_inside(path, self._home), len(content.data), over, content.data
        )

    async def make_folder(self, learner_id: int, path: str) -> None:
        await self._change(learner_id, scripts.MAKE_FOLDER, file_inside(path, self._home))

    async def remove(self, learner_id: int, path: str) -> None:
        """A folder goes with all that is in it."""
        await self._change(learner_id, scripts.REMOVE, file_inside(path, self._home))

    async def _change(
        self, learner_id: int, script: str, path: str, size: int = 0, over: str = ANYTHING, stdin: bytes = b""
    ) -> None:
        await self._do(learner_id, script, path, size, over, stdin)
        self._on_change(learner_id)

    async def _do(
        self, learner_id: int, script: str, path: str, size: int = 0, over: str = ANYTHING, stdin: bytes = b""
    ) -> bytes:
        async with self._turn(learner_id):
            if (seat_id := self._seat_of(learner_id)) is None:
                raise Refused(Why.NO_SEAT)
            argv = ["sh", "-c", script, "files", path, str(size), over]
            try:
                ran = await self._run(seat_id, argv, timeout=SECONDS, stdin=stdin, limit=max(size, 1))
            except EngineError as error:  # the seat has ended a moment ago, or starts anew, or the engine is away
                raise Refused(Why.AWAY) from error
        if ran.exit_code:
            raise Refused(scripts.CODES.get(ran.exit_code, Why.FAILED))
        return ran.output

    @asynccontextmanager
    async def _turn(self, learner_id: int) -> AsyncIterator[None]:
        if self._asked[learner_id] >= MOST_WAITING:
            raise Refused(Why.BUSY)
        lock = self._turns.setdefault(learner_id, asyncio.Lock())
        self._asked[learner_id] += 1
        try:
            async with lock:
                yield
        finally:
            self._asked[learner_id] -= 1
            if not self._asked[learner_id]:
                del self._asked[learner_id]
