"""The progress socket of a lesson's page: it hears which step is open and what was answered, and tells of ticks.

Browser to server: messages.py. Server to browser: {"type": "progress", "lesson", "steps"}; for an answer {"type":
"verdict", "lesson", "step", "key", "right", "says"}; for a solution {"type": "solution", "lesson", "step", "text"}; for
play {"type": "script", "lesson", "step", "steps"}; for again {"type": "again", "lesson", "step"};
{"type": "ports", "ports": [{"port", "url"}]}, what the learner's seat has published; and {"type": "budget", "meters":
{name: [used, limit]}}, empty without a seat. After map, {"type": "map", …} whenever there is something to draw or tell
(map/board.py). While authors write (following.py), {"type": "saved"}; {"type": "classroom"} when the teacher has said
something.
Doorbells on the channel layer only say that something changed; what is sent is read from the database.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from typing import Any, ClassVar

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _
from pydantic import ValidationError

from playground import bells
from playground.checks import progress
from playground.checks.models import StepPass
from playground.checks.progress import Ticks, off_loop
from playground.checks.watch import Watch
from playground.curriculum.model import Lesson
from playground.map.board import MapBoard
from playground.pages import following
from playground.pages.budget import BudgetBoard
from playground.pages.course import course
from playground.pages.lesson_page import progress_of
from playground.pages.messages import Again, Answer, Here, Hint, Map, Message, Open, Play, Played, Solution, messages
from playground.pages.presence import Presence
from playground.pages.signed_in import ENDED
from playground.pages.solving import readable, scripts_before
from playground.preview.links import Place, link

MOST_PAGES = 16  # of one learner, in all their tabs
UNREADABLE, LEFT, TOO_MANY = 4400, ENDED, 4429


class ProgressConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One socket for each open page; `as_asgi(watch=…, ports_of=…, budgets=…, maps=…)` hands in what runs, and who
    knows what a learner has published."""

    pages: ClassVar[Counter[int]] = Counter()  # open ones in this process, by learner
    presence: ClassVar[Presence] = Presence()

    def __init__(
        self,
        *args: Any,
        watch: Watch,
        ports_of: Callable[[int], list[Place]],
        budgets: BudgetBoard,
        maps: MapBoard,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._ports_of = ports_of
        self._budgets = budgets
        self._maps = maps
        self._telling: asyncio.Task[None] | None = None
        self._mapping: asyncio.Task[None] | None = None
        self._learner_id = 0
        self._lesson = ""

    async def connect(self) -> None:
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close()
            return
        await self.accept()
        if self.pages[user.pk] >= MOST_PAGES:
            await self.close(TOO_MANY)
            return
        self._learner_id = user.pk
        self.pages[user.pk] += 1
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)
        await self.ports_changed({})

    async def __call__(self, *args: Any) -> None:
        try:
            await super().__call__(*args)
        finally:  # not in disconnect(): what breaks off has none
            if self._learner_id:
                await self._leave()

    async def _leave(self) -> None:
        for task in (self._telling, self._mapping):
            if task:
                task.cancel()
        self.pages[self._learner_id] -= 1
        if not self.pages[self._learner_id]:
            del self.pages[self._learner_id]
            self.presence.gone(self._learner_id)
            self._watch.close(self._learner_id)
        for group in self._groups:
            await bells.hear_no_more(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        try:
            message = messages.validate_json(text_data or "")
        except ValidationError:
            await self.close(UNREADABLE)
            return
        try:
            await self._hear(message)
        except IntegrityError:  # the learner was deleted meanwhile
            await self.close(LEFT)

    async def progress_changed(self, event: dict[str, Any]) -> None:
        """A doorbell. A page shows one lesson and needs to know of no other."""
        if event["lesson"] == self._lesson:
            await self._tell()

    async def ports_changed(self, event: dict[str, Any]) -> None:
        """A doorbell."""
        ports = [{"port": place.port, "url": link(place)} for place in self._ports_of(self._learner_id)]
        await self.send_json({"type": "ports", "ports": ports})

    async def classroom_changed(self, event: dict[str, Any]) -> None:
        """The page fetches its part about the classroom."""
        await self.send_json({"type": "classroom"})

    async def lesson_saved(self, event: dict[str, Any]) -> None:
        if event["lesson"] == self._lesson:
            await self.send_json({"type": "saved"})

    @property
    def _groups(self) -> tuple[str, ...]:
        return (f"learner.{self._learner_id}", *((following.GROUP,) if settings.LESSONS_WATCH else ()))

    async def _hear(self, message: Message) -> None:
        match message:
            case Map():
                self._mapping = self._mapping or asyncio.create_task(self._tell_map())
            case Open():
                await self._open(message)
            case Answer():
                await self._answer(message)
            case Hint():
                await self._note(message, StepPass.How.HINT)
            case Solution():
                await self._solution(message)
            case Play():
                await self._play(message)
            case Played():
                await self._watch.played(self._learner_id, message.lesson, message.step)
            case Again():
                await self._watch.begin_again(self._learner_id, message.lesson, message.step)
                await self.send_json(message.model_dump())
            case Here():
                await self._spend(message)

    async def _mine(self, slug: str) -> Lesson | None:
        """The lesson with what was drawn for this learner."""
        lesson = course().lesson(slug)
        return await off_loop(progress.as_drawn, self._learner_id, lesson) if lesson else None

    async def _note(self, message: Hint | Solution, kind: StepPass.How) -> bool:
        """Whether there is such a step, and help with it."""
        lesson = course().lesson(message.lesson)
        if lesson is None or lesson.step(message.step) is None or lesson.challenge:
            return False
        await off_loop(progress.note_help, self._learner_id, message.lesson, message.step, kind)
        return True

    async def _solution(self, message: Solution) -> None:
        """Noted first, then shown."""
        if not await self._note(message, StepPass.How.SOLUTION):
            return
        lesson = await self._mine(message.lesson)
        step = lesson.step(message.step) if lesson else None
        await self.send_json({**message.model_dump(), "text": readable(step) if step else ""})

    async def _play(self, message: Play) -> None:
        lesson = await self._mine(message.lesson)
        steps = scripts_before(lesson, message.step) if lesson and not lesson.challenge else []
        self._watch.play(self._learner_id, [str(step["id"]) for step in steps])
        if message.step:
            await self.send_json({**message.model_dump(), "type": "script", "steps": steps})

    async def _spend(self, message: Here) -> None:
        seconds = self.presence.here(self._learner_id, message.lesson)
        if seconds and course().lesson(message.lesson):
            await off_loop(progress.spend, self._learner_id, message.lesson, seconds)

    async def _open(self, message: Open) -> None:
        self._lesson = message.lesson
        self._telling = self._telling or asyncio.create_task(self._tell_budget())
        await self._watch.open_step(self._learner_id, message.lesson, message.step or None)
        await self._tell()

    async def _answer(self, message: Answer) -> None:
        verdict = await self._watch.answer(self._learner_id, message.lesson, message.step, message.key, message.given)
        says = verdict.says if verdict else _("This question has changed. Reload the page to see it.")
        await self.send_json(
            {
                **message.model_dump(include={"lesson", "step", "key"}),
                "type": "verdict",
                "right": bool(verdict and verdict.passed),
                "says": says,
            }
        )

    async def _tell_budget(self) -> None:
        async with aclosing(self._budgets.follow(self._learner_id)) as budgets:
            async for meters in budgets:
                await self.send_json({"type": "budget", "meters": meters})

    async def _tell_map(self) -> None:
        async with aclosing(self._maps.follow(self._learner_id)) as updates:
            async for update in updates:
                await self.send_json({"type": "map", **update.as_json()})

    async def _tell(self) -> None:
        lesson = course().lesson(self._lesson)
        if lesson is None:
            return
        drawn, ticks, at_hand = await off_loop(_standing, self._learner_id, lesson)
        steps = progress_of(drawn, ticks, {at_hand: self._watch.says(self._learner_id)})
        await self.send_json({"type": "progress", "lesson": self._lesson, "steps": steps})


def _standing(learner_id: int, lesson: Lesson) -> tuple[Lesson, Ticks, str]:
    """The lesson as it was drawn for the learner, what is passed of it, and the step at hand, "" for none in it."""
    position = progress.position_of(learner_id)
    at_hand = position[1] if position and position[0] == lesson.slug else ""
    return progress.as_drawn(learner_id, lesson), progress.ticks(learner_id, lesson.slug), at_hand
