"""Who looks on at whose terminals. A visit lives in memory, as long as the visitor's sockets do, and consent with it: a
server that starts anew knows of none, and nobody types on the word of yesterday.

The learner always sees a visit: whoever opens a first terminal of the seat is told of it before anything else, and a
visitor is shown nothing while no such terminal is open.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Protocol

from playground.terminal.frames import Resize, Word
from playground.terminal.shells import FIRST

log = logging.getLogger(__name__)


class Typing(StrEnum):
    """Whether the visitor may type."""

    NO = "no"
    ASKED = "asked"
    YES = "yes"


class Host(Protocol):
    """One of the learner's open terminals: what a visit needs of `Session`."""

    number: int
    size: Resize | None
    sized_at: float

    async def tell_visit(self, name: str, typing: str) -> None: ...


class Taken(Exception):
    """Somebody else looks on already."""


class Visit:
    """One visitor at one learner's terminals, in however many sockets."""

    def __init__(self, learner_id: int, visitor_id: int, name: str) -> None:
        self.learner_id, self.visitor_id, self.name = learner_id, visitor_id, name
        self.typing = Typing.NO
        self.is_over = False
        self.sockets = 0
        self.moved = asyncio.Event()  # set once, then replaced by a new one

    def wake(self) -> None:
        self.moved.set()
        self.moved = asyncio.Event()


class Visits:
    def __init__(self, hosts_of: Callable[[int], Iterable[Host]]) -> None:
        self._hosts_of = hosts_of
        self._visits: dict[int, Visit] = {}

    @asynccontextmanager
    async def begin(self, learner_id: int, visitor_id: int, name: str) -> AsyncIterator[Visit]:
        """One of the visitor's sockets, for as long as it is open; the learner has been told when it begins. Raises
        Taken: with two of them, nobody would know who types."""
        visit = self._visits.get(learner_id)
        if visit is None:
            visit = self._visits[learner_id] = Visit(learner_id, visitor_id, name)
            log.info("Learner %d looks on at the terminals of learner %d", visitor_id, learner_id)
        elif visit.visitor_id != visitor_id:
            raise Taken
        visit.sockets += 1
        try:
            await self._tell(visit)
            yield visit
        finally:
            visit.sockets -= 1
            if not visit.sockets:
                await self.end(visit)

    async def welcome(self, learner_id: int, host: Host) -> None:
        """A terminal of the learner's opens."""
        if (visit := self._visits.get(learner_id)) and host.number == FIRST:
            await host.tell_visit(visit.name, visit.typing)

    def wake(self, learner_id: int) -> None:
        """The learner's terminals have changed: opened, closed, or of another size."""
        if visit := self._visits.get(learner_id):
            visit.wake()

    async def learner_says(self, learner_id: int, word: Word) -> None:
        """Yes is an answer: without a question it changes nothing."""
        visit = self._visits.get(learner_id)
        if visit is None:
            return
        if word is Word.END:
            await self.end(visit)
        elif word is Word.NO:
            await self._let_type(visit, Typing.NO)
        elif visit.typing is Typing.ASKED:
            await self._let_type(visit, Typing.YES)

    async def visitor_says(self, visit: Visit, word: Word) -> None:
        """Yes is a question."""
        if word is Word.END:
            await self.end(visit)
        elif word is Word.NO:
            await self._let_type(visit, Typing.NO)
        elif visit.typing is Typing.NO:
            await self._let_type(visit, Typing.ASKED)

    async def end(self, visit: Visit) -> None:
        """Idempotent. Its sockets close by themselves."""
        if visit.is_over:
            return
        visit.is_over = True
        del self._visits[visit.learner_id]
        log.info("Learner %d looks on at learner %d no more", visit.visitor_id, visit.learner_id)
        visit.typing = Typing.NO
        visit.wake()
        for host in self._firsts(visit.learner_id):
            await host.tell_visit("", Typing.NO)

    def is_seen(self, visit: Visit) -> bool:
        """Whether the learner has a terminal open where the visit shows."""
        return not visit.is_over and any(self._firsts(visit.learner_id))

    def size_of(self, visit: Visit, number: int) -> Resize | None:
        """Of that terminal of the learner's: the last one that a browser gave it."""
        sized = [host for host in self._hosts_of(visit.learner_id) if host.number == number and host.size]
        return max(sized, key=lambda host: host.sized_at).size if sized else None

    async def _let_type(self, visit: Visit, typing: Typing) -> None:
        if visit.typing is typing or visit.is_over:
            return
        visit.typing = typing
        log.info("Typing by learner %d at learner %d: %s", visit.visitor_id, visit.learner_id, typing)
        visit.wake()
        await self._tell(visit)

    async def _tell(self, visit: Visit) -> None:
        for host in self._firsts(visit.learner_id):
            await host.tell_visit(visit.name, visit.typing)

    def _firsts(self, learner_id: int) -> list[Host]:
        return [host for host in self._hosts_of(learner_id) if host.number == FIRST]
