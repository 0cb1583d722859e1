"""`docker build` before a recording engine: a step is a container like any other, and what is refused sends nothing
(attacks G 106 to 112, 116)."""

import gzip
import json
import tarfile
from typing import Any

import pytest

from playground.gateway.limits import MIB
from playground.gateway.policy.seccomp import SECURITY_OPT
from playground.gateway.policy.tarball import MAX_ENTRIES
from tests.unit.gateway.learner import Answered, Learner, answers
from tests.unit.gateway.recording import IMAGE_ID, MADE_IMAGE_ID, RecordingEngine
from tests.unit.gateway.tars import member, tar
from tests.unit.gateway.test_commit import MARKS


async def build(learner: Learner, dockerfile: str, target: str = "/build", *files: Any) -> Answered:
    return await send(learner, target, tar(("Dockerfile", dockerfile.encode()), *files))


async def send(learner: Learner, target: str, context: bytes) -> Answered:
    """Without a half-close, by which a client that is gone would be known."""
    head = f"POST /v1.41{target} HTTP/1.1\r\nHost: docker\r\nContent-Length: {len(context)}\r\n\r\n"
    async with learner.connected() as (reader, writer):
        writer.write(head.encode() + context)
        (answer,) = answers(await reader.read(), "POST")
    return answer


def said(answer: Answered) -> str:
    lines = [json.loads(line) for line in answer.data.splitlines()]
    return "".join(line.get("stream", "") + line.get("error", "") for line in lines)


@pytest.mark.attack("rights for a step of a build")
async def test_a_step_is_a_container_with_the_walls_of_any_other(ada: Learner, upstream: RecordingEngine) -> None:
    answer = await build(
        ada,
        "FROM busybox\nARG who\nRUN echo hi\n",
        "/build?t=web&memory=1&cgroupparent=/x&buildargs=%7B%22who%22:%22a%22%7D",
    )
    assert "Successfully tagged web:latest" in said(answer)
    made = [seen for seen in upstream.seen if seen.line == "POST /v1.41/containers/create"]
    step = made[-1]
    assert step.query["name"].startswith("pg-ada-build-")
    assert step.body["Entrypoint"] == ["/bin/sh", "-c", 'export who=a; exec "$@"', "sh", "/bin/sh", "-c", "echo hi"]
    assert "Env" not in step.body
    assert step.body["Labels"] == {
        "playground.instance": "test", "playground.seat": "ada", "playground.role": "build",
    }  # fmt: skip
    host = step.body["HostConfig"]
    assert (host["CapDrop"], host["SecurityOpt"], host["NetworkMode"]) == (["ALL"], list(SECURITY_OPT), "none")
    assert (host["CgroupParent"], host["Memory"], host["PidsLimit"]) == ("/playground/ada", 64 * MIB, 64)
    commit = [seen for seen in upstream.seen if seen.line == "POST /v1.41/commit"][-1]
    assert commit.body["Labels"].items() >= {key: MARKS[key] for key in ("playground.seat", "playground.role")}.items()
    assert commit.body["Cmd"] == ["sh"]
    assert upstream.seen[-1].query == {"repo": "pg-ada/web", "tag": "latest"}


async def test_a_step_makes_no_volume_of_the_images(ada: Learner, upstream: RecordingEngine) -> None:
    found = {"Id": IMAGE_ID, "Size": 1, "Config": {"Volumes": {"/data": {}, "/d/": {}}}}
    upstream.answers[f"GET /images/{IMAGE_ID}/json"] = (200, found)
    assert "Successfully built" in said(await build(ada, "FROM busybox\nRUN echo hi\n"))
    (step,) = [seen for seen in upstream.seen if seen.line == "POST /v1.41/containers/create"]
    mounts = step.body["HostConfig"]["Mounts"]
    assert [(mount["Type"], mount["Target"]) for mount in mounts] == [("tmpfs", "/d"), ("tmpfs", "/data")]
    assert "Volumes" not in step.body
    assert not [line for line in upstream.lines() if "/volumes" in line or "/networks" in line]


