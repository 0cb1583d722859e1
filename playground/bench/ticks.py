"""From a command's end in the terminal to its step's tick in the browser, with a class at work.

The end is the prompt that comes back, the tick is what the progress socket says. A tick that comes first counts below
zero: the learner sees it at the prompt.
"""

import asyncio
import json
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import websockets

from playground.bench.figures import Row, most
from playground.bench.stage import Learner, Stage
from playground.bench.tabs import BrowserTab, carried_out, connect, now

LEARNERS = 30
AT_ONCE = 6  # seats that are asked for together
ROUNDS = 2
THINKING = (3.0, 9.0)  # seconds between two commands
PATIENCE = 30.0
AIM = 100.0  # milliseconds

LESSON = "bench"
# What learners type most: a container that runs and ends, lists, and one that is made and removed.
STEPS = {
    "run": ("docker run --rm busybox echo hello", "did: {run: {image: busybox, exit_code: 0}}"),
    "ps": ("docker ps --all", "did: ps"),
    "create": ("docker create --name box busybox", "container: {name: box, status: created}"),
    "images": ("docker images", "did: images"),
    "rm": ("docker rm box", "did: {rm: box}"),
}
_HEAD = "---\ntitle: Bench\nsummary: Commands to measure.\nminutes: 1\n---\n\nMeasured.\n"
_STEP = "\n## {step} {{#{step}}}\n\n```check\n{check}\n```\n\n```sh solve\n{command}\n```\n"
LESSON_TEXT = _HEAD + "".join(
    _STEP.format(step=step, command=command, check=check) for step, (command, check) in STEPS.items()
)


@dataclass(slots=True)
class Page:
    """A lesson's page without the drawing: when each of its steps was ticked."""

    socket: websockets.ClientConnection
    ticked: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        async for message in self.socket:
            said = json.loads(message)
            if said["type"] == "progress":
                at = now()
                passed = [step for step, shown in said["steps"].items() if shown["passed"]]
                self.ticked = {step: self.ticked.get(step, at) for step in passed}
                self.news.set()

    async def tell(self, kind: str) -> None:
        await self.socket.send(json.dumps({"type": kind, "lesson": LESSON, "step": ""}))

    async def until(self, *ticked: str) -> None:
        """Exactly these steps show a tick."""
        async with asyncio.timeout(PATIENCE):
            while self.ticked.keys() != set(ticked):
                self.news.clear()
                await self.news.wait()


async def class_at_work(stage: Stage) -> list[Row]:
    row, room = Row(f"tick after the prompt, {LEARNERS} at work", "ms"), asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as open_things:
        desks = await asyncio.gather(*(_sit_down(stage, room, open_things) for _ in range(LEARNERS)))
        following = [asyncio.create_task(page.follow()) for page, _ in desks]
        took = await asyncio.gather(*(_work(page, tab) for page, tab in desks))
    await asyncio.gather(*following)  # they end with their sockets
    row.ours = [each for of_learner in took for each in of_learner]
    row.aim = most(row, AIM)
    return [row]


async def _sit_down(stage: Stage, room: asyncio.Semaphore, stack: AsyncExitStack) -> tuple[Page, BrowserTab]:
    async with room:
        learner: Learner = await stage.join()
        page = Page(await stack.enter_async_context(await connect(stage, learner, "/ws/progress/")))
        tab = await stack.enter_async_context(await BrowserTab.open(stage, learner))
        await tab.until_prompt()
        return page, tab


async def _work(page: Page, tab: BrowserTab) -> list[float]:
    took = []
    await page.tell("open")
    for _ in range(ROUNDS):
        done: list[str] = []
        for step, (command, _check) in STEPS.items():
            await asyncio.sleep(random.uniform(*THINKING))
            await carried_out(tab, command.encode())
            ended = now()
            done.append(step)
            await page.until(*done)
            took.append(page.ticked[step] - ended)
        await page.tell("again")
        await page.until()
    return took
