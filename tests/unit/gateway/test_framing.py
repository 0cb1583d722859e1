"""One reading of the bytes on the socket: what another reader could read differently is refused, the connection is
closed, and the engine hears nothing (attacks B, and C 38, 42, 44, 45)."""

import asyncio
import json

import pytest

from playground.gateway.facts import Fact
from playground.gateway.framing import Framer, Head
from playground.gateway.limits import Limits
from playground.gateway.policy.errors import Refused
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner, answers
from tests.unit.gateway.recording import RecordingEngine

SECOND = b"GET /v1.41/containers/json HTTP/1.1\r\nHost: d\r\n\r\n"
CREATE = b"POST /v1.41/containers/create HTTP/1.1\r\nHost: d\r\n"


@pytest.mark.parametrize(
    "data",
    [
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        + SECOND,
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\n",
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nContent-Length : 0\r\n\r\n",
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nContent-Length: +1\r\n\r\nx",
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nContent-Length: 1, 1\r\n\r\nx",
        b"POST /v1.41/x HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        b"GET /v1.41/info HTTP/1.1\nHost: d\n\n",
        b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\nX: a\n\r\n\r\n",
        b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\nX: a\r\n b\r\n\r\n",
        b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\nX: a\rb\r\n\r\n",
        b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\nX: a\0b\r\n\r\n",
        b"\r\n\r\n" + SECOND,
        b"GET /v1.41/info HTTP/1.1\r\n\r\n",
        b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\nHost: e\r\n\r\n",
        b"GET http://docker/v1.41/info HTTP/1.1\r\nHost: d\r\n\r\n",
        b"CONNECT docker:80 HTTP/1.1\r\nHost: d\r\n\r\n",
        b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /v1.41/in",
    ],
)
async def test_an_unreadable_request_is_a_400_and_the_end(ada: Learner, upstream: RecordingEngine, data: bytes) -> None:
    (answer,) = await ada.send(data + SECOND if data.endswith(b"\r\n\r\n") else data)
    assert (answer.status, answer.closed) == (400, True)
    assert upstream.seen == []


