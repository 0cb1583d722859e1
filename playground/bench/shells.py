"""Keys and output of a shell, through the browser's protocol and straight, in two seats that are alike."""

import asyncio
from contextlib import AsyncExitStack

from playground.bench.figures import Row
from playground.bench.stage import Stage
from playground.bench.tabs import PROMPT, BrowserTab, EngineTab, Tab, now, until

KEYS = 300
BETWEEN_KEYS = 0.02  # seconds: fast typing, but not so fast that an echo is gathered with the one before
ROUNDS = 3
LINES = 200_000
LINE = b"one line of a text as programs print it, about as long as the lines of a log are"


async def typing(stage: Stage) -> list[Row]:
    echo, bulk = Row("echo of a key", "ms"), Row("bulk output", "MB/s")
    async with AsyncExitStack() as tabs:
        ours = await tabs.enter_async_context(await BrowserTab.open(stage, await stage.join()))
        await ours.until_prompt()
        async with await BrowserTab.open(stage, await stage.join()) as away:
            await away.until_prompt()
        straight = await tabs.enter_async_context(await EngineTab.open(stage.client, await stage.terminal(away.seat)))
        for _ in range(KEYS):
            echo.ours.append(await _echo(ours))
            echo.straight.append(await _echo(straight))
        for _ in range(ROUNDS):
            bulk.ours.append(await _flood(ours))
            bulk.straight.append(await _flood(straight))
    return [echo, bulk]


async def _echo(tab: Tab) -> float:
    began = now()
    await tab.type(b"x")
    await until(tab, b"x")
    took = now() - began
    await tab.type(b"\x7f")
    await until(tab, b"\b")
    await asyncio.sleep(BETWEEN_KEYS)
    return took


async def _flood(tab: Tab) -> float:
    await tab.type(b"yes '%s' | head -n %d\r" % (LINE, LINES))
    await until(tab, b"\n")
    began = now()
    size = await until(tab, PROMPT)
    return size / 1000 / (now() - began)
