"""The socket of a roster's page: for whoever holds the classroom, and nobody else. It hears nothing, and says
{"type": "changed"} when the page may look different, at most once a second; the page fetches its part then."""

import asyncio
import logging
from collections import Counter
from typing import Any, ClassVar

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import DatabaseError

from playground import bells
from playground.classroom import rights
from playground.classroom.models import Classroom, Learner, Membership
from playground.clerk import Clerk
from playground.pages.roster_bell import GROUP

ROSTER = "/ws/classrooms/"
PACE = 1.0  # seconds between two messages
LOOK_AGAIN = 30.0  # seconds after which it is asked again who holds the classroom and who is in it
MOST_ROSTERS = 16  # open ones of one teacher
UNREADABLE, NONE_SUCH, TOO_MANY = 4400, 4404, 4429

off_loop = Clerk("rosters")
log = logging.getLogger(__name__)


class RosterConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One socket for each open roster or projector view."""

    rosters: ClassVar[Counter[int]] = Counter()  # open ones in this process, by teacher

    def __init__(self, *args: Any, pace: float = PACE, look_again: float = LOOK_AGAIN, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pace, self._look_again_after = pace, look_again
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._learners: frozenset[int] = frozenset()
        self._teacher_id = 0

    async def connect(self) -> None:
        """Who may not is refused as where there is no such classroom."""
        self._classroom_id: int = self.scope["url_route"]["kwargs"]["classroom"]
        if not await self._look():
            await self.close()
            return
        await self.accept()
        teacher_id = self.scope["user"].pk
        if self.rosters[teacher_id] >= MOST_ROSTERS:
            await self.close(TOO_MANY)
            return
        self._teacher_id = teacher_id
        self.rosters[teacher_id] += 1
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self._keep()  # who came before the bells were heard
        self._tasks = [asyncio.create_task(self._tell()), asyncio.create_task(self._look_again())]

    async def __call__(self, *args: Any) -> None:
        try:
            await super().__call__(*args)
        finally:  # not in disconnect(): what breaks off has none
            if self._teacher_id:
                await self._leave()

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.rosters[self._teacher_id] -= 1
        if not self.rosters[self._teacher_id]:
            del self.rosters[self._teacher_id]
        await bells.hear_no_more(GROUP, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        await self.close(UNREADABLE)

    async def roster_learners(self, event: dict[str, Any]) -> None:
        """A doorbell."""
        if not self._learners.isdisjoint(event["learners"]):
            self._changed.set()

    async def roster_classroom(self, event: dict[str, Any]) -> None:
        """A doorbell: somebody came or went, or the classroom itself has changed."""
        if event["classroom"] == self._classroom_id:
            await self._keep()
            self._changed.set()  # after the look, or there would be two messages for one change

    async def _keep(self) -> None:
        before = self._learners
        if not await self._look():
            await self.close(NONE_SUCH)
        elif self._learners != before:
            self._changed.set()

    async def _look(self) -> bool:
        """Whether the classroom is still there for this teacher; who is in it is remembered."""
        learners = await off_loop(_learners_for, self.scope["user"].pk, self._classroom_id)
        self._learners = learners or frozenset()
        return learners is not None

    async def _look_again(self) -> None:
        """For what no bell tells of, as when an administrator takes a right."""
        while True:
            await asyncio.sleep(self._look_again_after)
            try:
                await self._keep()
            except DatabaseError:
                log.exception("It could not be asked who may see the roster of classroom %s", self._classroom_id)

    async def _tell(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self.send_json({"type": "changed"})
            await asyncio.sleep(self._pace)


def _learners_for(teacher_id: int | None, classroom_id: int) -> frozenset[int] | None:
    """Who is in the classroom; None where this is nobody who may see it, or there is no such classroom. Asked anew each
    time: a session that is open remembers rights that are gone."""
    teacher = Learner.objects.filter(pk=teacher_id or 0, is_active=True).first()
    classroom = Classroom.objects.filter(pk=classroom_id).first()
    if teacher is None or classroom is None or not rights.may(teacher, ROSTER, classroom):
        return None
    here = Membership.objects.filter(classroom=classroom, left_at=None)
    return frozenset(here.values_list("learner", flat=True))
