"""Any bytes on the socket get a clean answer or a closed connection, and the next learner is served."""

import asyncio
import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.gateway.catalogue import Catalogue
from playground.gateway.limits import Limits
from playground.gateway.policy.create import CONFIG, HOST_CONFIG
from playground.gateway.policy.execs import EXEC
from playground.gateway.policy.routes import ROUTES
from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Answered, Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ALLOWED = frozenset({200, 201, 204, 304, 400, 403, 404, 409, 413, 415, 417, 429, 431, 502, 503, 505})


class Bench:
    """A gateway that lives as long as all examples of a test."""

    def __init__(self, folder: Path) -> None:
        self.runner = asyncio.Runner()
        self.engine = RecordingEngine(folder / "engine.sock")
        self.learner = Learner(folder / "docker.sock")
        catalogue = Catalogue([CatalogueImage("busybox:latest", IMAGE_ID, "")])
        limits = Limits(burst=1_000_000)
        self.gateway = Gateway(EngineClient(str(self.engine.path)), catalogue, limits, "test")
        self.runner.run(self._open(folder))

    async def _open(self, folder: Path) -> None:
        await self.engine.start()
        self.engine.own("ada", "web", ADAS_WEB)
        await self.gateway.start()
        await self.gateway.open("ada", folder, "/playground/ada")

    def send(self, data: bytes) -> list[Answered]:
        return self.runner.run(self.learner.send(data))

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
            bench = cls(Path(folder))
            yield bench
            bench.close()

    def close(self) -> None:
        self.runner.run(self.gateway.stop())
        self.runner.run(self.engine.stop())
        self.runner.close()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench.opened() as bench:
        yield bench


@pytest.fixture(autouse=True)
def no_error_in_the_gateway(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


def is_served(bench: Bench) -> bool:
    return bench.send(b"GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n")[0].status == 200


@EXAMPLES
@given(st.binary(max_size=400))
@pytest.mark.attack("any bytes on the socket")
def test_any_bytes(bench: Bench, data: bytes) -> None:
    assert {answer.status for answer in bench.send(data)} <= ALLOWED
    assert is_served(bench)


PIECES = st.sampled_from(
    [
        b"GET ", b"POST ", b"DELETE ", b"/v1.41/containers/json", b"/containers/web/json",
        b"/containers/create", b" HTTP/1.1",
        b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"Host: d", b"Content-Length: 2", b"Content-Length: 5", b"{}", b"0\r\n\r\n",
        b"Transfer-Encoding: chunked", b"Connection: Upgrade", b"Upgrade: tcp", b": ", b"\0", b"?name=x", b"%2f", b"..",
        b"Expect: 100-continue", b"Connection: close",
    ]
)  # fmt: skip


@EXAMPLES
@given(st.lists(PIECES, max_size=25).map(b"".join))
@pytest.mark.attack("any bytes on the socket")
def test_any_arrangement_of_a_requests_pieces(bench: Bench, data: bytes) -> None:
    assert {answer.status for answer in bench.send(data)} <= ALLOWED
    assert is_served(bench)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**66), 2**66) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
WORDS = "Name Soft Hard Type Source Target Config TmpfsOptions SizeBytes Test Interval Retries EndpointsConfig default"
KNOWN = st.dictionaries(
    st.sampled_from(WORDS.split()), VALUES | st.dictionaries(st.text(max_size=3), VALUES, max_size=2)
)
NESTED = VALUES | KNOWN | st.lists(KNOWN | st.text(max_size=8), max_size=2)
BODIES = st.fixed_dictionaries(
    {"Image": st.sampled_from(["busybox", "", "x:y:z", 1])},
    optional={"HostConfig": st.dictionaries(st.sampled_from(list(HOST_CONFIG)), NESTED, max_size=4)},
).flatmap(
    lambda body: st.dictionaries(st.sampled_from(list(CONFIG)), NESTED, max_size=4).map(lambda more: {**more, **body})
)


@settings(EXAMPLES, max_examples=200)
@given(BODIES)
def test_any_values_in_a_create(bench: Bench, body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    head = b"POST /containers/create HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(data)
    (answer,) = bench.send(head + data)
    assert answer.status in ALLOWED


@EXAMPLES
@given(
    st.dictionaries(st.sampled_from([*EXEC, "cmd", "Detach"]), NESTED, max_size=5),
    st.sampled_from(["containers/web/exec", "exec/x/start"]),
)
def test_any_values_in_an_exec(bench: Bench, body: dict[str, Any], path: str) -> None:
    data = json.dumps(body).encode()
    head = f"POST /{path} HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: {len(data)}\r\n\r\n"
    (answer,) = bench.send(head.encode() + data)
    assert answer.status in ALLOWED


TEXTS = st.text("abweb012/.%2fnull:{}[]\"'\\+-*$ ~é\0\n", max_size=10)


@settings(EXAMPLES, max_examples=200)
@given(st.sampled_from([route for route in ROUTES if not route.stream]), st.data())
@pytest.mark.attack("any bytes on the socket")
def test_any_words_in_any_row(bench: Bench, route: Any, data: st.DataObject) -> None:
    path = "/".join(
        quote(data.draw(st.sampled_from(["web", "busybox", ADAS_WEB]) | TEXTS), safe="") if "{" in part else part
        for part in route.path.split("/")
    )
    query = "&".join(f"{key}={quote(data.draw(TEXTS | st.just('1')), safe='')}" for key in sorted(route.query))
    head = f"{route.method} {path}?{query} HTTP/1.1\r\nHost: d\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{{}}"
    (answer,) = bench.runner.run(bench.learner.send(head.encode(), method=route.method))
    assert answer.status in ALLOWED
