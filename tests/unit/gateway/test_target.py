"""The request target has one reading (attacks A 1, 2, 3, 6, 8, 15 and C 40, 41)."""

import pytest

from playground.gateway.policy.errors import Refused
from playground.gateway.policy.target import flag, integer, parse_query, parse_target


@pytest.mark.parametrize("prefix", ["", "/v1.24", "/v1.39", "/v1.41"])
def test_a_version_that_docker_speaks_or_none_leads_to_the_same_path(prefix: str) -> None:
    assert parse_target(f"{prefix}/containers/json?all=1".encode()).segments == ("containers", "json")


@pytest.mark.parametrize(
    "target",
    [
        "/v1.23/containers/x/start", "/v1.42/info", "/v1.041/info", "/v1.41.0/info", "/v00001.41/info", "/v1.41",
        "/v2.0/info", "/v1/info",
    ],
)  # fmt: skip
def test_any_other_spelling_of_a_version_is_refused(target: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_target(target.encode())
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "target",
    [
        b"/v1.41/containers/../info", b"/v1.41/%2e%2e/info", b"/v1.41/%2E./info", b"//v1.41/info",
        b"/v1.41//containers/json", b"/v1.41/containers/", b"/./info", b"http://docker/v1.41/info", b"*", b"",
        b"info", b"/info#x", b"/info?a#b", b"/containers;x/json", b"/containers/%00/json", b"/containers/%0a/json",
        b"/containers/%zz/json", b"/containers/%2", b"/containers/%252e%252e/json", b"/\xc3\xa9", b"/a b",
        b"/containers/%80/json", b"/images/a%2f..%2fb/json", b"/" + b"a" * 9000,
    ],
)  # fmt: skip
def test_a_target_that_two_readers_could_read_differently_is_refused(target: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        parse_target(target)
    assert refusal.value.status == 400


def test_an_escaped_slash_stays_inside_its_segment() -> None:
    assert parse_target(b"/containers/abc%2fjson").segments == ("containers", "abc/json")


KEYS = frozenset({"name", "all"})


def test_a_query_keeps_the_known_keys_only() -> None:
    assert parse_query("name=a%20b+c&all=1&x=y&&Name=z", KEYS) == {"name": "a b c", "all": "1"}


def test_an_escaped_separator_is_part_of_the_value() -> None:
    assert parse_query("name=a%26name%3db", KEYS) == {"name": "a&name=b"}


@pytest.mark.parametrize(
    "query",
    ["name=a&name=b", "name=a&%6eame=b", "x=1&x=2", "name=a;name=b", "name=%00", "name=%ff", "name=%", "name=a%0ab"],
)
def test_a_query_that_two_readers_could_read_differently_is_refused(query: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_query(query, KEYS)
    assert refusal.value.status == 400


def test_a_query_with_very_many_keys_is_refused() -> None:
    with pytest.raises(Refused):
        parse_query("&".join(f"k{number}=1" for number in range(100)), KEYS)


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("true", True), ("x", True), ("0", False), ("False", False)])
def test_a_flag_is_read_as_the_engine_reads_it(value: str, meant: bool) -> None:
    assert flag({"all": value}, "all") is meant


def test_a_flag_that_is_absent_has_its_default() -> None:
    assert flag({}, "stream", default=True)


@pytest.mark.parametrize(("value", "meant"), [("5", 5), ("-1", 0), ("999", 10), ("", 7)])
def test_a_number_is_held_within_its_bounds(value: str, meant: int) -> None:
    assert integer({"t": value}, "t", 0, 10, 7) == meant


@pytest.mark.parametrize("value", ["1e3", "0x10", " 1", "\u0661", "9" * 16])
def test_anything_but_a_short_decimal_number_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        integer({"t": value}, "t", 0, 10, 7)
