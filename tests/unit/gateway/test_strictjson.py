"""One strict reading of a body (attacks C 31, 32, 37, 43)."""

import json

import pytest

from playground.gateway.policy.errors import Refused
from playground.gateway.policy.strictjson import parse, parse_object


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":2}',
        b'{"HostConfig":{"Privileged":true},"HostConfig":{"Memory":1}}',
        b'{"HostConfig":{},"hostconfig":{}}',
        b'{"x":{"HostConfig":{},"Ho\\u017ftConfig":{}}}',
        '{"NetworkMode":1,"Networ\u212aMode":2}'.encode(),
    ],
)
def test_a_key_twice_is_refused_however_it_is_written(body: bytes) -> None:
    with pytest.raises(Refused, match="a key twice"):
        parse(body)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b'{"Image":"busybox"}{"Image":"busybox"}', b"{} x", b"NaN", b'{"a":Infinity}', b'{"a":-Infinity}',
        b'{"a":1e999}', b'{"a":' + b"9" * 5000 + b"}", b'{"a":0.' + b"1" * 5000 + b"}", b'{"a":"\\ud800"}',
        b'{"a":"\xff"}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a":"\n"}', b"{'a':1}", b'{"a":01}',
        b"[" * 100000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ],
)  # fmt: skip
def test_what_is_not_one_plain_json_value_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        parse(body)
    assert refusal.value.status == 400


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"'])
def test_a_body_is_an_object(body: bytes) -> None:
    with pytest.raises(Refused):
        parse_object(body)


def test_brackets_inside_of_text_are_not_depth() -> None:
    assert parse(b'{"a":"' + b"[" * 1000 + b'\\"["}') == {"a": "[" * 1000 + '"['}


def test_a_plain_body_is_read_as_it_is() -> None:
    assert parse_object(b' {"a":[1,true,null,"\\u00e9"],"b":{"c":-1.5}} ') == {
        "a": [1, True, None, "é"],
        "b": {"c": -1.5},
    }


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 500_000, b'["' + b"a" * 1_000_000, b'{"a":"' + b"\\" * 1_000_001, b'["",' * 250_000,
        b'{"a":[' + b"{}," * 300_000 + b"{}]}",
        json.dumps({f"key{number}": 0 for number in range(60_000)}).encode(),
    ],
    ids=lambda body: str(body[:12]),
)  # fmt: skip
@pytest.mark.attack("bodies that cost time")
def test_a_megabyte_that_would_cost_everybody_time_is_refused_at_once(body: bytes) -> None:
    with pytest.raises(Refused):
        parse(body)


def test_a_megabyte_of_text_is_read() -> None:
    assert parse(json.dumps(["x" * 1_000_000]).encode()) == ["x" * 1_000_000]
