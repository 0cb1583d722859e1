"""Filters are the gateway's own (attacks E 74, J 156)."""

from typing import Any

import pytest

from playground.gateway.policy.errors import Refused
from playground.gateway.policy.filters import container_passes, matching_tags, name_fits, parse_filters, prunes

WEB: dict[str, Any] = {
    "Id": "abc123", "ImageID": "sha256:feed", "Names": ["/web"], "Image": "busybox", "State": "exited",
    "Status": "Exited (137) 2 minutes ago", "Labels": {"tier": "front"}, "Mounts": [],
    "NetworkSettings": {"Networks": {"bridge": {}}},
    "Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}],
}  # fmt: skip


def test_both_shapes_of_filters_are_read() -> None:
    assert parse_filters('{"status":["exited"]}') == parse_filters('{"status":{"exited":true,"created":false}}')


@pytest.mark.parametrize("raw", ["[]", "x", '{"a":1}', '{"a":[1]}', '{"a":{"b":1}}', '{"a":["b"],"A":["c"]}'])
def test_other_shapes_are_refused(raw: str) -> None:
    with pytest.raises(Refused):
        parse_filters(raw)


def test_filters_that_cost_time_are_refused() -> None:
    with pytest.raises(Refused):
        parse_filters('{"label":["' + "a" * 1_000_000 + '"]}')
    with pytest.raises(Refused):
        parse_filters('{"label":[' + ",".join(['"a"'] * 1000) + "]}")
    with pytest.raises(Refused):
        name_fits("a" * 60, "(a+)+$")


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ("we",)}, {"name": ("^/web$",)}, {"name": ("^w", "zzz")}, {"status": ("running", "exited")},
        {"exited": ("137",)}, {"ancestor": ("busybox:latest",)}, {"ancestor": ("feed",)}, {"label": ("tier=front",)},
        {"label": ("tier",)}, {"id": ("abc",)}, {"network": ("bridge",)}, {"health": ("none",)}, {},
        {"publish": ("8080",)}, {"publish": ("8000-9000/tcp",)}, {"expose": ("80/tcp",)},
    ],
)  # fmt: skip
def test_a_container_passes_the_filters_that_fit_it(wanted: dict[str, tuple[str, ...]]) -> None:
    assert container_passes(WEB, wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        {"name": ("^eb",)}, {"status": ("running",)}, {"exited": ("13",)}, {"ancestor": ("hello-world",)},
        {"label": ("tier=back",)}, {"label": ("tier", "other")}, {"name": ("web",), "status": ("paused",)},
        {"volume": ("data",)}, {"publish": ("80",)}, {"expose": ("80/udp",)},
    ],
)  # fmt: skip
def test_a_container_does_not_pass_the_others(wanted: dict[str, tuple[str, ...]]) -> None:
    assert not container_passes(WEB, wanted)


def test_images_are_filtered_by_name_and_by_having_one() -> None:
    image = {"RepoTags": ["busybox:latest", "mine:1"], "Labels": {}}
    assert matching_tags(image, {"reference": ("busy*",)}) == ["busybox:latest"]
    assert matching_tags(image, {"dangling": ("false",)}) == image["RepoTags"]
    assert matching_tags(image, {"dangling": ("true",)}) == []
    assert matching_tags(image, {"reference": ("hello*",)}) == []


@pytest.mark.parametrize(
    ("until", "created", "goes"),
    [
        ("1h", 9e9, False), ("1h30m10s", 1e9, True), ("2020-01-31", 1.5e9, True), ("2020-01-31", 1.6e9, False),
        ("2020-01-31T10:00:00Z", 1580464799, True), ("2020-01-31T10:00:00+01:00", 1580464799, False),
        ("1500000000", 1.4e9, True), ("1500000000.5", 1.6e9, False),
    ],
)  # fmt: skip
def test_what_is_older_than_until_is_pruned(until: str, created: float, goes: bool) -> None:
    assert prunes({}, {"until": (until,)}, created) is goes


@pytest.mark.parametrize("until", ["", "x", "1y", "9" * 40, "2020-13-01"])
def test_until_is_a_time(until: str) -> None:
    with pytest.raises(Refused, match="failed to parse value"):
        prunes({}, {"until": (until,)})
    with pytest.raises(Refused, match="more than one until"):
        prunes({}, {"until": ("1h", "2h")})
