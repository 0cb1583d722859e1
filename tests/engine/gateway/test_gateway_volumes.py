"""Volumes of a learner's own (attacks D 53 to 57, F 102)."""

import asyncio
import json
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.gateway.limits import MIB, Limits
from playground.gateway.server import Gateway
from tests.engine.gateway.learners import Learner


@pytest.fixture
def limits() -> Limits:
    return Limits(volumes=2, volume_disk=4 * MIB)


@pytest.fixture
async def _images(ada: Learner, ben: Learner) -> None:
    for learner in (ada, ben):
        await learner.ok("pull", "-q", "busybox")


pytestmark = pytest.mark.usefixtures("_images")


@pytest.mark.usefixtures("every_cli")
async def test_a_volume_keeps_what_containers_leave_in_it(ada: Learner) -> None:
    assert await ada.ok("volume", "create", "--label", "tier=back", "data") == "data"
    await ada.ok("run", "--rm", "-v", "data:/d", "busybox", "sh", "-c", "echo kept > /d/word")
    assert (
        await ada.ok("run", "--rm", "--mount", "type=volume,src=data,dst=/d,ro", "busybox", "cat", "/d/word") == "kept"
    )
    assert "Read-only" in (await ada.docker("run", "--rm", "-v", "data:/d:ro", "busybox", "touch", "/d/x")).err
    await ada.ok("run", "-d", "--name", "web", "-v", "data:/d", "busybox", "sleep", "600")
    assert await ada.ok("run", "--rm", "--volumes-from", "web:ro", "busybox", "cat", "/d/word") == "kept"
    (found,) = json.loads(await ada.ok("volume", "inspect", "data"))
    assert (found["Name"], found["Driver"], found["Labels"], found["Options"]) == (
        "data",
        "local",
        {"tier": "back"},
        {},
    )
    assert await ada.ok("inspect", "-f", "{{range .Mounts}}{{.Name}} {{.Destination}}{{end}}", "web") == "data /d"
    assert "volume is in use" in (await ada.docker("volume", "rm", "data")).err
    assert ada.seat not in (await ada.docker("volume", "rm", "data")).err
    await ada.ok("rm", "-f", "web")
    assert await ada.ok("volume", "ls", "-q", "--filter", "dangling=true") == "data"
    assert await ada.ok("volume", "rm", "data") == "data"
    assert ada.gateway.state(ada.seat).volumes == ()
    assert (await ada.told("volume create")).name == (await ada.told("volume rm")).name == "data"


@pytest.mark.usefixtures("every_cli")
async def test_a_volume_without_a_name_goes_with_its_container_where_that_was_asked(
    ada: Learner, engine: Engine
) -> None:
    await ada.ok("run", "--rm", "-v", "/d", "busybox", "touch", "/d/x")
    assert await ada.ok("volume", "ls", "-q") == ""
    await ada.ok("run", "--name", "web", "-v", "/d", "-v", "named:/n", "busybox", "touch", "/d/x")
    assert len((await ada.ok("volume", "ls", "-q")).split()) == 2
    await ada.ok("rm", "-v", "web")
    assert await ada.ok("volume", "ls", "-q") == "named"
    await ada.ok("run", "--name", "web", "-v", "/d", "busybox", "true")
    await ada.ok("rm", "web")
    assert len((await ada.ok("volume", "ls", "-q")).split()) == 2
    await ada.ok("volume", "rm", "named")
    await ada.ok("volume", "prune", "-f")
    assert await engine.volumes({labels.SEAT: ada.seat}) == []


@pytest.mark.attack("another's volume")
async def test_another_learners_volume_is_not_there(ada: Learner, ben: Learner) -> None:
    await ben.ok("run", "--name", "web", "-v", "data:/d", "busybox", "sh", "-c", "echo bens > /d/word")
    for name in ("data", f"pg-{ben.seat}-data"):
        for verb in ("inspect", "rm"):
            ran = await ada.docker("volume", verb, name)
            assert (ran.code, "no such volume" in ran.err.lower()) == (1, True)
    assert "No such container: web" in (await ada.docker("run", "--volumes-from", "web", "busybox")).err
    assert await ada.ok("run", "--rm", "-v", "data:/d", "busybox", "ls", "/d") == ""
    await ada.ok("volume", "prune", "-f")
    await ada.ok("system", "prune", "-af", "--volumes")
    assert await ben.ok("run", "--rm", "-v", "data:/d", "busybox", "cat", "/d/word") == "bens"


REFUSED = [
    ["volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/etc", "x1"],
    ["volume", "create", "-d", "nope", "x1"],
    ["volume", "create", "--label", "playground.seat=x", "x1"],
    ["run", "--mount", "type=volume,src=v1,dst=/h,volume-opt=type=none,volume-opt=device=/", "busybox"],
    ["run", "--mount", "type=volume,src=v1,dst=/h,volume-driver=nope", "busybox"],
    ["run", "--volume-driver", "nope", "-v", "v1:/h", "busybox"],
    ["run", "-v", "v1:/proc/x", "busybox"],
    ["run", "-v", "v1:/h:z", "busybox"],
    ["run", "-v", "v1:/a", "-v", "v2:/b", "-v", "v3:/c", "busybox"],
]  # fmt: skip


@pytest.mark.usefixtures("every_cli")
@pytest.mark.attack("a volume of the host's files")
async def test_what_reaches_for_the_host_or_for_more_is_refused_and_leaves_nothing(
    ada: Learner, engine: Engine
) -> None:
    for words in REFUSED:
        assert (await ada.docker(*words)).code != 0, words
    assert await engine.volumes({labels.SEAT: ada.seat}) == []


@pytest.mark.attack("a full disk")
async def test_a_volume_that_no_disk_bounds_is_measured_and_its_containers_killed(
    ada: Learner, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nonexistent")  # no btrfs program: as with an engine on another file system
        await ada.ok("volume", "create", "data")
    script = "for i in 1 2 3; do dd if=/dev/zero of=/d/$i bs=1M count=3; done; sleep 600"
    await ada.ok("run", "-d", "--name", "web", "-v", "data:/d", "busybox", "sh", "-c", script)
    assert (await ada.told("exit", "event")).exit_code == 137
    ran = await ada.docker("start", "web")
    assert "The volume data holds more than 4 MiB" in ran.err
    assert "holds more" in (await ada.docker("run", "-v", "data:/d", "busybox")).err
    await ada.ok("rm", "web")
    assert await ada.ok("volume", "rm", "data") == "data"


async def test_a_cleared_seat_leaves_no_network_and_no_volume(
    ada: Learner, ben: Learner, gateway: Gateway, engine: Engine
) -> None:
    for learner in (ada, ben):
        await learner.ok("network", "create", "mine")
        await learner.ok("run", "-d", "--network", "mine", "-v", "/d", "-v", "data:/e", "busybox", "sleep", "600")
        await learner.ok("run", "-d", "busybox", "sleep", "600")
    (kept,) = [
        one["Mountpoint"] for one in await engine.volumes({labels.SEAT: ada.seat}) if one["Name"].endswith("data")
    ]
    await gateway.clear(ada.seat)
    await gateway.clear(ada.seat)
    assert await engine.networks({labels.SEAT: ada.seat}) == await engine.volumes({labels.SEAT: ada.seat}) == []
    assert not await asyncio.to_thread(Path(kept).exists)
    assert (gateway.state(ada.seat).networks, gateway.state(ada.seat).volumes) == ((), ())
    assert (
        len(await engine.networks({labels.SEAT: ben.seat})) == len(await engine.volumes({labels.SEAT: ben.seat})) == 2
    )
