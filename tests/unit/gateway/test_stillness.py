"""Nothing of a seat's is set going while a copy has its containers stand still (attack G 121)."""

import asyncio

import pytest

from playground.gateway.limits import MIB, Limits
from playground.gateway.server import Gateway
from playground.gateway.stillness import Stillness
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine


async def test_many_move_at_once_and_who_stands_still_waits_for_them() -> None:
    stillness, order = Stillness(), []

    async def stand_still() -> None:
        async with stillness.still():
            order.append("still")

    async with stillness.moving(), stillness.moving():
        waiting = asyncio.create_task(stand_still())
        await asyncio.sleep(0)
        order.append("moved")
    await waiting
    async with stillness.moving():
        order.append("moved again")
    assert order == ["moved", "still", "moved again"]


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/containers/web/start"), ("POST", "/containers/web/restart"), ("POST", "/containers/web/stop"),
        ("POST", "/containers/web/kill?signal=USR1"), ("POST", "/containers/web/pause"),
        ("POST", "/containers/web/unpause"), ("DELETE", "/containers/web?force=1"),
        ("POST", "/commit?container=web"), ("POST", "/containers/web/update"), ("POST", "/containers/web/exec"),
        ("POST", "/containers/create"),
    ],
)  # fmt: skip
@pytest.mark.attack("a folder swapped for a link during a copy")
async def test_what_may_let_processes_run_waits_for_the_copy(
    gateway: Gateway, ada: Learner, upstream: RecordingEngine, method: str, target: str
) -> None:
    owned = gateway._owner("ada")
    assert owned is not None
    bodies: dict[str, object] = {
        "create": {"Image": "busybox", "HostConfig": {"NetworkMode": "none"}},
        "exec": {"Cmd": ["ls"]},
        "update": {"Memory": 8 * MIB},
    }
    body = bodies.get(target.rpartition("/")[2])
    async with owned.stillness.still():
        call = asyncio.create_task(ada.call(method, target, body))
        await ada.get("/containers/json")
        await ada.get("/containers/json")
        assert {seen.method for seen in upstream.seen} == {"GET"}
    assert (await call).status < 300
    assert {seen.method for seen in upstream.seen} != {"GET"}


class TestWithLittleTime:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(copy_time=0.05)

    async def test_a_copy_that_cannot_begin_gives_up(
        self, gateway: Gateway, ada: Learner, upstream: RecordingEngine
    ) -> None:
        owned = gateway._owner("ada")
        assert owned is not None
        async with owned.stillness.moving():
            answer = await ada.get("/containers/web/archive?path=/srv")
        assert (answer.status, "did not end within 0.05 seconds" in answer.message) == (503, True)
        assert upstream.seen == []

    async def test_a_copy_that_does_not_end_lets_the_container_go_on(
        self, ada: Learner, upstream: RecordingEngine
    ) -> None:
        upstream.held[f"GET /containers/{ADAS_WEB}/archive"] = asyncio.Event()
        assert (await ada.get("/containers/web/archive?path=/srv")).status == 503
        assert upstream.lines()[-1] == f"POST /v1.41/containers/{ADAS_WEB}/unpause"
        upstream.held.popitem()[1].set()
