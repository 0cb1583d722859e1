"""The engine goes away and comes back."""

import asyncio

import pytest

from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

GONE = "The playground's engine is not answering; it will be back by itself. Try again in a moment."


async def until_alive(gateway: Gateway, alive: bool) -> None:
    heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    gateway.on_alive(lambda now: heard.set_result(None) if now is alive and not heard.done() else None)
    if gateway.alive is not alive:
        async with asyncio.timeout(60):
            await heard


async def test_a_call_says_that_the_engine_is_gone(ada: Learner, gateway: Gateway, upstream: RecordingEngine) -> None:
    await upstream.stop()
    upstream.path.unlink()
    answer = await ada.get("/containers/json")
    assert (answer.status, answer.message) == (503, GONE)


async def test_the_gateway_tells_that_the_engine_is_gone(
    ada: Learner, gateway: Gateway, upstream: RecordingEngine
) -> None:
    await upstream.stop()
    await until_alive(gateway, False)
    assert (await ada.get("/_ping")).status == 200
    assert (await ada.get("/containers/json")).message == GONE


async def test_an_engine_that_comes_back_stumbling_is_learnt_in_the_end(
    ada: Learner, gateway: Gateway, upstream: RecordingEngine
) -> None:
    await upstream.stop()
    upstream.path.unlink()
    await until_alive(gateway, False)
    upstream.answers[f"GET /containers/{ADAS_WEB}/json"] = (500, {"message": "not yet"})
    await upstream.start()
    async with asyncio.timeout(60):
        while f"GET /v1.41/containers/{ADAS_WEB}/json" not in upstream.lines():  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert not gateway.alive
    upstream.answers.clear()
    await until_alive(gateway, True)
    assert [container.name for container in gateway.state("ada").containers] == ["web"]


async def test_when_the_engine_is_back_all_is_learnt_anew(
    ada: Learner, gateway: Gateway, upstream: RecordingEngine
) -> None:
    await upstream.stop()
    upstream.path.unlink()
    await until_alive(gateway, False)
    del upstream.containers[ADAS_WEB]
    upstream.own("ada", "db", "1" * 64)
    await upstream.start()
    await until_alive(gateway, True)
    assert [container.name for container in gateway.state("ada").containers] == ["db"]
    assert (await ada.get("/containers/db/json")).json["Name"] == "/db"
    assert (await ada.get("/containers/web/json")).status == 404


async def test_only_what_the_learner_is_not_told_stands_in_the_log(
    ada: Learner, upstream: RecordingEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """Else whoever makes a known mistake in a loop fills the operator's disk."""
    asked = f"POST /containers/{ADAS_WEB}/unpause"
    upstream.answers[asked] = (500, {"message": "Container 0123456789ab is not paused"})
    assert (await ada.post("/containers/web/unpause", {})).message == "Container 0123456789ab is not paused"
    assert caplog.text == ""
    upstream.answers[asked] = (500, {"message": "open /var/lib/docker/x: no space"})
    assert "could not do this" in (await ada.post("/containers/web/unpause", {})).message
    assert "open /var/lib/docker/x: no space" in caplog.text
