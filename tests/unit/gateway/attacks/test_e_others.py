"""What belongs to others: there is no row of the table by which it is reached, and no difference to what never was."""

import json
from typing import Any

import pytest

from playground.gateway.policy.routes import ROUTES, Route
from tests.unit.gateway.attacks.conftest import BENS_IMAGE
from tests.unit.gateway.attacks.tries import query, request
from tests.unit.gateway.conftest import ADAS_NET, ADAS_WEB, BENS_NET, BENS_TERMINAL, BENS_WEB
from tests.unit.gateway.learner import Answered, Learner
from tests.unit.gateway.recording import RecordingEngine
from tests.unit.gateway.tars import tar

FOREIGN = {
    "{container}": [BENS_WEB, BENS_WEB[:12], BENS_WEB[:4], "pg-ben-web", BENS_TERMINAL, "terminal"],
    "{exec}": ["e" * 64, "e" * 12],
    "{network}": ["bens", "pg-ben-bens", BENS_NET, BENS_NET[:12], "pg-ben-bridge", "docker_gwbridge"],
    "{volume}": ["bens", "pg-ben-bens", "pg-ben-data"],
    "{image}": [
        "secret:1", "pg-ben/secret:1", BENS_IMAGE, BENS_IMAGE[7:], BENS_IMAGE[7:17], "other:1", "pg-ben/busybox",
    ],
}  # fmt: skip
NEVER = {"{exec}": "0" * 64} | dict.fromkeys(("{container}", "{network}", "{volume}", "{image}"), "nope")
QUERIES = {"rename": "name=mine", "resize": "h=1&w=1", "archive": "path=/x", "tag": "repo=mine"}
BODIES: dict[str, Any] = {
    "exec": {"Cmd": ["id"]}, "start": {"Detach": True}, "connect": {"Container": "web"}, "update": {"Memory": 8 << 20},
    "disconnect": {"Container": "web"},
}  # fmt: skip
NAMING = [(route, kind) for route in ROUTES for kind in FOREIGN if kind in route.path and route.decision != "deny"]


@pytest.mark.attack("another's thing by name, id and beginning of the id")
@pytest.mark.parametrize(("route", "kind"), NAMING, ids=lambda value: getattr(value, "path", ""))
async def test_anothers_and_what_never_was_are_one_answer_in_every_row_of_the_table(
    ada: Learner, ben: Learner, upstream: RecordingEngine, route: Route, kind: str
) -> None:
    await ben.post("/containers/web/exec", {"Cmd": ["sh"]})  # its id is e…e
    upstream.seen.clear()
    never = await asked(ada, route, kind, NEVER[kind])
    assert 400 <= never.status < 500
    for reference in FOREIGN[kind]:
        foreign = await asked(ada, route, kind, reference)
        assert foreign.status == never.status, reference
        if route.method != "HEAD":
            assert shape(foreign, reference) == shape(never, NEVER[kind])
    assert upstream.seen == []


async def asked(learner: Learner, route: Route, kind: str, reference: str) -> Answered:
    *_, verb = route.path.split("/")
    path = route.path.replace(kind, reference)
    body = tar(("a", b"x")) if route.body == "upload" else BODIES.get(verb)
    upgrade = [b"Connection: Upgrade", b"Upgrade: tcp"] if route.stream == "upgrade" else []
    line = f"{route.method} {path}?{QUERIES.get(verb, '')}"
    (answer,) = await learner.send(request(line, body, *upgrade), method=route.method)
    return answer


def shape(answer: Answered, reference: str) -> str:
    """The message without the words that the learner has typed: a name is shown with its tag."""
    text = answer.message
    for word in (reference, ":latest", ":1"):
        text = text.replace(word, "")
    return text


@pytest.mark.attack("another's exec")
async def test_anothers_exec_is_not_started_seen_or_resized(
    ada: Learner, ben: Learner, upstream: RecordingEngine
) -> None:
    identity = (await ben.post("/containers/web/exec", {"Cmd": ["sh", "-c", "cat /secret"]})).json["Id"]
    upstream.seen.clear()
    for method, path in (("GET", "json"), ("POST", "start"), ("POST", "resize?h=1&w=1")):
        body = {"Detach": True} if path == "start" else None
        foreign = await ada.call(method, f"/exec/{identity}/{path}", body)
        never = await ada.call(method, f"/exec/{'0' * 64}/{path}", body)
        assert (foreign.status, shape(foreign, identity)) == (404, shape(never, "0" * 64))
    assert upstream.seen == []


