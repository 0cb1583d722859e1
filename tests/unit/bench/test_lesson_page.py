"""A page hears of ticks, and forgets those that are gone."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import websockets

from playground.bench.lesson_page import LessonPage


def progress(**passed: bool) -> str:
    return json.dumps({"type": "progress", "steps": {step: {"passed": is_so} for step, is_so in passed.items()}})


@pytest.fixture
async def server() -> AsyncIterator[websockets.Server]:
    """Says what it hears."""

    async def echo(socket: websockets.ServerConnection) -> None:
        async for message in socket:
            await socket.send(json.loads(message)["say"])

    async with websockets.serve(echo, "127.0.0.1", 0) as serving:
        yield serving


@pytest.fixture
async def page(server: websockets.Server) -> AsyncIterator[LessonPage]:
    port = next(iter(server.sockets)).getsockname()[1]
    async with LessonPage(await websockets.connect(f"ws://127.0.0.1:{port}"), "first") as page:
        following = asyncio.create_task(page.follow())
        yield page
    await following


async def test_a_tick_keeps_its_time_until_it_is_gone(page: LessonPage) -> None:
    await page.tell({"say": progress(run=True, ps=False)})
    await page.until(lambda: page.ticked.keys() == {"run"})
    first = page.ticked["run"]
    await page.tell({"say": progress(run=True, ps=True)})
    await page.until(lambda: page.ticked.keys() == {"run", "ps"})
    assert page.ticked["ps"] > page.ticked["run"] == first
    await page.tell({"say": progress(run=False, ps=False)})
    await page.until(lambda: not page.ticked)


async def test_what_never_comes_is_not_waited_for_without_end(page: LessonPage) -> None:
    page.patience = 0.05
    with pytest.raises(TimeoutError):
        await page.until(lambda: "run" in page.ticked)
