"""What reaches the engine: exactly the request that the gateway has written anew, or nothing (attacks A 3, 6, 8, E 75,
83, 92, G 104, 105, 120, H 125, 131, 134, 135)."""

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from playground.gateway.limits import Limits
from playground.gateway.owned import UNSTARTED_EXECS
from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_WEB, BENS_TERMINAL, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine

CORPUS = Path(__file__).parent / "corpus"
UP = f"/v1.41/containers/{ADAS_WEB}"
TAGGED = {"repo": "pg-ada/a/x", "tag": "1"}
IMAGE = f"/v1.41/images/{IMAGE_ID}"


def body(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / "create-run-28.2.2.json").read_text())
    return found | fields


@pytest.mark.parametrize(
    ("method", "target", "line", "query"),
    [
        ("GET", "/containers/web/json", f"GET {UP}/json", {}),
        ("GET", "/containers/web/json?size=1&x=2", f"GET {UP}/json", {"size": "1"}),
        ("GET", f"/containers/{ADAS_WEB[:12]}/top", f"GET {UP}/top", {}),
        ("GET", "/containers/web/top?ps_args=aux", f"GET {UP}/top", {"ps_args": "aux"}),
        ("GET", "/containers/web/logs?tail=99999999999&x=1", f"GET {UP}/logs", {"tail": "100000"}),
        ("GET", "/containers/web/changes", f"GET {UP}/changes", {}),
        ("GET", "/containers/web/stats?stream=0", f"GET {UP}/stats", {"stream": "0"}),
        ("POST", "/containers/web/start?checkpoint=x&checkpoint-dir=/&detachKeys=a", f"POST {UP}/start", {}),
        ("POST", "/containers/web/stop?t=-1", f"POST {UP}/stop", {"t": "10"}),
        ("POST", "/containers/web/stop?t=999999", f"POST {UP}/stop", {"t": "10"}),
        ("POST", "/containers/web/restart", f"POST {UP}/restart", {}),
        ("POST", "/containers/web/kill?signal=sigterm", f"POST {UP}/kill", {"signal": "15"}),
        ("POST", "/containers/web/pause", f"POST {UP}/pause", {}),
        ("POST", "/containers/web/unpause", f"POST {UP}/unpause", {}),
        ("POST", "/containers/web/rename?name=www", f"POST {UP}/rename", {"name": "pg-ada-www"}),
        ("POST", "/containers/web/rename?name=pg-ben-www", f"POST {UP}/rename", {"name": "pg-ada-pg-ben-www"}),
        ("POST", "/containers/web/wait?condition=next-exit", f"POST {UP}/wait", {"condition": "next-exit"}),
        ("POST", "/containers/web/resize?h=99999&w=80", f"POST {UP}/resize", {"h": "1000", "w": "80"}),
        ("DELETE", "/containers/web?force=1&link=0", f"DELETE {UP}", {"v": "1", "force": "1"}),
        ("GET", "/images/busybox/json", f"GET {IMAGE}/json", {}),
        ("GET", "/images/busybox/history", f"GET {IMAGE}/history", {}),
        ("POST", "/images/busybox/tag?repo=docker.io/a/x&tag=1", f"POST {IMAGE}/tag", TAGGED),
        ("DELETE", "/images/busybox?force=1", "DELETE /v1.41/images/pg-ada/busybox:latest", {"noprune": "1"}),
    ],
)  # fmt: skip
async def test_a_call_is_written_anew_with_the_full_id(
    ada: Learner, upstream: RecordingEngine, method: str, target: str, line: str, query: dict[str, str]
) -> None:
    answer = await ada.call(method, target)
    assert answer.status < 300
    (seen,) = upstream.seen
    assert (seen.line, seen.query, seen.body) == (line, query, None)


async def test_removing_a_link_does_not_remove_the_container(ada: Learner, upstream: RecordingEngine) -> None:
    answer = await ada.call("DELETE", "/containers/web?force=1&link=1")
    assert (answer.status, "default link name" in answer.message) == (400, True)
    assert upstream.seen == []


async def test_an_old_versions_start_takes_no_body(ada: Learner, upstream: RecordingEngine) -> None:
    host = b'{"Binds":["/etc:/h"],"Privileged":true}'
    head = b"POST /v1.24/containers/web/start HTTP/1.1\r\nHost: d\r\nContent-Length: %d\r\n\r\n" % len(host)
    (answer,) = await ada.send(head + host)
    assert answer.status == 204
    assert [(seen.line, seen.body) for seen in upstream.seen] == [(f"POST {UP}/start", None)]