@pytest.mark.attack("lists and filters that ask for others")
@pytest.mark.parametrize(
    "filters",
    [
        {}, {"label": ["playground.seat=ben"]}, {"name": ["pg-ben"]}, {"name": ["."]}, {"name": ["web"]},
        {"id": [BENS_WEB]}, {"label": ["playground.role"]}, {"ancestor": ["pg-ben/secret:1"]}, {"volume": ["bens"]},
        {"network": ["bens"]}, {"before": [BENS_WEB]}, {"since": [BENS_WEB[:8]]}, {"label!": ["x"]},
    ],
)  # fmt: skip
async def test_no_list_shows_anothers_whatever_is_asked_for(
    ada: Learner, upstream: RecordingEngine, filters: dict[str, list[str]]
) -> None:
    for path in ("/containers/json?all=1&size=1&", "/images/json?all=1&", "/networks?", "/volumes?"):
        answer = await ada.get(path + query(filters=json.dumps(filters)))
        assert answer.status in (200, 400, 404)
        without_the_asked = answer.data.replace(json.dumps(filters).encode(), b"")
        if answer.status == 200:
            for secret in (BENS_WEB, BENS_NET, BENS_IMAGE, "bens", "secret", "pg-", "playground."):
                assert secret.encode() not in without_the_asked, secret
    for seen in upstream.seen:
        assert "ben" not in json.dumps(seen.query)
        assert BENS_WEB not in seen.query.get("filters", "")


@pytest.mark.attack("the beginning of an id that is another's too")
@pytest.mark.parametrize("prefix", ["a", "aa", "aaa"])
async def test_the_beginning_of_an_id_is_looked_up_among_ones_own(
    ada: Learner, ben: Learner, upstream: RecordingEngine, prefix: str
) -> None:
    assert (await ada.get(f"/containers/{prefix}/json")).json["Id"] == ADAS_WEB
    assert "multiple" not in (await ben.get("/containers/a/json")).data.decode().lower()
    assert (await ben.get("/containers/a/json")).json["Id"] == BENS_WEB
    assert (await ada.get("/containers/ab/json")).status == 404


@pytest.mark.attack("a name that another has taken")
async def test_a_name_that_another_has_is_free(ada: Learner, ben: Learner, upstream: RecordingEngine) -> None:
    for learner in (ada, ben):
        assert (await learner.post("/containers/create?name=db", {"Image": "busybox"})).status == 201
        assert (await learner.post("/networks/create", {"Name": "back"})).status == 201
        assert (await learner.post("/volumes/create", {"Name": "files"})).status == 201
    again = await ada.post("/containers/create?name=db", {"Image": "busybox"})
    assert again.status == 409
    assert "pg-" not in again.message
    assert BENS_WEB not in again.message


MARKED = [
    ("/containers/create", {"Image": "busybox", "Labels": {"playground.seat": "ben"}}),
    ("/containers/create", {"Image": "busybox", "Labels": {"PLAYGROUND.SEAT": "ben"}}),
    ("/networks/create", {"Name": "new", "Labels": {"playground.seat": "ben"}}),
    ("/volumes/create", {"Name": "new", "Labels": {"playground.role": "terminal"}}),
    ("/commit?container=web&changes=LABEL%20playground.seat%3Dben", {}),
    ("/commit?container=web&changes=LABEL%20a%3Db%20%22playground.seat%22%3Dben", {}),
]


@pytest.mark.attack("the mark of another learner")
@pytest.mark.parametrize(("target", "body"), MARKED)
async def test_nobody_marks_a_thing_as_anothers(
    ada: Learner, upstream: RecordingEngine, target: str, body: dict[str, Any]
) -> None:
    answer = await ada.post(target, body)
    assert (answer.status in (400, 403), "belong to the playground" in answer.message) == (True, True)
    assert not [seen for seen in upstream.seen if seen.method == "POST"]


