"""What comes back: nothing of the host, of the playground or of others (attacks E 79, 82, 84, 86)."""

import json
from typing import Any

import pytest

from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_WEB, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine

SECRETS = ("/var/lib", "/var/run", "pg-ada", "pg-ben", "playground.", "/playground/", "4242", "6.1-host", "nnnn")


@pytest.mark.parametrize(
    "target",
    [
        "/containers/web/json", "/containers/json?all=1", "/images/json", "/images/busybox/json", "/info", "/version",
        "/system/df", "/images/search?term=busy",
    ],
)  # fmt: skip
async def test_an_answer_holds_nothing_of_the_host_or_of_others(ada: Learner, target: str) -> None:
    answer = await ada.get(target)
    assert answer.status == 200
    assert [secret for secret in SECRETS if secret.encode() in answer.data] == []


async def test_a_container_looks_as_the_learner_made_it(ada: Learner) -> None:
    found = (await ada.get("/containers/web/json")).json
    assert (found["Name"], found["State"]["Status"], found["State"]["Pid"]) == ("/web", "running", 0)
    assert found["HostConfig"]["NetworkMode"] == "default"
    assert list(found["NetworkSettings"]["Networks"]) == ["none", "mine"]
    assert found["NetworkSettings"]["Networks"]["mine"]["Aliases"] == ["www"]
    assert found["Mounts"] == [{"Type": "tmpfs", "Destination": "/data", "RW": True, "Name": "", "Source": ""}]


async def test_a_list_shows_the_learners_own_only(ada: Learner) -> None:
    (found,) = (await ada.get("/containers/json")).json
    assert (found["Id"], found["Names"]) == (ADAS_WEB, ["/web"])


async def test_the_store_of_images_holds_the_learners_names(ada: Learner) -> None:
    (found,) = (await ada.get("/images/json")).json
    assert (found["Id"], found["RepoTags"], found["Labels"]) == (IMAGE_ID, ["busybox:latest"], {"kind": "tool"})


async def test_info_shows_the_seats_share_of_the_machine(ada: Learner) -> None:
    found = (await ada.get("/info")).json
    assert (found["Containers"], found["NCPU"], found["MemTotal"], found["Name"]) == (1, 1, 256 << 20, "playground")


async def test_the_engines_headers_are_the_gateways_own(ada: Learner) -> None:
    headers = (await ada.get("/containers/json")).headers
    assert (headers["api-version"], headers["server"]) == ("1.41", "Docker/20.10.24 (linux)")


@pytest.mark.parametrize("status", [301, 400, 404, 409, 500])
async def test_an_engines_strange_answer_never_shows(ada: Learner, upstream: RecordingEngine, status: int) -> None:
    upstream.answers[f"POST /containers/{ADAS_WEB}/pause"] = (status, {"message": "open /var/lib/docker/x: no space"})
    answer = await ada.post("/containers/web/pause")
    assert answer.status != 500
    assert answer.status != 301
    assert b"/var/lib" not in answer.data


# ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def events_of(learner: Learner, upstream: RecordingEngine, target: str = "/events") -> list[dict[str, Any]]:
    """What a learner who watches hears while things happen to all, up to the learner's own last one."""
    async with learner.connected() as (reader, writer):
        writer.write(f"GET {target} HTTP/1.1\r\nHost: d\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        happen(upstream)
        found: list[dict[str, Any]] = []
        while not found or found[-1]["Action"] != "die":
            await reader.readline()
            found.append(json.loads(await reader.readline()))
            await reader.readline()
    return found


def happen(upstream: RecordingEngine) -> None:
    for identity, seat in ((BENS_WEB, "ben"), ("9" * 64, "cleo"), (ADAS_WEB, "ada")):
        marks = {"playground.seat": seat, "name": f"pg-{seat}-web", "image": IMAGE_ID, "secret": seat, "execID": "x1"}
        upstream.tell("container", "exec_create: cat /secret", identity, marks)
        upstream.tell("container", "die", identity, marks | {"exitCode": "3"})
    upstream.tell("network", "connect", "n" * 64, {"container": BENS_WEB, "name": "pg-ben-net"})
    upstream.tell("volume", "mount", "pg-ben-data", {"container": BENS_WEB})
    upstream.tell("image", "tag", IMAGE_ID, {"name": "pg-ben/secret:1"})


async def test_events_are_of_the_learners_own_things(ada: Learner, upstream: RecordingEngine) -> None:
    found = await events_of(ada, upstream)
    assert [(event["Action"], event["Actor"]["ID"]) for event in found] == [
        ("exec_create: cat /secret", ADAS_WEB),
        ("die", ADAS_WEB),
    ]
    assert found[-1]["Actor"]["Attributes"] == {
        "name": "web", "image": IMAGE_ID, "exitCode": "3", "execID": "x1", "secret": "ada",
    }  # fmt: skip


async def test_events_can_be_filtered(ada: Learner, upstream: RecordingEngine) -> None:
    found = await events_of(ada, upstream, "/events?filters=%7B%22event%22:%5B%22die%22%5D%7D")
    assert [event["Action"] for event in found] == ["die"]


async def test_what_happened_before_can_be_read_again(ada: Learner, upstream: RecordingEngine) -> None:
    await events_of(ada, upstream)
    answer = await ada.get("/events?since=0&until=1")
    assert [json.loads(line)["Action"] for line in answer.data.splitlines()] == ["exec_create: cat /secret", "die"]


async def test_state_follows_the_events(gateway: Gateway, ada: Learner, upstream: RecordingEngine) -> None:
    await events_of(ada, upstream)
    (web,) = gateway.state("ada").containers
    assert (web.name, web.status, web.exit_code) == ("web", "exited", 3)
    (bens,) = gateway.state("ben").containers
    assert bens.exit_code == 3
