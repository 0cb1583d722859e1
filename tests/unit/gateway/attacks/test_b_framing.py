"""Where one request ends and the next begins. More of it, in single bytes and in time: ../test_framing.py."""

import asyncio

import pytest

from playground.gateway.limits import Limits
from tests.unit.gateway.attacks.tries import is_refused, request, table, tried
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner, answers
from tests.unit.gateway.recording import RecordingEngine

SECOND = request("GET /v1.41/containers/json")
POST = b"POST /v1.41/containers/create HTTP/1.1\r\nHost: d\r\n"
GET = b"GET /v1.41/info HTTP/1.1\r\nHost: d\r\n"

BYTES = table(
    tried("two lengths", 400,
          POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
          POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SECOND,
          POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SECOND,
          POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
          POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND),
    tried("one length twice", 400,
          POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + SECOND,
          POST + b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SECOND,
          POST + b"Content-Length: 0, 0\r\n\r\n" + SECOND,
          POST + b"Content-Length: +0\r\n\r\n" + SECOND, POST + b"Content-Length: 0x0\r\n\r\n" + SECOND,
          POST + b"Content-Length: -1\r\n\r\n" + SECOND, POST + b"Content-Length:\r\n\r\n" + SECOND),
    tried("line ends that are not HTTP's", 400,
          b"GET /v1.41/info HTTP/1.1\nHost: d\n\n", GET + b"X: a\n\r\n", GET + b"X: a\r\n b\r\n\r\n",
          GET + b"X: a\r\n\tb\r\n\r\n", GET + b"X: a\rb\r\n\r\n", GET + b"X: a\0b\r\n\r\n", GET + b" X: a\r\n\r\n",
          b"\r\n" + SECOND),
    tried("other versions of HTTP", (400, 505),
          b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /v1.41/info HTTP/1.0\r\nHost: d\r\n\r\n", b"GET /\r\n\r\n",
          b"GET /v1.41/info HTTP/1.2\r\nHost: d\r\n\r\n", b"GET /v1.41/info HTTP/3\r\nHost: d\r\n\r\n",
          b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    tried("waiting for a 100", 417, POST + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
          POST + b"Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n", POST + b"Expect: x\r\n\r\n"),
)  # fmt: skip


@pytest.mark.parametrize(("data", "statuses"), BYTES)
async def test_bytes_that_are_read_in_two_ways(
    ada: Learner, upstream: RecordingEngine, data: bytes, statuses: tuple[int, ...]
) -> None:
    assert (await is_refused(ada, upstream, data, statuses)).closed


EXEC = b'{"Detach":false,"Tty":false}'
TCP = (b"Connection: Upgrade", b"Upgrade: tcp")


@pytest.mark.attack("a request behind an upgrade that is refused")
@pytest.mark.parametrize(
    "refused",
    [
        request(f"POST /v1.41/exec/{'f' * 64}/start", EXEC, *TCP),
        request("POST /v1.41/containers/nope/attach?stream=1", None, *TCP),
        request(f"POST /v1.41/containers/{ADAS_WEB}/exec", b'{"Cmd":["id"],"Privileged":true}', *TCP),
    ],
)
async def test_bytes_for_a_stream_that_is_not_opened_are_no_request(
    ada: Learner, upstream: RecordingEngine, refused: bytes
) -> None:
    answer = await is_refused(ada, upstream, refused + SECOND, [403, 404])
    assert answer.closed


@pytest.mark.attack("a denied request behind an allowed one")
async def test_each_of_many_requests_at_once_is_judged_alone(ada: Learner, upstream: RecordingEngine) -> None:
    denied = request("POST /v1.41/containers/create", {"Image": "busybox", "HostConfig": {"Privileged": True}})
    got = await ada.send(SECOND + denied + SECOND + denied)
    assert [answer.status for answer in got] == [200, 403, 200, 403]
    assert upstream.lines() == ["GET /v1.41/containers/json"] * 2


@pytest.mark.attack("input before the stream is open")
async def test_a_megabyte_before_the_101_is_input_and_nothing_else(ada: Learner, upstream: RecordingEngine) -> None:
    made = await ada.post(f"/containers/{ADAS_WEB}/exec", {"Cmd": ["cat"], "AttachStdin": True})
    upstream.seen.clear()
    megabyte = SECOND * (1024 * 1024 // len(SECOND))
    async with ada.connected() as (reader, writer):
        writer.write(request(f"POST /v1.41/exec/{made.json['Id']}/start", EXEC, *TCP) + megabyte)
        writer.write_eof()
        received = await reader.read()
    assert received.partition(b"\r\n\r\n")[2] == megabyte
    assert upstream.lines() == [f"POST /v1.41/exec/{made.json['Id']}/start"]


@pytest.mark.attack("waiting for a 100")
@pytest.mark.parametrize("limits", [Limits(header_timeout=0.3, body_timeout=0.3)])
async def test_a_body_that_never_comes_is_not_waited_for(
    ada: Learner, upstream: RecordingEngine, limits: Limits
) -> None:
    async with ada.connected() as (reader, writer):
        writer.write(POST + b"Content-Length: 9\r\n\r\n")
        assert await reader.read() == b""
    assert upstream.seen == []


@pytest.mark.attack("a body where none belongs")
@pytest.mark.parametrize(
    ("line", "sent"),
    [
        (f"GET /v1.41/containers/{ADAS_WEB}/json", f"GET /v1.41/containers/{ADAS_WEB}/json"),
        (f"DELETE /v1.41/containers/{ADAS_WEB}", f"DELETE /v1.41/containers/{ADAS_WEB}"),
        ("GET /v1.41/containers/json", "GET /v1.41/containers/json"),
        (f"POST /v1.41/containers/{ADAS_WEB}/restart", f"POST /v1.41/containers/{ADAS_WEB}/restart"),
    ],
)
async def test_a_body_where_none_belongs_does_not_travel(
    ada: Learner, upstream: RecordingEngine, line: str, sent: str
) -> None:
    (answer,) = await ada.send(request(line, {"Binds": ["/etc:/h"], "Privileged": True}))
    assert answer.status < 300
    assert [(seen.line, seen.body) for seen in upstream.seen] == [(sent, None)]


@pytest.mark.attack("a body that comes drop by drop")
@pytest.mark.parametrize("limits", [Limits(body_timeout=0.3, upload_time=0.5)])
async def test_a_body_in_drops_is_cut_off_though_it_never_pauses_for_long(
    ada: Learner, upstream: RecordingEngine, limits: Limits
) -> None:
    async with ada.connected() as (reader, writer):
        writer.write(b"POST /containers/web/exec HTTP/1.1\r\nHost: d\r\nContent-Length: 60000\r\n\r\n")
        reading = asyncio.gather(reader.read(), return_exceptions=True)
        sent = 0
        while not reading.done() and sent < 60000:
            writer.write(b" ")
            sent += 1
            await asyncio.sleep(limits.body_timeout / 10)
        (end,) = await reading
        assert end == b"" or isinstance(end, ConnectionResetError)
    assert sent < 1000
    assert upstream.seen == []


async def test_what_is_refused_is_http_to_its_end(ada: Learner) -> None:
    async with ada.connected() as (reader, writer):
        writer.write(BYTES[0].values[0])
        writer.write_eof()
        (answer,) = answers(await reader.read())
    assert answer.headers["content-length"] == str(len(answer.data))