@pytest.mark.attack("the mark of another learner")
async def test_the_body_of_a_commit_marks_nothing(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.post("/commit?container=web&repo=mine", {"Labels": {"playground.seat": "ben"}, "Config": {"Labels": {}}})
    (made,) = [seen for seen in upstream.seen if seen.line == "POST /v1.41/commit"]
    assert made.body["Labels"]["playground.seat"] == "ada"


NAMES = ["../x", "a" * 300, "a b", "a\nb", "", "-a", "x/y", "\u202e", "a%00", "//x", ".", ".."]


@pytest.mark.attack("names that are none")
@pytest.mark.parametrize("name", NAMES)
async def test_a_new_name_is_one_or_is_refused(ada: Learner, upstream: RecordingEngine, name: str) -> None:
    renamed = await ada.post("/containers/web/rename?" + query(name=name))
    made = await ada.post("/containers/create?" + query(name=name), {"Image": "busybox"})
    assert renamed.status == 400
    assert made.status == (400 if name else 201)
    assert not [seen for seen in upstream.seen if name and seen.line.endswith(("create", "rename"))]


@pytest.mark.attack("names that are none")
async def test_a_name_in_anothers_fashion_stays_ones_own(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.post("/containers/web/rename?name=pg-ben-x")
    assert [seen.query for seen in upstream.seen] == [{"name": "pg-ada-pg-ben-x"}]


PRUNES = ["/containers/prune", "/images/prune", "/networks/prune", "/volumes/prune", "/build/prune"]
FILTERS: list[Any] = [
    None, {"label!": ["x"]}, {"label!": {"x": True}}, {"dangling": ["false"]}, {"dangling": {"false": False}},
    {"all": ["true"]}, ["label"], {"label": 1}, {"until": ["99999h"]},
    {"dangling": ["0"], "label!": ["playground.seat"]},
]  # fmt: skip


@pytest.mark.attack("prunes")
@pytest.mark.parametrize("filters", FILTERS, ids=json.dumps)
async def test_a_prune_takes_nothing_of_anothers(
    ada: Learner, ben: Learner, upstream: RecordingEngine, filters: Any
) -> None:
    await ben.post("/containers/web/stop")
    for target in PRUNES:
        tail = "" if filters is None else "?" + query(filters=json.dumps(filters))
        assert (await ada.post(target + tail)).status in (200, 400)
    assert BENS_WEB in upstream.containers
    assert BENS_NET in upstream.networks
    assert "pg-ben-bens" in upstream.volumes
    removed = [seen.path for seen in upstream.seen if seen.method == "DELETE" or seen.path.endswith("prune")]
    ours = (ADAS_WEB, ADAS_NET, "pg-ada-data", "pg-ada/busybox:latest")
    assert all(path.endswith(ours) for path in removed), removed


@pytest.mark.attack("counts and names of the machine")
async def test_info_version_and_df_tell_of_the_seat_alone(ada: Learner, upstream: RecordingEngine) -> None:
    for target in ("/info", "/version", "/system/df"):
        data = (await ada.get(target)).data
        for secret in (BENS_WEB, "bens", "secret", "pg-", "/var/lib", "6.1-host", "dfsg", "overlay2", "btrfs"):
            assert secret.encode() not in data, (target, secret)
    info = (await ada.get("/info")).json
    assert (info["Containers"], info["Images"], info["KernelVersion"], info["DockerRootDir"]) == (1, 1, "", "")
    assert {key for key in info if "proxy" in key.lower()} == set()


@pytest.mark.attack("paths of the host in an inspect")
async def test_an_inspect_shows_nothing_of_the_host(ada: Learner, upstream: RecordingEngine) -> None:
    for target in (
        "/containers/web/json?size=1", "/images/busybox/json", "/networks/mine", "/volumes/data", "/containers/json",
        "/images/busybox/history", "/networks", "/volumes", "/images/json",
    ):  # fmt: skip
        data = (await ada.get(target)).data
        for secret in (
            "/var/lib",
            "/var/run",
            "/playground/ada",
            "playground.",
            "4242",
            "pg-ada",
            "pg-ben",
            "volumes/x",
        ):
            assert secret.encode() not in data, (target, secret)
