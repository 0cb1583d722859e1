"""What costs the server memory, disk, files or time, and has an end here. What costs the machine: tests/engine."""

import asyncio
import gzip
import json
from contextlib import AsyncExitStack
from random import Random

import pytest

from playground.gateway.limits import MIB, Limits
from tests.unit.gateway.attacks.tries import exchange, is_refused, query, request, table, tried
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine
from tests.unit.gateway.tars import tar

UNREADABLE = table(
    tried("filters that cost time", (400, 431),
          query(filters=json.dumps({"label": ["a" * 15_000]})), query(filters=json.dumps({"label": ["a"] * 1000})),
          query(filters='{"label":["' + "a" * 1_000_000 + '"]}'), query(filters="[" * 10_000),
          query(filters=json.dumps({"label": [f"l{number}" for number in range(100_000)]}))),
)  # fmt: skip


@pytest.mark.parametrize(("asked", "statuses"), UNREADABLE)
@pytest.mark.parametrize("path", ["/containers/json", "/images/json", "/networks", "/volumes", "/events"])
async def test_a_filter_that_costs_time_is_not_read(
    ada: Learner, upstream: RecordingEngine, path: str, asked: str, statuses: tuple[int, ...]
) -> None:
    await is_refused(ada, upstream, request(f"GET {path}?{asked}"), statuses)


@pytest.mark.attack("filters that cost time")
@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*)*$", "[a-z]+", "a{1,1000}", ".*", "\\w"])
async def test_a_name_is_no_pattern_to_be_run(ada: Learner, upstream: RecordingEngine, pattern: str) -> None:
    answer = await ada.get("/containers/json?" + query(filters=json.dumps({"name": [pattern]})))
    allowed = pattern == ".*"  # means every name, and is taken for that
    assert answer.status == (200 if allowed and answer.status == 200 else 400)


BOMB = gzip.compress(bytes(50 * MIB))


@pytest.mark.attack("a compressed bomb")
@pytest.mark.parametrize(
    "data",
    [
        request("POST /v1.41/build", BOMB), request("POST /v1.41/build", gzip.compress(BOMB)),
        request(f"PUT /v1.41/containers/{ADAS_WEB}/archive?path=/srv", BOMB),
        request("POST /v1.41/containers/create", BOMB, b"Content-Encoding: gzip"),
        request("POST /v1.41/build", BOMB, b"Content-Encoding: gzip"),
        request("POST /v1.41/containers/create", BOMB),
    ],
    ids=range(6),
)  # fmt: skip
async def test_what_unfolds_without_end_is_not_unfolded(ada: Learner, upstream: RecordingEngine, data: bytes) -> None:
    await is_refused(ada, upstream, data, [400, 413, 415])


