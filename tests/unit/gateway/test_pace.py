"""How fast a seat may have things made, and the room that all seats share (attacks J 142, 150, 155)."""

import asyncio
import json
from contextlib import ExitStack, suppress

import pytest

from playground.gateway.handlers import HANDLERS
from playground.gateway.limits import MIB, Limits
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.pace import KINDS, PATIENCE, Bucket, Pace
from playground.gateway.room import Room
from playground.gateway.server import Gateway
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine
from tests.unit.gateway.tars import tar

ASKED = {"Image": "busybox", "HostConfig": {"NetworkMode": "none"}}


def test_a_bucket_gives_its_burst_at_once_and_then_its_rate() -> None:
    bucket = Bucket(rate=2.0, burst=3, left=3, at=100.0)
    assert [bucket.take(100.0, 1.0) for _ in range(6)] == [0.0, 0.0, 0.0, 0.5, 1.0, None]
    assert bucket.take(101.0, 1.0) == 0.5  # who was refused has taken none
    assert bucket.take(200.0, 1.0) == 0.0
    assert bucket.left == 2  # a long rest fills it, and no more


def test_every_kind_of_call_has_its_own_bucket_and_most_have_none() -> None:
    pace = Pace(Limits(burst=1, makes_per_second=0.1, execs_per_second=1.0), now=0.0)
    assert pace.wait("containers.create", 0.0) == 0.0
    assert pace.wait("lifecycle.start", 0.0) == 0.0
    assert [pace.wait("execs.create", 0.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert [pace.wait("containers.listing", 0.0) for _ in range(100)] == [0.0] * 100
    with pytest.raises(Refused, match=r"At most 0\.1 containers, images, networks and volumes are made a second"):
        pace.wait("volumes.create", 0.0)
    assert pace.wait("volumes.create", 10.0 - PATIENCE) == PATIENCE


def test_all_paced_calls_are_calls_that_there_are() -> None:
    assert set(KINDS) <= set(HANDLERS)


def test_an_application_of_five_services_and_a_script_need_not_wait() -> None:
    pace = Pace(Limits(), now=0.0)
    made = ["networks.create", "volumes.create", *["containers.create", "lifecycle.start"] * 5]
    assert sum(pace.wait(handler, 0.0) for handler in made) == 0.0
    script = [pace.wait(handler, second) for second in range(1, 60) for handler in ("containers.create",) * 2]
    assert sum(script) == 0.0


class TestWithASlowPace:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(burst=2, makes_per_second=0.01)

    async def test_who_does_not_slow_down_is_told_so_and_nobody_else_is(
        self, ada: Learner, ben: Learner, upstream: RecordingEngine
    ) -> None:
        assert [(await ada.post("/containers/create", ASKED)).status for _ in range(3)] == [201, 201, 429]
        assert len(upstream.seen) <= 3  # the image, and two containers
        assert (await ben.post("/containers/create", ASKED)).status == 201
        assert (await ada.get("/containers/json")).status == 200


def test_room_that_was_given_back_can_be_taken_again() -> None:
    room = Room(10)
    with room.hold("ada") as held:
        held.more(1)
        held.more(1)
        with pytest.raises(Refused, match="no room for more"):
            held.more(1)
        assert room.left == 8
    assert room.left == 10


@pytest.mark.attack("files of many learners at once")
def test_whoever_takes_all_they_can_leaves_room_for_the_next() -> None:
    room = Room(100_000)
    with ExitStack() as greedy:
        for number in range(20):
            held = greedy.enter_context(room.hold(f"seat{number}"))
            with suppress(Refused):
                while True:
                    held.more(10)
        with room.hold("ada") as held:
            held.more(100)
    assert room.left == 100_000


class TestWithAPaceToWaitFor:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(burst=1, makes_per_second=2)

    async def test_what_a_client_that_is_gone_has_waited_for_is_not_made(
        self, ada: Learner, upstream: RecordingEngine
    ) -> None:
        assert (await ada.post("/containers/create", ASKED)).status == 201
        async with ada.connected() as (_, writer):
            body = json.dumps(ASKED).encode()
            head = f"POST /v1.41/containers/create HTTP/1.1\r\nHost: d\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        assert (await ada.post("/containers/create", ASKED)).status == 201  # its turn is after the other one's
        made = [seen for seen in upstream.seen if seen.path.endswith("/containers/create")]
        assert len(made) == 2


class TestWithLittleMemoryForAll:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(request_memory=MIB, copy_files=MIB)

    async def test_files_of_one_leave_room_for_those_of_others(
        self, gateway: Gateway, ada: Learner, ben: Learner, upstream: RecordingEngine
    ) -> None:
        small = tar(("a.txt", b"hi"))
        head = f"PUT /v1.41/containers/web/archive?path=/srv HTTP/1.1\r\nHost: d\r\nContent-Length: {2 * MIB}\r\n\r\n"
        async with ada.connected() as (reader, writer):
            writer.write(head.encode() + bytes(MIB))
            assert b" 503 " in await reader.readline()
            assert (await ben.call("PUT", "/containers/web/archive?path=/srv", small)).status == 200
        async with asyncio.timeout(60):
            while gateway._ground.memory.left < MIB:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert (await ben.call("PUT", "/containers/web/archive?path=/srv", small)).status == 200
        assert gateway._ground.memory.left == MIB
