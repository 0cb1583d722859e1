"""`docker cp`, `save` and `update` before a recording engine (attacks G 121, 123, H 129)."""

import base64
import gzip
import io
import json
import tarfile
from typing import Any

import pytest

from playground.gateway.limits import MIB, Limits
from playground.gateway.policy.names import parse_reference
from playground.gateway.policy.savedtar import SavedTar
from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine
from tests.unit.gateway.tars import tar

UP = f"/v1.41/containers/{ADAS_WEB}"


async def test_a_copy_is_written_anew_while_the_container_stands_still(ada: Learner, upstream: RecordingEngine) -> None:
    data = gzip.compress(tar(("a.txt", b"hi")))
    answer = await ada.call("PUT", "/containers/web/archive?path=/srv&copyUIDGID=1&noOverwriteDirNonDir=true", data)
    assert answer.status == 200
    assert upstream.lines() == [f"GET {UP}/json", f"POST {UP}/pause", f"PUT {UP}/archive", f"POST {UP}/unpause"]
    sent = upstream.seen[2]
    assert sent.query == {"path": "/srv", "noOverwriteDirNonDir": "1"}
    with tarfile.open(fileobj=io.BytesIO(sent.body), mode="r:") as written:
        assert written.getnames() == ["a.txt"]


async def test_a_container_goes_on_after_a_copy_that_failed(ada: Learner, upstream: RecordingEngine) -> None:
    upstream.answers[f"PUT /containers/{ADAS_WEB}/archive"] = (
        404,
        {"message": "lstat /var/lib/docker/x: no such file"},
    )
    answer = await ada.call("PUT", "/containers/web/archive?path=/srv", tar(("a.txt", b"hi")))
    assert (answer.status, answer.message) == (404, "Could not find the file /srv in container web")
    assert upstream.lines()[-1] == f"POST {UP}/unpause"


async def test_nothing_is_copied_while_the_container_restarts(ada: Learner, upstream: RecordingEngine) -> None:
    upstream.containers[ADAS_WEB]["State"]["Restarting"] = True
    answer = await ada.call("PUT", "/containers/web/archive?path=/srv", tar(("a.txt", b"hi")))
    assert answer.status == 409
    assert upstream.lines() == [f"GET {UP}/json"]


async def test_nothing_is_copied_through_a_mount_within_a_volume(ada: Learner, upstream: RecordingEngine) -> None:
    mounts = [{"Type": "volume", "Destination": "/data"}, {"Type": "volume", "Destination": "/data/in"}]
    upstream.containers[ADAS_WEB]["Mounts"] = mounts
    answer = await ada.get("/containers/web/archive?path=/data/in")
    assert answer.status == 403
    assert upstream.lines() == [f"GET {UP}/json"]


async def test_who_has_a_volume_of_the_containers_stands_still_too(
    ada: Learner, upstream: RecordingEngine, facts: list[Any]
) -> None:
    asked = {"Image": "busybox", "HostConfig": {"NetworkMode": "none", "Binds": ["data:/d"]}}
    one, two = [(await ada.post("/containers/create", asked)).json["Id"] for _ in range(2)]
    upstream.seen.clear()
    assert (await ada.call("PUT", f"/containers/{one}/archive?path=/srv", tar(("a.txt", b"hi")))).status == 200
    assert upstream.lines() == [
        f"GET /v1.41/containers/{one}/json", f"POST /v1.41/containers/{one}/pause",
        f"GET /v1.41/containers/{two}/json", f"POST /v1.41/containers/{two}/pause",
        f"PUT /v1.41/containers/{one}/archive",
        f"POST /v1.41/containers/{two}/unpause", f"POST /v1.41/containers/{one}/unpause",
    ]  # fmt: skip
    assert "pause" not in [fact.action for fact in facts]


async def test_a_pause_for_a_copy_is_not_told(ada: Learner, upstream: RecordingEngine, facts: list[Any]) -> None:
    await ada.call("PUT", "/containers/web/archive?path=/srv", tar(("a.txt", b"hi")))
    await ada.post("/containers/web/pause")
    assert [fact.action for fact in facts] == ["cp", "pause", "pause"]  # the learner's: the event, and the call


async def test_the_files_stat_is_written_anew(ada: Learner, upstream: RecordingEngine) -> None:
    found = {"name": "x", "size": 1, "mode": 420, "mtime": "2026-01-01T00:00:00Z", "linkTarget": "", "host": "/var"}
    upstream.headers["X-Docker-Container-Path-Stat"] = base64.b64encode(json.dumps(found).encode()).decode()
    (answer,) = await ada.send(b"HEAD /v1.41/containers/web/archive?path=x HTTP/1.1\r\nHost: d\r\n\r\n", method="HEAD")
    shown = json.loads(base64.b64decode(answer.headers["x-docker-container-path-stat"]))
    assert shown == {key: value for key, value in found.items() if key != "host"}
    assert upstream.seen[2].query == {"path": "/x"}