class TestRoomForUploads:
    """Each learner is within their own bounds, and all of them together would not be."""

    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(request_memory=8 * MIB)

    @pytest.mark.attack("files of many learners at once")
    async def test_there_is_room_for_so_many_bytes_of_all_seats_and_it_comes_back(
        self, ada: Learner, ben: Learner, upstream: RecordingEngine
    ) -> None:
        archive = tar(("big", bytes(3 * MIB // 2)))
        put = request(f"PUT /v1.41/containers/{ADAS_WEB}/archive?path=/srv", archive)
        async with ben.connected() as (_, writer):
            writer.write(b"POST /v1.41/build HTTP/1.1\r\nHost: d\r\nContent-Length: %d\r\n\r\n" % (2 * MIB))
            writer.write(bytes(MIB))
            await writer.drain()
            while (await ada.send(put))[0].status != 503:  # until all that Ben has sent has come
                pass
            upstream.seen.clear()
            assert (await ada.send(put))[0].status == 503
            assert upstream.seen == []
        while (answer := (await ada.send(put))[0]).status == 503:  # until Ben's connection is gone
            pass
        assert answer.status == 200

    @pytest.mark.attack("files of many learners at once")
    async def test_what_unfolds_to_more_than_there_is_room_for_is_refused(
        self, ada: Learner, upstream: RecordingEngine
    ) -> None:
        context = gzip.compress(
            tar(("Dockerfile", b"FROM busybox"), ("a", Random(1).randbytes(MIB)), ("b", bytes(2 * MIB)))
        )
        answer = await is_refused(ada, upstream, request("POST /v1.41/build", context), [503])
        assert "try again" in answer.message


class TestASlowReader:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(transfers=1, write_timeout=0.1)

    @pytest.mark.attack("an answer that is read drop by drop")
    async def test_a_copy_that_nobody_reads_is_not_kept(self, ada: Learner, upstream: RecordingEngine) -> None:
        stat = "eyJuYW1lIjoieCIsInNpemUiOjEsIm1vZGUiOjQyMCwibXRpbWUiOiIiLCJsaW5rVGFyZ2V0IjoiIn0="
        upstream.headers["X-Docker-Container-Path-Stat"] = stat
        upstream.answers[f"GET /containers/{ADAS_WEB}/archive"] = (200, "x" * 4 * MIB)
        async with ada.connected() as (reader, writer):
            writer.write(request(f"GET /v1.41/containers/{ADAS_WEB}/archive?path=/srv"))
            assert await reader.readexactly(1)
            while (await ada.get("/images/get?names=busybox")).status == 429:
                pass

    @pytest.mark.attack("a flood of logs")
    async def test_the_engine_keeps_nothing_for_a_follower_who_does_not_read(
        self, ada: Learner, upstream: RecordingEngine
    ) -> None:
        size = 8 * MIB
        upstream.answers[f"GET /containers/{ADAS_WEB}/logs"] = (200, "x" * size)
        async with ada.connected() as (reader, writer):
            writer.write(request(f"GET /v1.41/containers/{ADAS_WEB}/logs?follow=1&stdout=1"))
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0)
            received = await _slowly(reader)
        assert received < size

    @pytest.mark.attack("a flood of logs")
    async def test_a_follower_who_reads_gets_all_of_it(self, ada: Learner, upstream: RecordingEngine) -> None:
        upstream.answers[f"GET /containers/{ADAS_WEB}/logs"] = (200, "x" * 8 * MIB)
        line = f"GET /v1.41/containers/{ADAS_WEB}/logs?follow=1&stdout=1"
        answer = await exchange(ada, request(line), "GET")
        assert len(answer.data) == 8 * MIB + 2


class TestManyAtOnce:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(connections=8, header_timeout=0.3)

    @pytest.mark.attack("a thousand connections")
    async def test_a_thousand_connections_are_so_many_and_the_rest_is_turned_away(
        self, ada: Learner, ben: Learner
    ) -> None:
        async with AsyncExitStack() as opened:
            for _ in range(8):
                await opened.enter_async_context(ada.connected())
            got = await asyncio.gather(*(_greeting(ada) for _ in range(200)))
            assert not any(data.startswith(b"HTTP/1.1 200") for data in got)
            assert (await ben.get("/_ping")).status == 200
        while (await ada.get("/_ping")).status != 200:
            pass

    @pytest.mark.attack("a head that comes drop by drop")
    async def test_a_head_in_drops_is_cut_off_and_makes_room(self, ada: Learner) -> None:
        async with AsyncExitStack() as opened:
            slow = [await opened.enter_async_context(ada.connected()) for _ in range(8)]
            reading = asyncio.gather(*(_until_closed(reader) for reader, _ in slow))
            while not reading.done():
                for _, writer in slow:
                    writer.write(b"G")
                await asyncio.sleep(0.02)
            assert set(await reading) == {b""}
            assert (await ada.get("/_ping")).status == 200


async def _greeting(learner: Learner) -> bytes:
    """What a connection among very many is told, which may be nothing."""
    try:
        async with learner.connected() as (reader, writer):
            writer.write(request("GET /v1.41/_ping", None, b"Connection: close"))
            return await reader.read()
    except OSError:
        return b""


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:  # closed while we were still sending
        return b""


async def _slowly(reader: asyncio.StreamReader) -> int:
    """Bytes that came until the connection was closed, to who takes some at a time and then rests."""
    received = 0
    while data := await reader.read(64 * 1024):
        received += len(data)
        await asyncio.sleep(0.01)
    return received
