"""What seats and browsers cost in memory."""

import asyncio

from playground.bench import processes
from playground.bench.figures import Row, most
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab
from playground.gateway.limits import MIB

SEATS = 5
STALLS = 3
STALL = 3.0  # seconds in which a flood could fill the memory


async def idle_seats(stage: Stage) -> list[Row]:
    """Learners who look at their prompt: their shell, its shim, and what the server has grown by."""
    row = Row("memory of an idle seat", "MiB")
    before = processes.memory_of(stage.process.pid)
    tabs = [await BrowserTab.open(stage, await stage.join()) for _ in range(SEATS)]
    for tab in tabs:
        await tab.until_prompt()
    share = max(0, processes.memory_of(stage.process.pid) - before) / SEATS
    for tab in tabs:
        container = await stage.engine.inspect(await stage.terminal(tab.seat))
        row.ours.append((processes.memory_of_seat(container["State"]["Pid"]) + share) / MIB)
        await tab.socket.close()
    return [row]


async def stalled_reader(stage: Stage) -> list[Row]:
    """A browser that asks for a flood and reads none of it."""
    row = Row("growth by a stalled browser", "MiB")
    for _ in range(STALLS):
        async with await BrowserTab.open(stage, await stage.join()) as tab:
            await tab.until_prompt()
            before = processes.memory_of(stage.process.pid)
            await tab.type(b"yes\r")
            await asyncio.sleep(STALL)
            row.ours.append((processes.memory_of(stage.process.pid) - before) / MIB)
    row.aim = most(row, 1.0)
    return [row]
