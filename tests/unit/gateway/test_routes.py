"""The table is closed (attacks A 9, 10, 12, 14, 16 and I 139, 140)."""

import pytest

from playground.gateway.handlers import HANDLERS
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.routes import ROUTES, match


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/debug/pprof/goroutine"), ("GET", "/debug/vars"), ("GET", "/metrics"), ("POST", "/grpc"),
        ("POST", "/session"), ("GET", "/containers/abc/attach/ws"), ("POST", "/containers/abc/copy"),
        ("POST", "/containers/abc/checkpoints"), ("OPTIONS", "/containers/json"), ("TRACE", "/containers/json"),
        ("PATCH", "/containers/json"), ("get", "/containers/json"), ("POST", "/build/cancel"), ("GET", "/"),
        ("GET", "/images/busybox/attestations"), ("PUT", "/containers/abc"), ("GET", "/containers/abc/json/x"),
        ("POST", "/containers/json"), ("GET", "/containers/abc/def/json"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_table_is_not_there(method: str, path: str) -> None:
    with pytest.raises(Refused) as refusal:
        match(method, tuple(path[1:].split("/")))
    assert (refusal.value.status, refusal.value.message) == (404, "page not found")


@pytest.mark.parametrize(
    "family", ["plugins/pull", "swarm/init", "nodes", "services/create", "tasks", "secrets", "configs"]
)
def test_whole_families_are_refused_with_a_reason(family: str) -> None:
    route, _ = match("POST", tuple(family.split("/")))
    assert route.decision == "deny"
    assert route.refusal[0] in (403, 404, 503)


def test_an_images_name_may_hold_slashes() -> None:
    route, params = match("GET", ("images", "localhost:5000", "ada", "web:1", "json"))
    assert (route.handler, params) == ("images.inspect", {"image": "localhost:5000/ada/web:1"})


def test_a_containers_reference_may_not() -> None:
    with pytest.raises(Refused):
        match("POST", ("containers", "abc/start", "start"))


def test_what_stands_in_the_query_does_not_choose_the_row() -> None:
    assert match("POST", ("containers", "abc", "pause"))[0].action == "pause"


def test_every_row_is_answered_or_says_why_not() -> None:
    for route in ROUTES:
        assert (route.handler in HANDLERS) == (route.decision != "deny"), route.path
        assert route.decision != "deny" or len(route.refusal[1]) > 20, route.path


def test_no_row_is_hidden_behind_another() -> None:
    for route in ROUTES:
        segments = tuple(route.path[1:].replace("{image}", "busybox").split("/"))
        assert match(route.method, segments)[0] is route


def test_raw_streams_come_from_two_endpoints_only() -> None:
    assert {route.handler for route in ROUTES if route.stream == "upgrade"} == {"streams.attach", "execs.start"}
