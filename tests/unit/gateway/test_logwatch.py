"""Who floods the log is ended, by seat, and nobody for a burst."""

import asyncio
import itertools
from pathlib import Path

import pytest

from playground.engine.client import EngineClient
from playground.gateway.limits import MIB
from playground.gateway.logwatch import STRIKES, LogWatch, floods
from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.recording import RecordingEngine


@pytest.mark.parametrize(("before", "after"), [(0, MIB), (MIB, 10), (MIB // 2, MIB)])
def test_a_log_that_grows_fast_or_begins_anew_floods(before: int, after: int) -> None:
    assert floods(before, after, 0.1)


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 100_000), (MIB, MIB)])
def test_a_log_that_grows_as_logs_do_does_not(before: int, after: int) -> None:
    assert not floods(before, after, 0.1)


async def flood(path: Path, flowing: asyncio.Event) -> None:
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        for size in itertools.count(MIB, MIB):
            await flowing.wait()
            file.truncate(size)
            await asyncio.sleep(0.001)


async def test_a_flood_is_ended_at_its_third_look_and_who_is_quiet_goes_on(
    gateway: Gateway, upstream: RecordingEngine, tmp_path: Path
) -> None:
    owned = [table for seat in ("ada", "ben") if (table := gateway._owner(seat))]
    watch = LogWatch(EngineClient(str(upstream.path)), lambda: owned, tmp_path)
    flowing = asyncio.Event()
    flooding = asyncio.create_task(flood(tmp_path / "containers" / ADAS_WEB / f"{ADAS_WEB}-json.log", flowing))
    for turn in (flowing.set, flowing.clear, flowing.set):
        turn()
        for _ in range(STRIKES - 1):
            await watch.look(0.05)
    assert upstream.seen == []
    while not upstream.seen:
        await watch.look(0.05)
    assert {*upstream.lines()} == {f"POST /v1.41/containers/{ADAS_WEB}/kill"}
    flooding.cancel()
