"""Images, builds and copies that reach for a registry, for others' layers, or for the host's files. Archives:
../test_tarball.py; the builder: ../test_build.py; commits: ../test_commit.py; copies: ../test_copy.py."""

import json
from typing import Any

import pytest

from tests.unit.gateway.attacks.conftest import BENS_IMAGE
from tests.unit.gateway.attacks.tries import is_refused, query, request, table, tried
from tests.unit.gateway.conftest import ADAS_WEB, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine
from tests.unit.gateway.tars import tar
from tests.unit.gateway.test_build import build, said

PULL = "POST /v1.41/images/create?"
ARCHIVE = f"/v1.41/containers/{ADAS_WEB}/archive?"
LINES = table(
    tried("pulls from elsewhere", (400, 404),
          PULL + "fromImage=alpine&tag=latest", PULL + "fromImage=127.0.0.1:5000/x",
          PULL + "fromImage=127.0.0.8/x&tag=y",
          PULL + query(fromImage="busybox@sha256:" + "1" * 64), PULL + "fromImage=busybox&tag=sha256:1",
          PULL + "fromImage=docker.io/evil/busybox&tag=latest", PULL + "fromImage=pg-ben/secret&tag=1",
          PULL + "fromImage=playground-catalogue/busybox", PULL + "fromImage=quay.io/library/busybox",
          PULL + "fromImage=" + "9" * 64),
    tried("images by file and by address", (400, 403),
          PULL + "fromSrc=http://127.0.0.8/&repo=x", PULL + "fromSrc=-&repo=x", PULL + "fromImage=busybox&fromSrc=-",
          "POST /v1.41/images/load", "POST /v1.41/images/load?quiet=1"),
    tried("the way out by push and login", 403,
          "POST /v1.41/images/busybox/push?tag=latest", "POST /v1.41/images/127.0.0.8/x/push", "POST /v1.41/auth",
          "GET /v1.41/distribution/127.0.0.9/x/json", "GET /v1.41/distribution/busybox/json"),
    tried("a build of an address", 403,
          "POST /v1.41/build?remote=http://127.0.0.8/", "POST /v1.41/build?remote=git://127.0.0.8/x.git",
          "POST /v1.41/build?remote=client-session&session=x", "POST /v1.41/build?version=2",
          "POST /v1.41/build?networkmode=host", "POST /v1.41/build?" + query(securityopt='["seccomp=unconfined"]')),
    tried("removing what others need", (404, 409),
          f"DELETE /v1.41/images/{BENS_IMAGE}?force=1", "DELETE /v1.41/images/pg-ben/secret:1?force=1",
          f"DELETE /v1.41/images/{BENS_IMAGE[7:19]}?force=1",
          "DELETE /v1.41/images/playground-catalogue/busybox?force=1",
          "DELETE /v1.41/images/other:1?force=1", "DELETE /v1.41/images/hello-world"),
    tried("paths that lead out of a container", (400, 403),
          f"GET {ARCHIVE}path=/proc/1/root/", f"GET {ARCHIVE}path=/proc/self/root/etc", f"GET {ARCHIVE}path=%00",
          f"GET {ARCHIVE}path=/x/../proc/1/root", f"HEAD {ARCHIVE}path=/sys/kernel", f"PUT {ARCHIVE}path=/dev/shm",
          f"GET {ARCHIVE}path=proc/1/root", f"GET {ARCHIVE}path=", f"GET {ARCHIVE}path=/a%0ab",
          f"GET {ARCHIVE}path=//proc//1/root", f"GET {ARCHIVE}path=/dev/../dev/mem"),
    tried("whole disks as an answer", (403, 404),
          f"GET /v1.41/containers/{BENS_WEB}/export", "GET /v1.41/images/get?names=pg-ben/secret:1",
          f"GET /v1.41/images/{BENS_IMAGE}/get", "GET /v1.41/images/get?names=other:1"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "statuses"), LINES)
async def test_nothing_comes_from_elsewhere_and_nothing_goes_there(
    ada: Learner, upstream: RecordingEngine, line: str, statuses: tuple[int, ...]
) -> None:
    line = line.replace('"', "%22").replace("[", "%5B").replace("]", "%5D")
    body = tar(("a", b"x")) if line.startswith("PUT") else b""
    await is_refused(ada, upstream, request(line, body), statuses)