async def test_a_container_is_made_with_the_owners_marks_and_name(ada: Learner, upstream: RecordingEngine) -> None:
    answer = await ada.post("/containers/create?name=db&platform=linux", body(Labels={"tier": "back"}))
    assert (answer.status, answer.json["Warnings"]) == (201, [])
    seen = upstream.seen[-1]
    assert (seen.line, seen.query) == ("POST /v1.41/containers/create", {"name": "pg-ada-db"})
    assert seen.body["Image"] == IMAGE_ID
    assert seen.body["Labels"] == {
        "tier": "back",
        "playground.instance": "test",
        "playground.seat": "ada",
        "playground.role": "learner",
        "playground.image": "playground-catalogue/busybox:latest".rpartition("/")[2].removesuffix(":latest"),
        "playground.network": "none",
    }
    assert seen.body["HostConfig"]["CgroupParent"] == "/playground/ada"


async def test_a_generated_name_stands_in_the_learners_name_space(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.post("/containers/create", body())
    assert upstream.seen[-1].query["name"].startswith("pg-ada-")
    assert len(upstream.seen[-1].query["name"]) > len("pg-ada-x_y")


async def test_an_exec_is_written_anew(ada: Learner, upstream: RecordingEngine) -> None:
    asked = {"Cmd": ["sh"], "Tty": True, "AttachStdin": True, "Privileged": False, "Detach": False, "Env": None}
    assert (await ada.post("/containers/web/exec", asked)).json == {"Id": "e" * 64}
    assert upstream.seen[-1].line == f"POST {UP}/exec"
    assert upstream.seen[-1].body == {"Cmd": ["sh"], "Tty": True, "AttachStdin": True}
    await ada.post(f"/exec/{'e' * 64}/start", {"Detach": True, "Tty": True, "ConsoleSize": [1, 2]})
    assert upstream.seen[-1].body == {"Detach": True, "Tty": True}
    await ada.post(f"/exec/{'e' * 64}/resize?h=10&w=20")
    assert upstream.seen[-1].query == {"h": "10", "w": "20"}


async def test_only_the_learners_ids_are_listed(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.get('/containers/json?all=1&filters={"label":["playground.seat=ben"]}')
    (seen,) = upstream.seen
    assert seen.query == {"all": "1", "filters": json.dumps({"id": [ADAS_WEB]})}


async def test_a_pull_of_the_catalogue_sets_a_tag_and_asks_no_registry(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.call("DELETE", "/images/busybox?force=1")
    upstream.seen.clear()
    answer = await ada.post("/images/create?fromImage=docker.io/library/busybox&tag=latest")
    lines = [json.loads(line) for line in answer.data.splitlines()]
    assert lines[0] == {"status": "Pulling from library/busybox", "id": "latest"}
    assert lines[-1] == {"status": "Status: Downloaded newer image for busybox:latest"}
    assert [(seen.line, seen.query) for seen in upstream.seen if seen.method == "POST"] == [
        (f"POST /v1.41/images/{IMAGE_ID}/tag", {"repo": "pg-ada/busybox", "tag": "latest"})
    ]


async def test_an_image_that_the_engine_has_lost_is_told_to_whoever_can_help(
    ada: Learner, upstream: RecordingEngine, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.answers[f"GET /images/{IMAGE_ID}/json"] = (404, {"message": f"No such image: {IMAGE_ID}"})
    answer = await ada.post("/images/create?fromImage=busybox&tag=latest")
    assert (answer.status, "Tell whoever runs the playground" in answer.message) == (503, True)
    assert "busybox:latest of the catalogue" in caplog.text


NOTHING = [
    ("GET", "/_ping", 200), ("GET", "/version", 200), ("GET", "/info", 200), ("GET", "/images/search?term=x", 200),
    ("POST", "/images/create?fromImage=alpine&tag=latest", 404),
    ("POST", "/images/create?fromImage=127.0.0.1:5000/x", 404),
    ("POST", "/images/create?fromImage=busybox&tag=sha256:1", 404),
    ("POST", "/images/create?fromSrc=http://127.0.0.8/", 403),
    ("POST", "/images/create?fromSrc=-&repo=x", 403), ("POST", "/images/create", 403),
    ("POST", "/images/load", 403), ("POST", "/images/busybox/push", 403), ("GET", "/images/other:1/get", 404),
    ("GET", "/images/get?names=pg-ben/busybox", 404), ("GET", "/images/get", 400),
    ("POST", "/auth", 403), ("GET", "/distribution/127.0.0.9/x/json", 403),
    ("POST", "/build?remote=http://127.0.0.8/", 403), ("POST", "/build/prune", 200),
    ("GET", "/networks/nope", 404), ("GET", "/networks/host", 200), ("GET", "/volumes/x", 404),
    ("PUT", "/containers/web/archive?path=/dev", 403),
    ("GET", "/containers/web/archive?path=/proc/1/root/", 403), ("HEAD", "/containers/web/archive?path=/x/../sys", 403),
    ("GET", "/containers/web/archive?path=%00", 400), ("GET", "/containers/web/archive", 400),
    ("PUT", "/containers/web/archive?path=/&path=/etc", 400), ("PUT", "/containers/web/archive?path=/x", 400),
    ("POST", "/swarm/init", 503),
    ("POST", "/services/create", 503), ("GET", "/nodes", 503), ("POST", "/plugins/pull?remote=x", 404),
    ("GET", "/plugins", 200),
    ("GET", "/plugins/privileges?remote=127.0.0.9/x", 404), ("POST", "/session", 404), ("POST", "/grpc", 404),
    ("GET", "/debug/pprof/goroutine?debug=2", 404), ("GET", "/containers/web/attach/ws?stream=1", 404),
    ("GET", f"/containers/{ADAS_WEB}%2fjson", 404), ("PATCH", "/containers/json", 404),
    ("TRACE", "/info", 404), ("OPTIONS", "/info", 404), ("get", "/info", 404), ("HEAD", "/info", 404),
    ("GET", "/debug/vars", 404), ("GET", "/metrics", 404), ("POST", "/build/cancel?id=x", 404),
    ("POST", "/containers/web/copy", 404), ("POST", "/containers/web/checkpoints", 404),
    ("GET", "/images/busybox/attestations", 404), ("PUT", "/volumes/x", 404),
    ("POST", "/plugins/create", 404),
    ("POST", "/containers/create?name=mine&name=pg-ben-web", 400),
    ("POST", "/containers/create?name=mine&%6eame=web", 400), ("POST", "/containers/web/rename?name=a%00b", 400),
    ("GET", "/containers/json?filters=" + "x" * 8000, 400), ("GET", "/containers" + "/a" * 4000, 404),
    ("GET", "/containers/web/logs?stdout=1&since=1;x", 400), ("GET", "/containers/web/logs?stdout=1&until=-1", 400),
    ("GET", "/containers/web/top?ps_args=-eo%20pid,environ", 403), ("POST", "/containers/web/kill?signal=NOPE", 400),
    ("POST", "/containers/web/wait?condition=never", 400), ("POST", "/containers/web/rename?name=../x", 400),
    ("POST", "/containers/web/rename", 400), ("POST", "/containers/web/resize?h=x&w=1", 400),
    ("POST", "/containers/web/attach?detachKeys=%1b", 400), ("GET", '/containers/json?filters={"nope":["x"]}', 400),
    ("GET", '/containers/json?filters={"name":["(a+)%2b$"]}', 200), ("POST", "/images/busybox/tag?repo=A!", 400),
    ("DELETE", "/images/hello-world", 404), ("DELETE", "/images/busybox", 409), ("GET", "/images/other:1/json", 404),
    ("GET", "/images/pg-ben/busybox/json", 404), ("POST", "/containers/prune?filters=%7B%22label%22:1%7D", 400),
]  # fmt: skip


@pytest.mark.parametrize(("method", "target", "status"), NOTHING, ids=lambda value: str(value)[:50])
async def test_the_engine_hears_nothing_of_what_the_gateway_answers(
    ada: Learner, upstream: RecordingEngine, method: str, target: str, status: int
) -> None:
    target = target.replace("{", "%7B").replace("}", "%7D").replace('"', "%22").replace("[", "%5B").replace("]", "%5D")
    answer = await ada.call(method, target)
    if target.startswith("/containers/json") and status == 200:  # the list itself is asked, the pattern then refused
        assert answer.status == 400
        return
    assert answer.status == status
    assert upstream.seen == []


CREATES = [
    body(HostConfig={"Privileged": True}), body(HostConfig={"Binds": ["/:/h"]}), body(Image="alpine"),
    body(Labels={"playground.seat": "ben"}), body(Labels={"exitCode": "abc"}), body(Labels={"execID": "x"}),
    body(Image="pg-ben/busybox"), body(Image=f"sha256:{'9' * 64}"),
    body(HostConfig={"RestartPolicy": {"Name": "always"}}), body(WorkingDir="/proc/self/fd/8"), body(Image="other:1"),
]  # fmt: skip


@pytest.mark.parametrize("asked", CREATES, ids=lambda asked: json.dumps(asked)[-60:])
async def test_the_engine_hears_nothing_of_a_refused_create(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]
) -> None:
    answer = await ada.post("/containers/create?name=bad", asked)
    assert answer.status in (403, 404)
    assert upstream.seen == []


@pytest.mark.parametrize(
    "asked", [{"Cmd": ["id"], "Privileged": True}, {"Cmd": ["id"], "WorkingDir": "/proc/self/fd/8"}, {}, {"Cmd": [1]}]
)
async def test_the_engine_hears_nothing_of_a_refused_exec(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]
) -> None:
    answer = await ada.post("/containers/web/exec", asked)
    assert answer.status in (400, 403)
    assert upstream.seen == []


# ── What belongs to others ───────────────────────────────────────────────────────────────────────────────────────

CALLS = [
    ("GET", "/containers/{}/json"), ("GET", "/containers/{}/top"), ("GET", "/containers/{}/logs?stdout=1"),
    ("GET", "/containers/{}/changes"), ("GET", "/containers/{}/stats"), ("POST", "/containers/{}/start"),
    ("POST", "/containers/{}/stop"), ("POST", "/containers/{}/restart"), ("POST", "/containers/{}/kill"),
    ("POST", "/containers/{}/pause"), ("POST", "/containers/{}/unpause"), ("POST", "/containers/{}/rename?name=mine"),
    ("POST", "/containers/{}/wait"), ("POST", "/containers/{}/resize?h=1&w=1"), ("POST", "/containers/{}/attach"),
    ("POST", "/containers/{}/exec"), ("DELETE", "/containers/{}?force=1"),
]  # fmt: skip
FOREIGN = [BENS_WEB, BENS_WEB[:12], BENS_WEB[:4], "pg-ben-web", "pg-ada-web", BENS_TERMINAL]


@pytest.mark.parametrize(("method", "template"), CALLS)
@pytest.mark.parametrize("reference", FOREIGN)
async def test_anothers_container_and_one_that_never_was_are_one_answer(
    ada: Learner, upstream: RecordingEngine, method: str, template: str, reference: str
) -> None:
    foreign = await ada.call(method, template.format(reference), {"Cmd": ["id"]} if "exec" in template else None)
    never = await ada.call(method, template.format("nope"), {"Cmd": ["id"]} if "exec" in template else None)
    assert foreign.status == never.status == 404
    assert foreign.message.replace(reference, "nope") == never.message
    assert never.message.endswith("No such container: nope")
    assert upstream.seen == []


async def test_anothers_exec_is_not_there(ada: Learner, ben: Learner, upstream: RecordingEngine) -> None:
    identity = (await ben.post("/containers/web/exec", {"Cmd": ["sh"]})).json["Id"]
    upstream.seen.clear()
    for method, path in (("GET", "json"), ("POST", "start"), ("POST", "resize?h=1&w=1")):
        answer = await ada.call(method, f"/exec/{identity}/{path}", {"Detach": True})
        assert (answer.status, answer.message) == (404, f"No such exec instance: {identity}")
    assert upstream.seen == []


async def test_the_beginning_of_an_id_means_the_learners_own(ada: Learner, upstream: RecordingEngine) -> None:
    assert (await ada.get("/containers/a/json")).json["Id"] == ADAS_WEB
    assert (await ada.get("/containers/ab/json")).status == 404


async def test_two_learners_have_a_container_of_one_name(ada: Learner, ben: Learner, upstream: RecordingEngine) -> None:
    assert (await ada.post("/containers/create?name=db", body())).status == 201
    assert (await ben.post("/containers/create?name=db", body())).status == 201
    again = await ada.post("/containers/create?name=db", body())
    assert (again.status, f'by container "{1:064x}"' in again.message) == (409, True)


async def test_a_name_that_the_engine_says_is_taken_does_not_tell_by_whom(
    ada: Learner, upstream: RecordingEngine
) -> None:
    text = f'Conflict. The container name "/pg-ada-db" is already in use by container "{BENS_WEB}".'
    upstream.answers["POST /containers/create"] = (409, {"message": text})
    answer = await ada.post("/containers/create?name=db", body())
    assert answer.status == 409
    assert BENS_WEB not in answer.message


async def test_what_a_prune_removes_is_the_learners_own(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.post("/containers/web/stop")
    upstream.seen.clear()
    assert (await ada.post("/containers/prune")).json == {"ContainersDeleted": [ADAS_WEB], "SpaceReclaimed": 0}
    assert upstream.lines() == ["GET /v1.41/containers/json", f"DELETE {UP}"]  # the first for its size
    assert json.loads(upstream.seen[0].query["filters"]) == {"id": [ADAS_WEB]}
    assert BENS_WEB in upstream.containers
    assert (await ada.post("/containers/prune")).json == {"ContainersDeleted": None, "SpaceReclaimed": 0}
    assert len(upstream.seen) == 2


async def test_a_seat_can_be_cleared_more_than_once(ada: Learner, gateway: Gateway, upstream: RecordingEngine) -> None:
    upstream.containers.pop(BENS_WEB)  # the recorder does not filter
    await gateway.clear("ada")
    await gateway.clear("ada")
    assert upstream.lines().count(f"DELETE {UP}") == 1
    assert "DELETE /v1.41/images/pg-ada/busybox:latest" in upstream.lines()
    assert "DELETE /v1.41/images/pg-ben/busybox:latest" not in upstream.lines()
    assert gateway.state("ada").containers == ()
    assert (await ada.get("/images/json")).json == []


# ── Counts ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def few() -> Limits:
    return Limits(containers=2, images=2, connections=4, long_streams=2, upgrades=1, burst=10_000)


class TestWithFew:
    @pytest.fixture
    def limits(self, few: Limits) -> Limits:
        return few

    async def test_too_many_containers_are_refused_with_what_to_do(
        self, ada: Learner, upstream: RecordingEngine
    ) -> None:
        assert (await ada.post("/containers/create", body())).status == 201
        answer = await ada.post("/containers/create", body())
        assert answer.status == 409
        assert "docker rm" in answer.message

    async def test_too_many_image_names_are_refused_with_what_to_do(self, ada: Learner) -> None:
        assert (await ada.post("/images/busybox/tag?repo=one")).status == 201
        answer = await ada.post("/images/busybox/tag?repo=two")
        assert answer.status == 409
        assert "docker rmi" in answer.message

    @pytest.mark.attack("execs without end")
    async def test_execs_that_are_never_started_are_not_made_without_end(
        self, ada: Learner, ben: Learner, upstream: RecordingEngine
    ) -> None:
        for number in range(UNSTARTED_EXECS):
            upstream.answers[f"POST /containers/{ADAS_WEB}/exec"] = (201, {"Id": f"{number:064x}"})
            assert (await ada.post("/containers/web/exec", {"Cmd": ["id"]})).status == 201
        assert (await ada.post("/containers/web/exec", {"Cmd": ["id"]})).status == 429
        assert (await ben.post("/containers/web/exec", {"Cmd": ["id"]})).status == 201
        await ada.post(f"/exec/{0:064x}/start", {"Detach": True})
        assert (await ada.post("/containers/web/exec", {"Cmd": ["id"]})).status == 201

    async def test_too_many_connections_are_refused(self, ada: Learner, ben: Learner) -> None:
        async with AsyncExitStack() as opened:
            for _ in range(4):
                await opened.enter_async_context(ada.connected())
            assert (await ada.get("/_ping")).status == 429
            assert (await ben.get("/_ping")).status == 200

    async def test_a_connection_too_many_waits_for_one_that_ends(self, ada: Learner) -> None:
        async with AsyncExitStack() as others:
            for _ in range(3):
                await others.enter_async_context(ada.connected())
            async with ada.connected():
                reader, writer = await others.enter_async_context(ada.connected())
                writer.write(b"GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n")
                await asyncio.sleep(0)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")

    async def test_too_many_streams_are_refused(self, ada: Learner) -> None:
        async with AsyncExitStack() as opened:
            for _ in range(2):
                reader, writer = await opened.enter_async_context(ada.connected())
                writer.write(b"GET /events HTTP/1.1\r\nHost: d\r\n\r\n")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            answer = await ada.get("/events?until=1")
        assert (answer.status, "end one first" in answer.message) == (429, True)
