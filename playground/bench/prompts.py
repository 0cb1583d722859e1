"""How long until there is a prompt, from a terminal's opening. Straight is an attach to the same container."""

from playground.bench.figures import Row, most
from playground.bench.stage import Stage
from playground.bench.tabs import SIZE, BrowserTab, EngineTab, now
from playground.engine import labels
from playground.engine.client import EngineClient
from playground.terminal.line import Line

OPENINGS = 15
AIM = 10.0  # milliseconds


async def warm(stage: Stage) -> list[Row]:
    """New learners get a seat that waits in the pool; then the same learners open the page again."""
    first = Row("prompt after open, warm seat", "ms")
    again = Row("prompt after open, own seat", "ms")
    for _ in range(OPENINGS):
        await stage.until_terminals(stage.warm)
        learner = await stage.join()
        for row in (first, again):
            async with await BrowserTab.open(stage, learner) as tab:
                began = now()
                await tab.until_prompt()
                row.ours.append(now() - began)
            row.straight.append(await _attach(stage.client, await stage.terminal(tab.seat)))
            await stage.until_terminals(stage.warm + 1)  # the pool has filled up and is quiet
        await stage.leave(learner)
    first.aim = most(first, AIM)
    return [first, again]


async def cold(stage: Stage) -> list[Row]:
    """No seat waits: it is made and started. Straight makes a container like it."""
    row = Row("prompt after open, cold", "ms")
    for _ in range(OPENINGS):
        await stage.until_terminals(0)
        learner = await stage.join()
        async with await BrowserTab.open(stage, learner) as tab:
            began = now()
            await tab.until_prompt()
            row.ours.append(now() - began)
        row.straight.append(await _make(stage, await stage.terminal(tab.seat)))
        await stage.leave(learner)
    return [row]


async def _attach(client: EngineClient, container: str) -> float:
    began = now()
    async with await EngineTab.open(client, container) as tab:
        await Line(client, container).redraw(SIZE)
        await tab.until_prompt()
        return now() - began


async def _make(stage: Stage, like: str) -> float:
    found = await stage.engine.inspect(like)
    spec = {**found["Config"], "HostConfig": found["HostConfig"], "Labels": {labels.INSTANCE: stage.instance}}
    began = now()
    container = await stage.engine.create(f"{stage.instance}-straight", spec)
    async with await EngineTab.open(stage.client, container) as tab:
        await stage.engine.start(container)
        await tab.until_prompt()
        took = now() - began
    await stage.engine.remove(container)
    return took