class TestWithLittleRoom:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(upload=MIB)

    async def test_a_larger_copy_is_refused(self, ada: Learner, upstream: RecordingEngine) -> None:
        answer = await ada.call("PUT", "/containers/web/archive?path=/srv", bytes(MIB + 1))
        assert (answer.status, answer.closed) == (413, True)
        assert upstream.seen == []


async def test_an_export_comes_from_a_container_that_stands_still(
    gateway: Gateway, ada: Learner, upstream: RecordingEngine
) -> None:
    answer = await ada.get("/containers/web/export?x=1")
    assert (answer.status, answer.data) == (200, b"{}")
    assert upstream.lines() == [f"GET {UP}/json", f"POST {UP}/pause", f"GET {UP}/export", f"POST {UP}/unpause"]
    assert gateway._ground.files.left == Limits().copy_files


class TestWithAnEngineThatKeepsWhatItHasExported:
    @pytest.fixture
    async def upstream(self, upstream: RecordingEngine) -> RecordingEngine:
        upstream.version = "26.1.5+dfsg1"
        return upstream

    @pytest.mark.attack("a disk filled with exports")
    async def test_nothing_is_exported(self, ada: Learner, upstream: RecordingEngine) -> None:
        answer = await ada.get("/containers/web/export")
        assert (answer.status, "try docker cp" in answer.message) == (403, True)
        assert upstream.seen == []


class TestWithLittleRoomForCopies:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(download=1)

    @pytest.mark.parametrize("target", ["export", "archive?path=/srv"])
    async def test_what_is_larger_is_refused_and_the_container_goes_on(
        self, gateway: Gateway, ada: Learner, upstream: RecordingEngine, target: str
    ) -> None:
        answer = await ada.get(f"/containers/web/{target}")
        assert (answer.status, "takes at most 1 bytes" in answer.message) == (413, True)
        assert upstream.lines()[-1] == f"POST {UP}/unpause"
        assert gateway._ground.files.left == Limits().copy_files


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"Memory": 10**12, "MemorySwap": -1}, {"Memory": 256 * MIB, "MemorySwap": 256 * MIB}),
        ({"memory": 16 * MIB}, {"Memory": 16 * MIB, "MemorySwap": 16 * MIB}),
        ({"PidsLimit": -1}, {"PidsLimit": 64}),
        ({"NanoCpus": 8 * 10**9}, {"NanoCpus": 500_000_000}),
        ({"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 99}},
         {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3}}),
        ({"RestartPolicy": {"Name": "", "MaximumRetryCount": 0}, "PidsLimit": 0, "Devices": None}, {}),
    ],
)  # fmt: skip
async def test_an_update_stays_within_the_bounds(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any], sent: dict[str, Any]
) -> None:
    assert (await ada.post("/containers/web/update", asked)).status == 200
    assert [(seen.line, seen.body or {}) for seen in upstream.seen] == [(f"POST {UP}/update", sent)]


@pytest.mark.parametrize(
    "asked",
    [
        {"RestartPolicy": {"Name": "always"}}, {"CgroupParent": "/x"}, {"cgroupparent": "/x"}, {"BlkioWeight": 10},
        {"Devices": [{"PathOnHost": "/dev/vda"}]}, {"CpusetCpus": "0"}, {"CpuRealtimeRuntime": 950000},
        {"OomKillDisable": True}, {"KernelMemory": 1},
    ],
)  # fmt: skip
async def test_what_an_update_may_not_change(ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]) -> None:
    assert (await ada.post("/containers/web/update", asked)).status == 403
    assert upstream.seen == []


async def test_an_image_is_saved_by_its_id(ada: Learner, upstream: RecordingEngine) -> None:
    await ada.get("/images/get?names=busybox&names=busybox:latest")
    assert upstream.seen[-1].line == "GET /v1.41/images/get"
    assert upstream.seen[-1].query == {"names": IMAGE_ID}


@pytest.mark.parametrize("size", [1, 511, 512, 100_000])
def test_a_saved_image_has_the_learners_names(size: int) -> None:
    identity = "b" * 64
    manifest = [{"Config": f"{identity}.json", "RepoTags": None, "Layers": ["lower/layer.tar", "top/layer.tar"]}]
    engines = tar(
        (f"{identity}.json", b"{}"), ("top/layer.tar", b"x" * 700), ("manifest.json", json.dumps(manifest).encode()),
        ("repositories", b'{"pg-ada/busybox":{}}'),
    )  # fmt: skip
    saved = SavedTar({f"sha256:{identity}": [parse_reference("web:1")]})
    out = b"".join(saved.feed(engines[at : at + size]) for at in range(0, len(engines), size))
    with tarfile.open(fileobj=io.BytesIO(out), mode="r:") as read:
        assert read.getnames() == [f"{identity}.json", "top/layer.tar", "manifest.json", "repositories"]
        files = {name: (read.extractfile(name) or io.BytesIO()).read() for name in read.getnames()}
    assert files["top/layer.tar"] == b"x" * 700
    assert json.loads(files["manifest.json"])[0]["RepoTags"] == ["web:1"]
    assert json.loads(files["repositories"]) == {"web": {"1": "top"}}
