"""The progress socket of a lesson's page: it hears which step is open and what was answered, and tells of ticks.

Browser to server: messages.py. Server to browser: {"type": "progress", "lesson", "steps"}; for an answer {"type":
"verdict", "lesson", "step", "key", "right", "says"}; for a solution {"type": "solution", "lesson", "step", "text"}; for
play {"type": "script", "lesson", "step", "steps"}; for again {"type": "again", "lesson", "step"};
and {"type": "ports", "ports": [{"port", "url"}]}, what the learner's seat has published.
Doorbells on the channel layer only say that something changed; what is sent is read from the database.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import IntegrityError
from django.utils.translation import gettext as _
from pydantic import ValidationError

from playground.checks import progress
from playground.checks.models import StepPass
from playground.checks.watch import Watch
from playground.pages.course import course
from playground.pages.lesson_page import progress_of
from playground.pages.messages import Again, Answer, Here, Hint, Message, Open, Play, Played, Solution, messages
from playground.pages.presence import Presence
from playground.pages.solving import readable, scripts_before
from playground.preview.links import Place, link

MOST_PAGES = 16  # of one learner, in all their tabs
UNREADABLE, LEFT, TOO_MANY = 4400, 4401, 4429


class ProgressConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One socket for each open page; `as_asgi(watch=…, ports_of=…)` hands in the running watch, and who knows what a
    learner has published."""

    pages: ClassVar[Counter[int]] = Counter()  # open ones in this process, by learner
    presence: ClassVar[Presence] = Presence()

    def __init__(self, *args: Any, watch: Watch, ports_of: Callable[[int], list[Place]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watch = watch
        self._ports_of = ports_of
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
        await self.channel_layer.group_add(self._group, self.channel_name)
        await self.ports_changed({})

    async def __call__(self, *args: Any) -> None:
        try:
            await super().__call__(*args)
        finally:  # not in disconnect(): what breaks off has none
            if self._learner_id:
                await self._leave()

    async def _leave(self) -> None:
        await self.channel_layer.group_discard(self._group, self.channel_name)
        self.pages[self._learner_id] -= 1
        if not self.pages[self._learner_id]:
            del self.pages[self._learner_id]
            self.presence.gone(self._learner_id)
            self._watch.close(self._learner_id)

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

    async def learner_left(self, event: dict[str, Any]) -> None:
        """The learner has left on one page; the others send them to the join form."""
        await self.close(LEFT)

    @property
    def _group(self) -> str:
        return f"learner.{self._learner_id}"

    async def _hear(self, message: Message) -> None:
        match message:
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

    async def _note(self, message: Hint | Solution, kind: StepPass.How) -> bool:
        """Whether there is such a step."""
        lesson = course().lesson(message.lesson)
        if lesson is None or lesson.step(message.step) is None:
            return False
        await database_sync_to_async(progress.note_help)(self._learner_id, message.lesson, message.step, kind)
        return True

    async def _solution(self, message: Solution) -> None:
        """Noted first, then shown."""
        if not await self._note(message, StepPass.How.SOLUTION):
            return
        lesson = course().lesson(message.lesson)
        step = lesson.step(message.step) if lesson else None
        await self.send_json({**message.model_dump(), "text": readable(step) if step else ""})

    async def _play(self, message: Play) -> None:
        lesson = course().lesson(message.lesson)
        steps = scripts_before(lesson, message.step) if lesson else []
        self._watch.play(self._learner_id, [str(step["id"]) for step in steps])
        if message.step:
            await self.send_json({**message.model_dump(), "type": "script", "steps": steps})

    async def _spend(self, message: Here) -> None:
        seconds = self.presence.here(self._learner_id, message.lesson)
        if seconds and course().lesson(message.lesson):
            await database_sync_to_async(progress.spend)(self._learner_id, message.lesson, seconds)

    async def _open(self, message: Open) -> None:
        self._lesson = message.lesson
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

    async def _tell(self) -> None:
        lesson = course().lesson(self._lesson)
        if lesson is None:
            return
        ticks = await database_sync_to_async(progress.ticks)(self._learner_id, self._lesson)
        at_hand = await database_sync_to_async(progress.position_of)(self._learner_id)
        says = self._watch.says(self._learner_id)
        steps = progress_of(lesson, ticks, {at_hand[1]: says} if at_hand and at_hand[0] == self._lesson else {})
        await self.send_json({"type": "progress", "lesson": self._lesson, "steps": steps})
