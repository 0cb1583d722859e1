"""Paths, versions and methods that two readers could take for different ones."""

import pytest

from tests.unit.gateway.attacks.tries import is_refused, request, table, tried
from tests.unit.gateway.conftest import ADAS_WEB, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

NO_PAGE = (400, 404)
LINES = table(
    tried("dot segments", 400,
          "GET /v1.41/containers/../info", "GET /v1.41/%2e%2e/info", "GET /v1.41/.%2E/info", "GET /v1.41/./info",
          "GET /v1.41/containers/%252e%252e/json", "GET /v1.41/images/a%2f..%2fb/json"),
    tried("doubled slashes", 400, "GET //v1.41/info", "GET /v1.41//containers/json", "GET /v1.41/containers/json/"),
    tried("escaped slashes", (400, 404),
          f"GET /v1.41/containers/{BENS_WEB}%2fjson", f"GET /v1.41/containers/{BENS_WEB}%2Fjson",
          f"POST /v1.41/containers/{BENS_WEB}%2fstart", f"GET /v1.41/containers/{ADAS_WEB}%2f..%2f{BENS_WEB}/json"),
    tried("the engine's debug pages", 404,
          "GET /v1.41/debug/pprof/goroutine?debug=2", "GET /debug/vars", "GET /v1.41/debug/pprof/profile?seconds=3600",
          "GET /debug/pprof/heap", "GET /metrics"),
    tried("bytes that are no path", 400,
          "GET /v1.41/containers/%00/json", "GET /" + "a" * 9000, b"GET /" + bytes(range(0x80, 0x100)),
          "GET /v1.41/containers/%0a/json", "GET /v1.41/containers/%zz/json", "GET http://docker/v1.41/info", "GET *"),
    tried("other methods", 404,
          "TRACE /v1.41/info", "PATCH /v1.41/containers/json", "get /v1.41/info", "OPTIONS /v1.41/info",
          f"PUT /v1.41/containers/{ADAS_WEB}", f"POST /v1.41/containers/{ADAS_WEB}/json"),
    tried("versions that nobody speaks", 400,
          "GET /v1.23/info", "GET /v1.999/info", "GET /v1.041/info", "GET /v01.41/info", "GET /v2/info", "GET /v1.41"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "statuses"), LINES)
async def test_a_path_that_reaches_elsewhere(
    ada: Learner, upstream: RecordingEngine, line: str | bytes, statuses: tuple[int, ...]
) -> None:
    answer = await is_refused(ada, upstream, request(line), statuses)
    assert answer.message


HOST = {"Image": "busybox", "HostConfig": {"Binds": ["/etc:/h"], "Privileged": True}}


@pytest.mark.attack("no version at all")
async def test_a_call_without_a_version_is_judged_as_any_other(ada: Learner, upstream: RecordingEngine) -> None:
    await is_refused(ada, upstream, request("POST /containers/create", HOST), [403])


@pytest.mark.attack("a body of an old version")
@pytest.mark.parametrize("version", ["/v1.24", "/v1.41", ""])
async def test_a_start_takes_no_host_configuration(ada: Learner, upstream: RecordingEngine, version: str) -> None:
    await ada.send(request(f"POST {version}/containers/{ADAS_WEB}/start", {"Binds": ["/etc:/h"], "Privileged": True}))
    assert [(seen.line, seen.query, seen.body) for seen in upstream.seen] == [
        (f"POST /v1.41/containers/{ADAS_WEB}/start", {}, None)
    ]


@pytest.mark.attack("a body of an old version")
async def test_a_start_of_a_version_that_took_one_is_refused(ada: Learner, upstream: RecordingEngine) -> None:
    await is_refused(ada, upstream, request(f"POST /v1.23/containers/{ADAS_WEB}/start", {"Binds": ["/etc:/h"]}), [400])


UPGRADES = table(
    tried("other protocols", NO_PAGE,
          ("POST /v1.41/grpc", b"Upgrade: h2c"), ("POST /v1.41/session", b"Upgrade: h2c"),
          ("POST /grpc", b"Upgrade: tcp"), ("POST /session", b"Upgrade: tcp"),
          ("GET /v1.41/info", b"Upgrade: h2c"), ("GET /v1.41/info", b"Upgrade: websocket")),
    tried("attach by websocket", NO_PAGE,
          (f"GET /v1.41/containers/{BENS_WEB}/attach/ws?stream=1&stdin=1", b"Upgrade: websocket"),
          (f"GET /v1.41/containers/{ADAS_WEB}/attach/ws?stream=1&stdin=1", b"Upgrade: websocket"),
          (f"GET /v1.41/containers/{BENS_WEB}/attach/ws", b"Upgrade: tcp")),
)  # fmt: skip


@pytest.mark.parametrize(("asked", "statuses"), UPGRADES)
async def test_a_stream_that_nobody_offers_is_not_opened(
    ada: Learner, upstream: RecordingEngine, asked: tuple[str, bytes], statuses: tuple[int, ...]
) -> None:
    line, upgrade = asked
    secret = [b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Sec-WebSocket-Version: 13"]
    answer = await is_refused(ada, upstream, request(line, None, b"Connection: Upgrade", upgrade, *secret), statuses)
    assert answer.closed
    assert upstream.raw == []


@pytest.mark.attack("an allowed word in the query")
@pytest.mark.parametrize("tail", ["?x=/start", "?/start", "?path=/containers/json", "?a=b&/v1.41/_ping"])
async def test_the_path_alone_decides(ada: Learner, upstream: RecordingEngine, tail: str) -> None:
    await is_refused(ada, upstream, request(f"POST /v1.41/images/busybox/push{tail}"), [403])
    assert (await ada.post(f"/containers/{ADAS_WEB}/pause{tail}")).status == 204
    assert [(seen.line, seen.query) for seen in upstream.seen] == [(f"POST /v1.41/containers/{ADAS_WEB}/pause", {})]


@pytest.mark.attack("other methods")
@pytest.mark.parametrize(
    "field", [b"X-HTTP-Method-Override: POST", b"X-HTTP-Method: DELETE", b"X-Method-Override: PUT"]
)
async def test_a_field_does_not_change_the_method(ada: Learner, upstream: RecordingEngine, field: bytes) -> None:
    await is_refused(ada, upstream, request("GET /v1.41/containers/create", HOST, field), [404])