@pytest.mark.parametrize(
    ("dockerfile", "target", "status"),
    [
        ("FROM busybox", "/build?remote=http://127.0.0.8/", 403),
        ("FROM busybox", "/build?remote=client-session&version=2", 403),
        ("FROM busybox", "/build?version=2", 403),
        ("FROM busybox", "/build?networkmode=host", 403),
        ("FROM busybox", "/build?platform=windows", 404),
        ("FROM busybox", "/build?extrahosts=a:1.2.3.4", 403),
        ("FROM busybox", "/build?squash=1", 403),
        ("FROM busybox", "/build?securityopt=[%22seccomp=unconfined%22]", 403),
        ("FROM busybox", "/build?labels=%7B%22playground.seat%22:%22ben%22%7D", 403),
        ("FROM busybox", "/build?buildargs=%7B%22a;b%22:%22x%22%7D", 400),
        ("FROM busybox", "/build?dockerfile=../../etc/passwd", 400),
        ("FROM busybox", "/build?dockerfile=/etc/passwd", 400),
        ("FROM busybox", "/build?dockerfile=other", 400),
        ("FROM busybox", "/build?t=a&t=b&t=c", 400),
        ("FROM busybox", "/build?t=A!", 400),
        ("FROM busybox", "/build?target=x", 400),
        ("NONSENSE", "/build", 400),
        ("FROM busybox\nONBUILD RUN x", "/build", 400),
    ],
)
async def test_a_build_that_is_refused_sends_nothing(
    ada: Learner, upstream: RecordingEngine, dockerfile: str, target: str, status: int
) -> None:
    answer = await ada.call("POST", target, tar(("Dockerfile", dockerfile.encode())))
    assert (answer.status, upstream.seen) == (status, [])


@pytest.mark.parametrize(
    "context",
    [
        tar(("../../etc/passwd", b"x")),
        tar(("/etc/passwd", b"x")),
        tar(member("Dockerfile", tarfile.SYMTYPE, "/etc/shadow")),
        tar(member("Dockerfile", tarfile.SYMTYPE, "../x")),
        tar(member("a", tarfile.SYMTYPE, "Dockerfile"), member("Dockerfile", tarfile.SYMTYPE, "a")),
        tar(member("Dockerfile", tarfile.LNKTYPE, "/etc/shadow")),
        tar(member("disk", tarfile.BLKTYPE)),
        tar(*[(str(number), b"") for number in range(MAX_ENTRIES + 1)]),
        gzip.compress(bytes(50 * MIB)),
        b"",
    ],
)  # fmt: skip
@pytest.mark.attack("an archive that leads out of its folder")
async def test_a_hostile_context_sends_nothing(ada: Learner, upstream: RecordingEngine, context: bytes) -> None:
    answer = await ada.call("POST", "/build", context)
    assert answer.status in (400, 403, 413)
    assert upstream.seen == []


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("ADD http://127.0.0.1:2375/info /x", "ADD of an address"),
        ("ADD git@github.com:a/b /x", "ADD of an address"),
        ("COPY --from=pg-ben/busybox /x /x", "pull access denied for pg-ben/busybox"),
        ("COPY --from=other:1 /x /x", "pull access denied for other"),
        ("COPY ../../etc/passwd /x", "forbidden path outside"),
        ("COPY link /x", "forbidden path outside"),
        ("COPY many many many", "destination must be a directory"),
        ("COPY Dockerfile /proc/x", "may not lie under /proc"),
        ("COPY ?* /x", "forbidden path outside"),
        ("COPY D* oth* /x", "destination must be a directory"),
        ("WORKDIR /proc/self/fd/8", "may not lie under /proc"),
        ("LABEL PLAYGROUND.seat=ben", "belong to the playground"),
    ],
)
async def test_a_step_that_is_refused_makes_no_container(
    ada: Learner, upstream: RecordingEngine, step: str, says: str
) -> None:
    link = member("link", tarfile.SYMTYPE, "../../etc/passwd")
    answer = await build(ada, f"FROM busybox\n{step}\n", "/build?nocache=1", link, ("other", b"x"))
    assert says in said(answer)
    assert not [line for line in upstream.lines() if line.startswith("POST")]


@pytest.mark.parametrize("base", ["ben/secret:1", "sha256:" + "f" * 64, "ffffffffff", "other:1", "pg-ben/busybox"])
async def test_anothers_image_is_no_base(ada: Learner, upstream: RecordingEngine, base: str) -> None:
    answer = await build(ada, f"FROM {base}\nRUN cat /secret\n")
    assert "pull access denied" in said(answer) or "images are pulled by their tags here" in said(answer)
    assert not [line for line in upstream.lines() if line.startswith("POST")]


async def test_a_build_of_a_base_alone_names_it(ada: Learner, upstream: RecordingEngine) -> None:
    assert "Successfully built bbbbbbbbbbbb" in said(await build(ada, "FROM busybox", "/build?t=mine"))
    assert upstream.seen[-1].line == f"POST /v1.41/images/{IMAGE_ID}/tag"
    assert MADE_IMAGE_ID not in str(upstream.lines())
