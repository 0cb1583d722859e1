"""What breaks off in the middle leaves nothing behind: no paused container, no uncounted thing, no waiting for ever."""

import asyncio
import socket
from pathlib import Path

import pytest

from playground.engine import volumes
from playground.engine.client import EngineClient, Wire
from playground.gateway import volumedisk
from playground.gateway.facts import Fact
from playground.gateway.halts import FILE
from playground.gateway.limits import Limits
from playground.gateway.raw import pump
from playground.gateway.server import Gateway
from playground.gateway.volumedisk import VolumeWatch
from tests.unit.gateway.conftest import ADAS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine
from tests.unit.gateway.tars import tar

UP = f"/v1.41/containers/{ADAS_WEB}"
ASKED = {"Image": "busybox", "HostConfig": {"NetworkMode": "none"}}


async def until(upstream: RecordingEngine, line: str) -> None:
    async with asyncio.timeout(60):
        while line not in upstream.lines():  # noqa: ASYNC110
            await asyncio.sleep(0)


# ── Streams ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_stream_that_ends_just_as_its_seat_is_closed_is_closed() -> None:
    (clients, client), (engines, engine) = socket.socketpair(), socket.socketpair()
    reader, writer = await asyncio.open_unix_connection(sock=client)
    wire = Wire(*await asyncio.open_unix_connection(sock=engine), b"", False)
    pumping = asyncio.create_task(pump(reader, writer, b"", wire))
    await asyncio.sleep(0)
    for _ in range(2):  # by its own end, and by the closing of the seat
        pumping.cancel()
        await asyncio.sleep(0)
    await asyncio.wait({pumping})
    writer.close()
    with clients, engines:
        engines.setblocking(False)
        async with asyncio.timeout(60):
            assert await asyncio.get_running_loop().sock_recv(engines, 1) == b""


# ── Copies ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_gateway_that_was_killed_in_a_copy_lets_the_container_go_on_when_it_is_back(
    gateway: Gateway, ada: Learner, sockets: Path, upstream: RecordingEngine
) -> None:
    upstream.held[f"PUT /containers/{ADAS_WEB}/archive"] = asyncio.Event()
    copying = asyncio.create_task(ada.call("PUT", "/containers/web/archive?path=/srv", tar(("a.txt", b"hi"))))
    await until(upstream, f"PUT {UP}/archive")
    left = (sockets / "ada" / FILE).read_text()
    upstream.held.popitem()[1].set()
    await copying
    assert (left, (sockets / "ada" / FILE).exists()) == (ADAS_WEB, False)

    (sockets / "ada" / FILE).write_text(left)
    upstream.seen.clear()
    await gateway.open("ada", sockets / "ada", "/playground/ada")
    await until(upstream, f"POST {UP}/unpause")
    await ada.get("/_ping")
    assert not (sockets / "ada" / FILE).exists()


async def test_what_the_learner_has_paused_stays_paused(
    gateway: Gateway, ada: Learner, sockets: Path, upstream: RecordingEngine
) -> None:
    await ada.post("/containers/web/pause")
    upstream.containers[ADAS_WEB]["State"] |= {"Status": "paused", "Paused": True}
    upstream.seen.clear()
    await gateway.open("ada", sockets / "ada", "/playground/ada")
    assert (await ada.call("PUT", "/containers/web/archive?path=/srv", tar(("a.txt", b"hi")))).status == 200
    assert upstream.lines() == [f"GET {UP}/json", f"PUT {UP}/archive"]


async def test_a_container_that_ends_during_the_copy_is_copied_and_its_next_pause_is_told(
    ada: Learner, upstream: RecordingEngine, facts: list[Fact]
) -> None:
    upstream.answers[f"POST /containers/{ADAS_WEB}/unpause"] = (500, {"message": "Container is not paused"})
    assert (await ada.call("PUT", "/containers/web/archive?path=/srv", tar(("a.txt", b"hi")))).status == 200
    await ada.post("/containers/web/pause")
    assert [fact.action for fact in facts] == ["cp", "pause", "pause"]


