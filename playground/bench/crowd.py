"""What the server costs with a full house: many seats connected, some of them busy."""

import asyncio
import json
from dataclasses import dataclass, field

import websockets

from playground.bench import processes
from playground.bench.calls import Caller
from playground.bench.figures import Row, most
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab, connect, now, until
from playground.gateway.limits import MIB
from playground.pages.course import course

SEATS, BUSY = 200, 20
AT_ONCE = 6  # seats that are asked for together
SAMPLES, SAMPLE = 5, 2.0  # seconds
BETWEEN_KEYS = 0.2
KEYS_PER_CALL = 5
MEMORY_AIM = 250.0


@dataclass(slots=True)
class Place:
    """A learner at work: a lesson's page with its terminal, and a docker client that stays connected to the seat."""

    page: websockets.ClientConnection
    tab: BrowserTab
    client: Caller
    echoes: list[float] = field(default_factory=list)


async def full_house(stage: Stage) -> list[Row]:
    """Each seat has a page, a terminal and a client of its socket open; a busy one types and asks for `docker ps`."""
    process = stage.process.pid
    memory = Row(f"server, {SEATS} seats, memory", "MiB")
    idle, busy = Row(f"server, {SEATS} seats, CPU", "%"), Row(f"server, {BUSY} of them busy, CPU", "%")
    echo = Row(f"echo of a key, {BUSY} of {SEATS} busy", "ms")
    room = asyncio.Semaphore(AT_ONCE)
    places = await asyncio.gather(*(_sit_down(stage, room) for _ in range(SEATS)))
    idle.ours = await cpu(process)
    at_work = [asyncio.create_task(_work(place)) for place in places[:BUSY]]
    try:
        busy.ours = await cpu(process)
        memory.ours = [processes.memory_of(process) / MIB]
    finally:
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
    echo.ours = [took for place in places[:BUSY] for took in place.echoes]
    for place in places:
        place.client.close()
        await place.page.close()
        await place.tab.socket.close()
    memory.aim = most(memory, MEMORY_AIM)
    return [memory, idle, busy, echo]


async def _sit_down(stage: Stage, room: asyncio.Semaphore) -> Place:
    async with room:
        learner = await stage.join()
        page = await connect(stage, learner, "/ws/progress/")
        await page.send(json.dumps({"type": "open", "lesson": course().lessons[0].slug, "step": ""}))
        tab = await BrowserTab.open(stage, learner)
        await tab.until_prompt()
        client = Caller(str(stage.socket(tab.seat)))
        await asyncio.to_thread(client.get, "/_ping")
        return Place(page, tab, client)


async def _work(place: Place) -> None:
    while True:
        for _ in range(KEYS_PER_CALL):
            began = now()
            await place.tab.type(b"x")
            await until(place.tab, b"x")
            place.echoes.append(now() - began)
            await place.tab.type(b"\x7f")
            await until(place.tab, b"\b")
            await asyncio.sleep(BETWEEN_KEYS)
        await asyncio.to_thread(place.client.get, "/v1.41/containers/json")


async def cpu(process: int) -> list[float]:
    """Per cent of one core, in each of some samples."""
    shares = []
    for _ in range(SAMPLES):
        before, began = processes.cpu_of(process), now()
        await asyncio.sleep(SAMPLE)
        shares.append(100_000 * (processes.cpu_of(process) - before) / (now() - began))
    return shares