@pytest.mark.parametrize(
    "data",
    [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /v1.41/info HTTP/1.0\r\nHost: d\r\n\r\n", b"GET /\r\n\r\n"],
)
async def test_another_version_of_http_is_not_spoken(ada: Learner, upstream: RecordingEngine, data: bytes) -> None:
    (answer,) = await ada.send(data)
    assert answer.status in (400, 505)
    assert answer.closed
    assert upstream.seen == []


@pytest.mark.parametrize(
    ("field", "status"),
    [
        (b"Expect: 100-continue", 417),
        (b"Content-Encoding: gzip", 415),
        (b"Content-Type: application/x-www-form-urlencoded", 415),
        (b"Content-Type: application/json; charset=utf-16", 415),
        (b"X: " + b"a" * 20_000, 431),
        (b"\r\n".join(b"X-%d: 1" % number for number in range(80)), 431),
    ],
)
async def test_a_field_that_changes_what_a_body_means_is_refused(
    ada: Learner, upstream: RecordingEngine, field: bytes, status: int
) -> None:
    (answer,) = await ada.send(CREATE + field + b"\r\nContent-Length: 2\r\n\r\n{}")
    assert (answer.status, answer.closed) == (status, True)
    assert upstream.seen == []


@pytest.mark.parametrize("kind", [b"text/plain", b"application/json", b"Application/JSON", b"x/y"])
async def test_the_kind_of_a_body_does_not_change_the_verdict(
    ada: Learner, upstream: RecordingEngine, kind: bytes
) -> None:
    body = json.dumps({"Image": "busybox", "HostConfig": {"Privileged": True}}).encode()
    (answer,) = await ada.send(CREATE + b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n%b" % (kind, len(body), body))
    assert answer.status == 403
    assert upstream.seen == []


async def test_pipelined_requests_are_each_judged_alone(ada: Learner, upstream: RecordingEngine) -> None:
    body = b'{"Image":"busybox","HostConfig":{"Privileged":true}}'
    data = SECOND + CREATE + b"Content-Length: %d\r\n\r\n" % len(body) + body + SECOND
    assert [answer.status for answer in await ada.send(data)] == [200, 403, 200]
    assert upstream.lines() == ["GET /v1.41/containers/json"] * 2


async def test_a_body_that_was_not_announced_is_no_body(ada: Learner, upstream: RecordingEngine) -> None:
    (answer,) = await ada.send(CREATE + b'Content-Length: 0\r\n\r\n{"Image":"busybox"}' + SECOND)
    assert (answer.status, answer.closed) == (400, True)
    assert upstream.seen == []


async def test_a_body_that_is_too_large_is_not_looked_at(
    ada: Learner, upstream: RecordingEngine, limits: Limits
) -> None:
    pad = b'{"Image":"busybox","X":"' + b"x" * limits.create_body
    (answer,) = await ada.send(CREATE + b"Content-Length: %d\r\n\r\n" % (len(pad) + 2) + pad + b'"}')
    assert (answer.status, answer.closed) == (413, True)
    assert upstream.seen == []


async def test_a_chunked_body_is_read(ada: Learner, upstream: RecordingEngine) -> None:
    body = b'{"Image":"nope"}'
    (answer,) = await ada.send(CREATE + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))
    assert answer.message == "No such image: nope:latest"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_body_where_none_belongs_goes_nowhere(ada: Learner, upstream: RecordingEngine, method: str) -> None:
    path = "/containers/web/json" if method == "GET" else "/containers/web"
    await ada.call(method, path, {"Binds": ["/etc:/h"]})
    assert [seen.body for seen in upstream.seen] == [None]


@pytest.mark.parametrize("limits", [Limits(header_timeout=0.3, body_timeout=0.3)])
async def test_a_slow_head_and_a_slow_body_are_not_waited_for(ada: Learner, limits: Limits) -> None:
    for data in (b"GET /v1.41/in", CREATE + b"Content-Length: 9\r\n\r\n{"):
        async with ada.connected() as (reader, writer):
            writer.write(data)
            assert await reader.read() == b""


@pytest.mark.parametrize("limits", [Limits(header_timeout=0.3, body_timeout=0.3)])
async def test_a_connection_that_says_nothing_may_stay(ada: Learner, limits: Limits) -> None:
    async with ada.connected() as (reader, writer):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(limits.header_timeout * 2):
                await reader.read()
        writer.write(SECOND)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")


# ── Streams that are handed over ─────────────────────────────────────────────────────────────────────────────────

UPGRADE = b"Host: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: %d\r\n\r\n%b"


def start_exec(identity: str) -> bytes:
    body = b'{"Detach":false,"Tty":false}'
    return f"POST /v1.41/exec/{identity}/start HTTP/1.1\r\n".encode() + UPGRADE % (len(body), body)


async def test_after_a_refused_upgrade_nothing_more_is_read(ada: Learner, upstream: RecordingEngine) -> None:
    (answer,) = await ada.send(start_exec("f" * 64) + SECOND)
    assert (answer.status, answer.message) == (404, f"No such exec instance: {'f' * 64}")
    assert upstream.seen == []


async def test_bytes_behind_an_exec_are_its_input_and_never_a_request(ada: Learner, upstream: RecordingEngine) -> None:
    made = await ada.post("/containers/web/exec", {"Cmd": ["cat"], "AttachStdin": True})
    upstream.seen.clear()
    async with ada.connected() as (reader, writer):
        writer.write(start_exec(made.json["Id"]) + SECOND)
        writer.write_eof()
        received = await reader.read()
    head, _, echoed = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 UPGRADED\r\n")
    assert echoed == SECOND
    assert upstream.lines() == [f"POST /v1.41/exec/{'e' * 64}/start"]


async def test_a_megabyte_sent_before_the_101_arrives_behind_it(ada: Learner, upstream: RecordingEngine) -> None:
    data = bytes(range(256)) * 4096
    async with ada.connected() as (reader, writer):
        writer.write(f"POST /v1.41/containers/{ADAS_WEB}/attach?stream=1&stdin=1 HTTP/1.1\r\n".encode())
        writer.write(UPGRADE % (0, data))
        writer.write_eof()
        received = await reader.read()
    assert received.partition(b"\r\n\r\n")[2] == data


async def test_an_engine_that_does_not_hand_over_is_answered_in_http(ada: Learner, upstream: RecordingEngine) -> None:
    upstream.answers[f"POST /containers/{ADAS_WEB}/attach"] = (409, {"message": "Container x9 is not running"})
    data = b"POST /v1.41/containers/web/attach?stream=1 HTTP/1.1\r\n" + UPGRADE % (0, SECOND)
    (answer,) = await ada.send(data)
    assert (answer.status, answer.closed) == (409, True)
    assert upstream.lines() == [f"POST /v1.41/containers/{ADAS_WEB}/attach"]


async def test_a_stream_needs_its_upgrade(ada: Learner, upstream: RecordingEngine) -> None:
    answer = await ada.post("/containers/web/attach?stream=1")
    assert answer.status == 400
    assert upstream.seen == []


def test_the_learners_end_reads_what_http_is() -> None:
    (answer,) = answers(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    assert (answer.status, answer.data) == (200, b"hi")


# ── What costs others time ───────────────────────────────────────────────────────────────────────────────────────

HEADS = [
    b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\n\r\n", b"GET / HTTP/1.1\nHost: d\n\n",
    b"GET / HTTP/1.1\r\nHost: d\r\nX: a\r\n b\r\n\r\n", b"GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: a\r\r\n\r\n", b"GET / HTTP/1.1\r\nX: a\0\r\n\r\n", b"\r\n\r\n", b"X" * 20_000,
]  # fmt: skip


async def read_head(pieces: list[bytes]) -> Head | str | None:
    reader = asyncio.StreamReader()
    reading = asyncio.create_task(Framer(reader, Limits()).head())
    for piece in pieces:
        reader.feed_data(piece)
        await asyncio.sleep(0)
    reader.feed_eof()
    try:
        return await reading
    except Refused as refusal:
        return refusal.message


@pytest.mark.parametrize("head", HEADS, ids=lambda head: str(head[-20:]))
async def test_a_head_reads_the_same_byte_by_byte(head: bytes) -> None:
    assert await read_head([bytes((byte,)) for byte in head]) == await read_head([head])


async def test_a_body_in_single_bytes_is_refused(ada: Learner, upstream: RecordingEngine) -> None:
    (answer,) = await ada.send(CREATE + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 10_000)
    assert (answer.message, answer.closed) == ("the body comes in too small pieces", True)
    assert upstream.seen == []


@pytest.mark.attack("requests all at once")
async def test_requests_that_come_all_at_once_let_another_learner_pass(
    ada: Learner, ben: Learner, facts: list[Fact]
) -> None:
    async with ada.connected() as (reader, writer):
        writer.write(b"GET /images/search?term=x HTTP/1.1\r\nHost: d\r\n\r\n" * 500)
        await reader.readline()
        assert (await ben.get("/_ping")).status == 200
        assert len(facts) < 500


class TestClientsThatDoNotRead:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(connections=1, write_timeout=0.1)

    @pytest.mark.attack("output that nobody reads")
    async def test_an_answer_that_is_not_read_is_not_kept(self, ada: Learner, upstream: RecordingEngine) -> None:
        files = [{"Path": f"/{number:0100}", "Kind": 1} for number in range(10_000)]
        upstream.answers[f"GET /containers/{ADAS_WEB}/changes"] = (200, files)
        async with ada.connected() as (reader, writer):
            writer.write(b"GET /containers/web/changes HTTP/1.1\r\nHost: d\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            while (await ada.get("/_ping")).status == 429:
                pass
            length = int(head.lower().partition(b"content-length: ")[2].split()[0])
            with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
                await reader.readexactly(length)

    @pytest.mark.attack("output that nobody reads")
    async def test_input_that_no_program_takes_is_not_kept(self, ada: Learner, upstream: RecordingEngine) -> None:
        upstream.listening.clear()
        data = bytes(4 * 1024 * 1024)
        async with ada.connected() as (reader, writer):
            writer.write(f"POST /v1.41/containers/{ADAS_WEB}/attach?stream=1&stdin=1 HTTP/1.1\r\n".encode())
            writer.write(UPGRADE % (0, data))
            await reader.readuntil(b"\r\n\r\n")
            writer.transport.abort()
            while (await ada.get("/_ping")).status == 429:
                pass
        upstream.listening.set()
        async with ada.connected() as (reader, writer):
            writer.write(f"POST /v1.41/containers/{ADAS_WEB}/attach?stream=1&stdin=1 HTTP/1.1\r\n".encode())
            writer.write(UPGRADE % (0, b"end"))
            writer.write_eof()
            assert (await reader.read()).endswith(b"end")
        assert len(b"".join(upstream.raw)) < len(data)
