"""The engine's HTTP as streams."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError, EngineGone, NotFound

BUSYBOX = labels.CATALOGUE_PREFIX + "busybox:latest"

pytestmark = pytest.mark.usefixtures("catalogue_images")


@pytest.fixture
async def cat(engine: Engine, instance: str) -> AsyncIterator[str]:
    """A running `cat` with its input open."""
    spec = {
        "Image": BUSYBOX,
        "Cmd": ["cat"],
        "OpenStdin": True,
        "StdinOnce": True,
        "Tty": False,
        "Labels": {labels.INSTANCE: instance},
        "HostConfig": {"NetworkMode": "none"},
    }
    container = await engine.create("", spec)
    await engine.start(container)
    yield container
    await engine.remove(container)


ATTACH = {"stream": "1", "stdin": "1", "stdout": "1"}


async def test_what_is_written_to_an_attached_process_comes_back_and_its_end_is_the_streams(
    engine_client: EngineClient, cat: str
) -> None:
    wire = await engine_client.upgrade(f"/containers/{cat}/attach", query=ATTACH)
    with contextlib.closing(wire):
        await wire.write(b"hello\n")
        wire.write_eof()
        received = b""
        while data := await wire.read():
            received += data

    assert received == b"\x01\0\0\0\0\0\0\x06hello\n"


async def test_a_stream_that_the_engine_does_not_hand_over_is_its_error(engine_client: EngineClient) -> None:
    with pytest.raises(NotFound, match="no-such-container"):
        await engine_client.upgrade("/containers/no-such-container/attach", query=ATTACH)


async def test_a_reply_that_is_an_error_is_told_by_its_status_and_the_engines_words(
    engine_client: EngineClient,
) -> None:
    async with await engine_client.request("GET", "/containers/no-such-container/json") as reply:
        assert reply.status == 404
        with pytest.raises(NotFound, match="No such container: no-such-container"):
            await reply.raise_for_status()


async def test_a_reply_larger_than_its_limit_is_not_taken_in(engine_client: EngineClient) -> None:
    async with await engine_client.request("GET", "/info") as reply:
        with pytest.raises(EngineError, match="larger than 100 bytes"):
            await reply.read(limit=100)


async def test_events_tell_what_happened_to_a_container(engine_client: EngineClient, cat: str) -> None:
    async def until_started() -> None:
        async with contextlib.aclosing(engine_client.events(since="0")) as events:
            async for event in events:
                if event["Actor"]["ID"] == cat and event["Action"] == "start":
                    return

    await asyncio.wait_for(until_started(), timeout=30)


async def test_no_engine_is_told_as_such(run_dir: Path) -> None:
    with pytest.raises(EngineGone, match="no engine answers on"):
        await EngineClient(str(run_dir / "nowhere.sock")).negotiate()
