"""Bodies and queries that two readers could take for different ones. The reader itself: ../test_strictjson.py."""

import json
from typing import Any

import pytest

from tests.unit.gateway.attacks.tries import is_refused, query, request, table, tried
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

PRIVILEGED = b'{"Image":"busybox","HostConfig":{"Privileged":true}}'
CREATE = "POST /v1.41/containers/create"

BODIES = table(
    tried("keys in other letters", 403,
          b'{"image":"busybox","hostconfig":{"privileged":true}}',
          b'{"IMAGE":"busybox","HOSTCONFIG":{"PRIVILEGED":true}}',
          '{"Image":"busybox","Ho\u017ftConfig":{"Privileged":true}}'.encode(),
          b'{"Image":"busybox","Ho\\u017ftConfig":{"Privileged":true}}',
          '{"Image":"busybox","HostConfig":{"Networ\u212aMode":"host"}}'.encode()),
    tried("a key twice", 400,
          b'{"Image":"busybox","HostConfig":{"Privileged":true},"HostConfig":{"Memory":16777216}}',
          b'{"Image":"busybox","HostConfig":{"Privileged":true},"hostconfig":{}}',
          b'{"Image":"busybox","HostConfig":{"Privileged":true,"privileged":false}}',
          b'{"Image":"busybox","HostConfig":{"Privileged":true,"\\u0050rivileged":false}}'),
    tried("host fields at the top", 403,
          b'{"Image":"busybox","Privileged":true,"Binds":["/:/h"]}', b'{"Image":"busybox","binds":["/:/h"]}',
          b'{"Image":"busybox","CapAdd":["ALL"]}',
          b'{"Image":"busybox","Memory":1,"Devices":[{"PathOnHost":"/dev/sda"}]}'),
    tried("two values", 400,
          PRIVILEGED + b'{"Image":"busybox"}', b'{"Image":"busybox"}' + PRIVILEGED, PRIVILEGED + b" x",
          b'{"Image":"busybox"}\n' + PRIVILEGED, b"[" + PRIVILEGED + b"]", b"null", b""),
    tried("numbers and depths that break a parser", 400,
          b'{"Image":"busybox","HostConfig":{"Memory":NaN}}', b'{"Image":"busybox","HostConfig":{"Memory":1e999}}',
          b'{"Image":"busybox","HostConfig":{"Memory":1.6777216e7}}',
          b'{"Image":"busybox","HostConfig":{"Memory":' + b"9" * 5000 + b"}}",
          b'{"Image":"busybox","HostConfig":{"Memory":-Infinity}}',
          b'{"Image":"busybox","HostConfig":{"Memory":9223372036854775808}}',
          b"[" * 100_000, b'{"a":' * 100_000, b'{"Image":"\\ud800"}', b'{"Image":"\xed\xa0\x80"}', b"\xff\xfe{\0}\0"),
)  # fmt: skip


@pytest.mark.parametrize(("body", "statuses"), BODIES)
async def test_a_body_in_disguise(
    ada: Learner, upstream: RecordingEngine, body: bytes, statuses: tuple[int, ...]
) -> None:
    await is_refused(ada, upstream, request(CREATE, body), statuses)


FIELDS = table(
    tried("another content type", 403,
          (b"Content-Type: text/plain",), (), (b"Content-Type: Application/JSON",), (b"Content-Type:",),
          (b"Content-Type: application/vnd.docker.raw-stream",), (b"Content-Type: application/json;charset=UTF-8",)),
    tried("another content type", 415,
          (b"Content-Type: application/json; charset=utf-16",), (b"Content-Type: application/json; CHARSET=\"utf-7\"",),
          (b"Content-Encoding: gzip",), (b"Content-Encoding: identity",)),
)  # fmt: skip


@pytest.mark.parametrize(("fields", "statuses"), FIELDS)
async def test_a_kind_of_body_changes_no_verdict(
    ada: Learner, upstream: RecordingEngine, fields: tuple[bytes, ...], statuses: tuple[int, ...]
) -> None:
    await is_refused(ada, upstream, request(CREATE, PRIVILEGED, *fields), statuses)