@pytest.mark.attack("paths that lead out of a container")
async def test_dots_in_a_path_stay_inside_of_the_container(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.get("/containers/web/archive?path=../../..")
    assert [seen.query for seen in upstream.seen if seen.path.endswith("archive")] == [{"path": "/"}]


@pytest.mark.attack("a search that asks outside")
async def test_a_search_looks_into_the_catalogue_alone(ada: Learner, upstream: RecordingEngine) -> None:
    for term in ("x", "127.0.0.9/x", "http://127.0.0.9/", "secret", ""):
        answer = await ada.get("/images/search?" + query(term=term))
        assert answer.status == 200
        assert b"ben" not in answer.data
    assert upstream.seen == []


@pytest.mark.attack("another image under a known name")
async def test_a_tag_is_set_in_ones_own_store_alone(ada: Learner, ben: Learner, upstream: RecordingEngine) -> None:
    made = (await ada.post("/commit?container=web&repo=busybox&tag=latest")).json["Id"]
    for repository in ("busybox", "pg-ben/busybox", "playground-catalogue/busybox", "docker.io/library/busybox"):
        await ada.post("/images/busybox/tag?" + query(repo=repository, tag="latest"))
    tags = [seen.query["repo"] for seen in upstream.seen if seen.path.endswith("/tag")]
    assert all(tag.startswith("pg-ada/") for tag in tags)
    upstream.seen.clear()
    await ben.post("/containers/create", {"Image": "busybox", "HostConfig": {"NetworkMode": "none"}})
    used = [seen.body["Image"] for seen in upstream.seen if seen.line == "POST /v1.41/containers/create"]
    assert used == [IMAGE_ID]
    assert made != IMAGE_ID


@pytest.mark.attack("another's container in a commit")
@pytest.mark.parametrize("reference", [BENS_WEB, BENS_WEB[:12], "pg-ben-web", "nope"])
async def test_anothers_container_is_not_committed(ada: Learner, upstream: RecordingEngine, reference: str) -> None:
    await is_refused(ada, upstream, request(f"POST /v1.41/commit?container={reference}&repo=mine"), [404])


@pytest.mark.attack("a commit while programs write")
async def test_a_commit_always_pauses(ada: Learner, upstream: RecordingEngine) -> None:
    for pause in ("0", "false", "no", "1"):
        await ada.post(f"/commit?container=web&pause={pause}", {"Healthcheck": {"Test": ["CMD", "x"], "Interval": 1}})
    commits = [seen for seen in upstream.seen if seen.line == "POST /v1.41/commit"]
    assert {seen.query["pause"] for seen in commits} == {"1"}
    assert not any("Healthcheck" in seen.body for seen in commits)


STEPS = table(
    tried("ADD of an address", (), "ADD http://127.0.0.1:2375/info /x", "ADD https://127.0.0.8/x.tgz /",
          "ADD git@127.0.0.8:a/b /x", "ADD git://127.0.0.8/a /x", "ADD HTTP://127.0.0.1/x /x"),
    tried("another's image in a build", (),
          "COPY --from=pg-ben/secret:1 /s /x", "COPY --from=secret:1 /s /x", f"COPY --from={BENS_IMAGE} /s /x",
          f"COPY --from={BENS_IMAGE[7:17]} /s /x", "COPY --from=other:1 /s /x"),
    tried("the mark of another learner", (), "LABEL playground.seat=ben", 'LABEL a=b "PLAYGROUND.seat"=ben'),
    tried("a working directory inside of the kernel", (), "WORKDIR /proc/self/fd/8", "WORKDIR /x/../proc/1"),
    tried("a health check that runs all the time", (), "HEALTHCHECK --interval=1ms CMD true"),
)  # fmt: skip


UNKNOWN_STEPS = table(
    tried("rights for a step of a build", 400,
          "RUN --mount=type=bind,src=/,dst=/h ls /h", "RUN --security=insecure id", "RUN --network=host id"),
    tried("steps for whoever builds on it", 400, "ONBUILD RUN id", "ONBUILD ADD http://127.0.0.1/ /x"),
)  # fmt: skip


@pytest.mark.parametrize(("step", "statuses"), UNKNOWN_STEPS)
async def test_a_step_that_is_not_known_ends_the_build_before_it_begins(
    ada: Learner, upstream: RecordingEngine, step: str, statuses: tuple[int, ...]
) -> None:
    context = tar(("Dockerfile", f"FROM busybox\n{step}\n".encode()))
    answer = await is_refused(ada, upstream, request("POST /v1.41/build", context), statuses)
    assert "line 2" in answer.message


@pytest.mark.parametrize(("step", "statuses"), STEPS)
async def test_a_step_that_reaches_further_makes_no_container(
    ada: Learner, upstream: RecordingEngine, step: str, statuses: tuple[int, ...]
) -> None:
    answer = await build(ada, f"FROM busybox\n{step}\n")
    if answer.status == 200:
        assert '"error"' in answer.data.decode()
    assert not [line for line in upstream.lines() if line.startswith(("POST", "PUT"))]


@pytest.mark.attack("another's image in a build")
@pytest.mark.parametrize("base", ["secret:1", "pg-ben/secret:1", BENS_IMAGE, BENS_IMAGE[7:17], "other:1", "$x"])
async def test_anothers_image_is_no_base_and_its_name_is_not_told(
    ada: Learner, upstream: RecordingEngine, base: str
) -> None:
    answer = await build(ada, f"ARG x=pg-ben/secret:1\nFROM {base}\nRUN cat /secret\n")
    assert "Successfully" not in said(answer)
    assert not [line for line in upstream.lines() if line.startswith(("POST", "PUT"))]


@pytest.mark.attack("an archive that leads out of its folder")
async def test_a_path_in_the_query_does_not_lead_out_of_the_context(ada: Learner, upstream: RecordingEngine) -> None:
    for name in ("../../etc/passwd", "/etc/passwd", "a/../../x", "\0"):
        answer = await ada.call("POST", "/build?" + query(dockerfile=name), tar(("Dockerfile", b"FROM busybox")))
        assert answer.status == 400
    assert upstream.seen == []


@pytest.mark.attack("parts of a build that speak for others")
@pytest.mark.parametrize(
    "asked",
    [
        {"cachefrom": json.dumps(["pg-ben/secret:1"])}, {"cgroupparent": "/"}, {"memory": "1000000000000"},
        {"cpusetcpus": "0"}, {"ulimits": json.dumps([{"Name": "nproc", "Soft": 1, "Hard": 1}])},
        {"shmsize": "1000000000"},
    ],
    ids=json.dumps,
)  # fmt: skip
async def test_a_builds_wishes_do_not_reach_its_steps(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]
) -> None:
    await build(ada, "FROM busybox\nRUN id\n", "/build?" + query(**asked))
    for seen in upstream.seen:
        if seen.line == "POST /v1.41/containers/create":
            host = seen.body["HostConfig"]
            assert (host["CgroupParent"], host["Memory"], host["NetworkMode"]) == ("/playground/ada", 64 << 20, "none")
            assert "CpusetCpus" not in host
    assert "ben" not in str([seen.query for seen in upstream.seen])