# ── Volumes ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_volume_that_another_container_has_too_outlives_its_maker(
    gateway: Gateway, ada: Learner, upstream: RecordingEngine
) -> None:
    asked = {**ASKED, "Volumes": {"/d": {}}, "HostConfig": {"NetworkMode": "none", "AutoRemove": True}}
    one = (await ada.post("/containers/create", asked)).json["Id"]
    (name,) = set(gateway.state("ada").volumes) - {"data"}
    binds = {"NetworkMode": "none", "AutoRemove": True, "Binds": [f"{name}:/d"]}
    two = (await ada.post("/containers/create", ASKED | {"HostConfig": binds})).json["Id"]
    await ada.call("DELETE", f"/containers/{one}")
    assert name in gateway.state("ada").volumes
    await ada.call("DELETE", f"/containers/{two}")
    assert name not in gateway.state("ada").volumes
    await until(upstream, f"DELETE /v1.41/volumes/pg-ada-{name}")


async def test_a_copy_of_one_learners_does_not_keep_the_watch_over_volumes_from_others(
    gateway: Gateway, ada: Learner, ben: Learner, upstream: RecordingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for learner, volume in ((ada, "data"), (ben, "bens")):
        asked = ASKED | {"HostConfig": {"NetworkMode": "none", "Binds": [f"{volume}:/d"]}}
        await learner.post(f"/containers/{(await learner.post('/containers/create', asked)).json['Id']}/start")
    owned, victim = gateway._owner("ada"), gateway._owner("ben")
    assert owned is not None
    assert victim is not None
    monkeypatch.setattr(volumedisk, "PAUSE", 0.001)
    watch = VolumeWatch(EngineClient(str(upstream.path)), lambda: [owned, victim], -1)  # everything is too much
    async with owned.stillness.still():
        watching = asyncio.create_task(watch.run())
        (bens,) = [one.id for one in victim.containers.values() if one.volumes]
        await until(upstream, f"POST /v1.41/containers/{bens}/kill")
    (adas,) = [one.id for one in owned.containers.values() if one.volumes]
    await until(upstream, f"POST /v1.41/containers/{adas}/kill")
    watching.cancel()


def test_measuring_a_volume_follows_no_link_and_stops_when_it_has_seen_enough(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "big").write_bytes(bytes(100_000))
    volume = tmp_path / "volume"
    volume.mkdir()
    (volume / "link").symlink_to(tmp_path / "elsewhere")
    assert volumes.used(volume, 10**6) < 50_000
    for number in range(50):
        (volume / str(number)).touch()
    assert 10_000 < volumes.used(volume, 10_000) < 50 * volumes.INODE_BYTES
    (tmp_path / "swapped").symlink_to(volume)
    with pytest.raises(OSError):  # noqa: PT011 (which one depends on the kernel)
        volumes.used(tmp_path / "swapped", 10**6)


# ── Counts and clearing ──────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_just_being_made_is_cleared_with_the_seat(
    gateway: Gateway, ada: Learner, upstream: RecordingEngine
) -> None:
    hold = upstream.held["POST /containers/create"] = asyncio.Event()
    making = asyncio.create_task(ada.post("/containers/create", ASKED))
    await until(upstream, "POST /v1.41/containers/create")
    await gateway.close("ada")
    clearing = asyncio.create_task(gateway.clear("ada"))
    await until(upstream, f"DELETE {UP}")
    hold.set()
    await clearing
    assert [found["Name"] for found in upstream.containers.values()] == ["/pg-ben-web"]
    with pytest.raises(ValueError):  # noqa: PT011 (no answer came)
        await making


class TestWithRoomForThreeImages:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(images=3)

    async def test_many_tags_at_once_do_not_get_around_the_count(self, gateway: Gateway, ada: Learner) -> None:
        await asyncio.gather(*(ada.post(f"/images/busybox/tag?repo=mine&tag={number}") for number in range(8)))
        (image,) = gateway.state("ada").images
        assert len(image.tags) == 3
