"""One learner, from the code on the wall to the end of the lesson: what their browser says, and when."""

import asyncio
import re
from contextlib import AsyncExitStack

from playground.authoring.typist import Screen, Typist
from playground.bench.tabs import connect, now
from playground.curriculum.model import Hint, Lesson, Step
from playground.load import answers
from playground.load.browser import Browser
from playground.load.class_page import ClassPage
from playground.load.faults import Faults
from playground.load.keyboard import Keyboard
from playground.load.lag import RosterLag
from playground.load.pace import Tempo

ONE_IN_HELPED = 6  # steps at which help is opened
END_SECONDS = 60.0
ONE_IN_WRONG = 5  # questions that are first answered wrongly
_FILES = re.compile(r'(?:href|src)="(/static/[^"#]+)')


class LoadLearner:
    """`join`, then `work`, then `leave`; with `async with`, so that nothing of it stays open whatever happens."""

    began = prompt = 0.0  # milliseconds: the first request, and the first prompt

    def __init__(self, url: str, name: str, tempo: Tempo, faults: Faults, roster: RosterLag) -> None:
        self.name = name
        self.ticks: list[float] = []  # milliseconds from a prompt to the ticks that it stands for
        self.keyboard: Keyboard
        self._tempo = tempo
        self._faults = faults
        self._roster = roster
        self._browser = Browser(url, faults)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> "LoadLearner":
        await self._open.enter_async_context(self._browser)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def join(self, code: str, lesson: Lesson) -> None:
        """Returns at the first prompt."""
        self.began = now()
        await self._browser.get("/")
        asked_for_name = await self._browser.submit(await self._browser.get("/c/"), code=code)
        await self._browser.submit(asked_for_name, display_name=self.name)
        page = await self._browser.get(f"/lessons/{lesson.slug}/")
        for path in dict.fromkeys(_FILES.findall(page.text)):
            await self._browser.get(path)
        await asyncio.gather(self._open_page(lesson), self._open_terminal())

    async def _open_page(self, lesson: Lesson) -> None:
        socket = await connect(self._browser, self._browser, "/ws/progress/")
        self._page = ClassPage(socket, lesson.slug, self._faults, self._ticked)
        self._open.push_async_callback(self._page.close)
        await self._page.begin(lesson.steps[0].id)
        await self._browser.get("/me/classroom/")

    async def _open_terminal(self) -> None:
        self._typist = await self._open.enter_async_context(Typist(self._screen))
        self.prompt = now()

    async def _screen(self, number: int) -> Screen:
        path = "/ws/terminal/" if number == 1 else f"/ws/terminals/{number}/"
        keyboard = (await Keyboard.open(self._browser, self._browser, path)).give(self._tempo, self._faults)
        self._open.push_async_callback(keyboard.socket.close)
        if number == 1:
            self.keyboard = keyboard
        return Screen(keyboard)

    def _ticked(self, count: int) -> None:
        self._roster.heard(self.name, count, now())

    async def work(self, lesson: Lesson) -> None:
        """Through the lesson by its solves; returns when each of its steps is ticked."""
        for step in lesson.steps:
            await self._page.say("open", step.id)
            if step.solve:
                await self._do(step, challenge=lesson.challenge)
            for goal in answers.asked(step):
                await self._tempo.think()
                if self._tempo.one_in(ONE_IN_WRONG):
                    await self._answer(step.id, goal.key, answers.wrong(goal), expected=False)
                    await self._tempo.think()
                await self._answer(step.id, goal.key, answers.right(goal), expected=True)
            await self._page.until_ticked(step.id, lambda step=step: step.id in self._page.ticked)  # type: ignore[misc]

    async def _do(self, step: Step, *, challenge: bool) -> None:
        if self._tempo.one_in(ONE_IN_HELPED) and not challenge:
            await self._page.help(step.id, hint=any(isinstance(block, Hint) for block in step.blocks))
        await self._typist.play(step.solve)
        prompt = now()
        goals = {(step.id, check.key) for check in answers.done_on_the_engine(step)}
        await self._page.until_ticked(step.id, lambda: goals <= self._page.goals.keys())
        self.ticks.append(max((self._page.goals[goal] for goal in goals), default=prompt) - prompt)

    async def _answer(self, step: str, key: str, given: str | list[int], *, expected: bool) -> None:
        if await self._page.answer(step, key, given) != expected:
            self._faults.add(f"an answer to {step} was not judged as it should be")

    async def leave(self) -> None:
        """Out of the classroom and of the playground: the server ends the seat and closes what is open."""
        await self._browser.post("/me/classroom/leave/")
        await self._browser.post("/me/leave/")
        async with asyncio.timeout(END_SECONDS):
            await asyncio.gather(self._page.until_left(), self.keyboard.until_ended())
