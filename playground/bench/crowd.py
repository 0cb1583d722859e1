"""What the server costs with a full house: many seats connected, some of them busy."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from playground.bench import processes
from playground.bench.calls import Caller
from playground.bench.figures import Row, most
from playground.bench.lesson_page import LessonPage, sit_down
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab, now, until
from playground.gateway.limits import MIB
from playground.pages.course import course

SEATS, BUSY = 200, 20
SAMPLES, SAMPLE = 5, 2.0  # seconds
BETWEEN_KEYS = 0.2
KEYS_PER_CALL = 5
MEMORY_AIM = 250.0


@dataclass(slots=True)
class Place:
    """A learner at work beside a lesson's page: its terminal, and a docker client that stays connected to the seat."""

    tab: BrowserTab
    client: Caller
    echoes: list[float] = field(default_factory=list)


async def full_house(stage: Stage) -> list[Row]:
    """Each seat has a page, a terminal and a client of its socket open; a busy one types and asks for `docker ps`."""
    process = stage.process.pid
    memory = Row(f"server, {SEATS} seats, memory", "MiB")
    idle, busy = Row(f"server, {SEATS} seats, CPU", "%"), Row(f"server, {BUSY} of them busy, CPU", "%")
    echo = Row(f"echo of a key, {BUSY} of {SEATS} busy", "ms")
    async with AsyncExitStack() as open_things:
        desks = await sit_down(stage, LessonPage, course().lessons[0].slug, open_things, SEATS)
        places = await asyncio.gather(*(_with_client(stage, tab, open_things) for _, tab in desks))
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
    memory.aim = most(memory, MEMORY_AIM)
    return [memory, idle, busy, echo]


async def _with_client(stage: Stage, tab: BrowserTab, open_things: AsyncExitStack) -> Place:
    client = Caller(str(stage.socket(tab.seat)))
    open_things.callback(client.close)
    await asyncio.to_thread(client.get, "/_ping")
    return Place(tab, client)


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
