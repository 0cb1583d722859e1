"""From a command's end in the terminal to its step's tick in the browser, with a class at work.

The end is the prompt that comes back, the tick is what the progress socket says. A tick that comes first counts below
zero: the learner sees it at the prompt.
"""

import asyncio
import random
from contextlib import AsyncExitStack

from playground.bench.figures import Row, most
from playground.bench.lesson_page import LessonPage, sit_down
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab, carried_out, now

LEARNERS = 30
ROUNDS = 2
THINKING = (3.0, 9.0)  # seconds between two commands
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


async def class_at_work(stage: Stage) -> list[Row]:
    row = Row(f"tick after the prompt, {LEARNERS} at work", "ms")
    async with AsyncExitStack() as open_things:
        desks = await sit_down(stage, LessonPage, LESSON, open_things, LEARNERS)
        following = [asyncio.create_task(page.follow()) for page, _ in desks]
        took = await asyncio.gather(*(_work(page, tab) for page, tab in desks))
    await asyncio.gather(*following)  # they end with their sockets
    row.ours = [each for of_learner in took for each in of_learner]
    row.aim = most(row, AIM)
    return [row]


async def _work(page: LessonPage, tab: BrowserTab) -> list[float]:
    took = []
    for _ in range(ROUNDS):
        done: set[str] = set()
        for step, (command, _check) in STEPS.items():
            await asyncio.sleep(random.uniform(*THINKING))
            await carried_out(tab, command.encode())
            ended = now()
            done.add(step)
            await _until_ticked(page, done)
            took.append(page.ticked[step] - ended)
        await page.say("again")
        await _until_ticked(page, set())
    return took


async def _until_ticked(page: LessonPage, steps: set[str]) -> None:
    """Exactly these."""
    await page.until(lambda: page.ticked.keys() == steps)