@pytest.mark.attack("a form for a query")
@pytest.mark.parametrize(
    "kind",
    [
        b"application/x-www-form-urlencoded", b"Application/X-WWW-Form-Urlencoded; charset=utf-8",
        b"multipart/form-data; boundary=x",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "line", ["POST /v1.41/images/busybox/tag?repo=ok&tag=1", "POST /v1.41/images/busybox/tag", "POST /v1.41/commit"]
)
async def test_parameters_in_a_form_are_not_taken(
    ada: Learner, upstream: RecordingEngine, kind: bytes, line: str
) -> None:
    await is_refused(ada, upstream, request(line, b"repo=pg-ben/web&tag=latest", b"Content-Type: " + kind), [415])


@pytest.mark.attack("a form for a query")
async def test_a_form_that_calls_itself_nothing_is_not_read(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.send(request("POST /v1.41/images/busybox/tag?repo=ok&tag=1", b"repo=pg-ben/web&tag=latest"))
    assert [seen.query for seen in upstream.seen] == [{"repo": "pg-ada/ok", "tag": "1"}]


QUERIES = table(
    tried("a query key twice", 400,
          "POST /v1.41/containers/create?name=mine&name=pg-ben-web", "GET /v1.41/containers/json?filters={}&filters={}",
          "POST /v1.41/containers/create?name=mine&%6eame=web", "GET /v1.41/containers/json?all=1&all=0",
          f"POST /v1.41/containers/{ADAS_WEB}/kill?signal=TERM&signal=KILL"),
    tried("separators in a query", 400,
          "POST /v1.41/containers/create?name=aa;name=bb", "POST /v1.41/containers/create?name=aa%00",
          "POST /v1.41/containers/create?name=%ff", "POST /v1.41/containers/create?name=a%0ab"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "statuses"), QUERIES)
async def test_a_query_that_is_read_in_two_ways(
    ada: Learner, upstream: RecordingEngine, line: str, statuses: tuple[int, ...]
) -> None:
    line = line.replace("{", "%7B").replace("}", "%7D")
    await is_refused(ada, upstream, request(line, {"Image": "busybox"}), statuses)


@pytest.mark.attack("separators in a query")
async def test_an_escaped_separator_and_an_unknown_key_stay_what_they_are(
    ada: Learner, upstream: RecordingEngine
) -> None:
    answer = await ada.post("/containers/create?" + query(name="aa&name=bb"), {"Image": "busybox"})
    assert (answer.status, "aa&name=bb" in answer.message) == (400, True)
    await ada.post(f"/containers/{ADAS_WEB}/rename?name=new&Name=pg-ben-web&x=1")
    assert [seen.query for seen in upstream.seen] == [{"name": "pg-ada-new"}]


@pytest.mark.attack("a body behind a length of zero")
@pytest.mark.parametrize("body", [PRIVILEGED, b'{"Image":"busybox"}', request(CREATE, PRIVILEGED)[:-5]])
async def test_a_body_that_was_not_announced_goes_nowhere(ada: Learner, upstream: RecordingEngine, body: bytes) -> None:
    got = await ada.send(request(CREATE) + body)
    assert {answer.status for answer in got} == {400}
    assert upstream.seen == []


@pytest.mark.attack("a body too large to look at")
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_that_is_too_large_is_not_passed_unseen(
    ada: Learner, upstream: RecordingEngine, is_chunked: bool
) -> None:
    pad: dict[str, Any] = {"Image": "busybox", "Labels": {"pad": "x" * 1024 * 1024}, "HostConfig": {"Binds": ["/:/h"]}}
    body = json.dumps(pad).encode()
    whole = request(CREATE, body)
    if is_chunked:
        whole = f"{CREATE} HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        whole += b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert (await is_refused(ada, upstream, whole, [413])).closed
