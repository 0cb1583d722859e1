"""The real CLI over the gateway: files in and out of containers, images as archives, new limits."""

import asyncio
import io
import json
import tarfile
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.gateway.halts import FILE
from playground.gateway.limits import MIB
from playground.seats.cgroups import Budgets
from tests.engine.gateway.learners import Learner


@pytest.mark.usefixtures("every_cli")
async def test_files_go_into_a_container_and_come_out_again(ada: Learner, tmp_path: Path) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "page").write_text("hi\n")
    (tmp_path / "site" / "link").symlink_to("page")
    await ada.ok("cp", str(tmp_path / "site"), "web:/srv")
    assert (await ada.ok("exec", "web", "cat", "/srv/link")) == "hi"
    await ada.ok("exec", "web", "sh", "-c", "echo more >> /srv/page")
    await ada.ok("cp", "web:/srv/page", str(tmp_path / "back"))
    assert (tmp_path / "back").read_text() == "hi\nmore\n"
    await ada.ok("cp", "web:/srv/.", str(tmp_path / "all"))
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["link", "page"]
    assert "web:/nope" in (await ada.docker("cp", "web:/nope", "-")).err.replace("/nope in container web", "web:/nope")
    assert "may not lie under /proc" in (await ada.docker("cp", "web:/proc/1/root/etc", "-")).err
    web = ada.container("web")
    assert web is not None
    assert web.status == "running"
    assert (await ada.told("cp")).name == "web"


@pytest.mark.usefixtures("every_cli")
async def test_files_are_copied_from_a_container_that_has_ended(ada: Learner, tmp_path: Path) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "--name", "web", "busybox", "sh", "-c", "echo hi > /page")
    await ada.ok("cp", "web:/page", str(tmp_path / "page"))
    assert (tmp_path / "page").read_text() == "hi\n"


@pytest.mark.attack("a folder swapped for a link during a copy")
async def test_a_container_that_swaps_folders_for_links_leads_nowhere(ada: Learner, tmp_path: Path) -> None:
    """Attack G 121."""
    await ada.ok("pull", "-q", "busybox")
    canary = tmp_path / "canary"
    canary.write_text("host")
    swap = f"mkdir /a /b; while :; do mv /a /c; ln -s {tmp_path} /a; rm /a; mv /c /a; done"
    await ada.ok("run", "-d", "--name", "evil", "busybox", "sh", "-c", swap)
    (tmp_path / "file").write_text("learner")
    for _ in range(20):
        await ada.docker("cp", str(tmp_path / "file"), "evil:/a/canary")
        out = await ada.docker("cp", "evil:/a/canary", "-")
        assert "host" not in out.out
    assert canary.read_text() == "host"
    evil = ada.container("evil")
    assert evil is not None
    assert evil.status == "running"


@pytest.mark.usefixtures("every_cli")
async def test_files_go_through_a_volume_that_two_containers_have(ada: Learner, tmp_path: Path) -> None:
    await ada.ok("pull", "-q", "busybox")
    for name in ("web", "db"):
        await ada.ok("run", "-d", "--name", name, "-v", "data:/d", "busybox", "sleep", "600")
    (tmp_path / "page").write_text("hi\n")
    await ada.ok("cp", str(tmp_path / "page"), "web:/d/page")
    assert await ada.ok("exec", "db", "cat", "/d/page") == "hi"
    await ada.ok("cp", "db:/d/page", str(tmp_path / "back"))
    assert (tmp_path / "back").read_text() == "hi\n"
    assert [one.status for one in ada.gateway.state(ada.seat).containers] == ["running", "running"]
    await ada.ok("run", "-d", "--name", "deep", "-v", "data:/d", "-v", "inner:/d/in", "busybox", "sleep", "600")
    refusal = "not available for a container with a mount inside of a volume"
    assert refusal in (await ada.docker("cp", str(tmp_path / "page"), "deep:/d/in/page")).err
    assert refusal in (await ada.docker("cp", "deep:/d/page", "-")).err


@pytest.mark.attack("a folder swapped for a link during a copy")
async def test_another_container_that_swaps_folders_in_the_volume_leads_nowhere(ada: Learner, tmp_path: Path) -> None:
    """Attack G 121, from the side."""
    await ada.ok("pull", "-q", "busybox")
    canary = tmp_path / "canary"
    canary.write_text("host")
    swap = f"mkdir /d/a; while :; do mv /d/a /d/c; ln -s {tmp_path} /d/a; rm /d/a; mv /d/c /d/a; done"
    await ada.ok("run", "-d", "--name", "web", "-v", "data:/d", "busybox", "sleep", "600")
    await ada.ok("run", "-d", "--name", "evil", "--volumes-from", "web", "busybox", "sh", "-c", swap)
    (tmp_path / "file").write_text("learner")
    for _ in range(10):
        await ada.docker("cp", str(tmp_path / "file"), "web:/d/a/canary")
        assert "host" not in (await ada.docker("cp", "web:/d/a/canary", "-")).out
    assert canary.read_text() == "host"
    assert [one.status for one in ada.gateway.state(ada.seat).containers] == ["running", "running"]


async def test_two_copies_at_once_leave_the_container_running(ada: Learner, tmp_path: Path) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    (tmp_path / "file").write_bytes(bytes(MIB))
    await asyncio.gather(*(ada.ok("cp", str(tmp_path / "file"), f"web:/{name}") for name in "ab"))
    assert (await ada.ok("exec", "web", "ls", "-s", "/a", "/b")).count("1024") == 2


async def test_a_container_that_a_killed_gateway_has_left_paused_goes_on(
    ada: Learner, engine_socket: str, budgets: Budgets
) -> None:
    await ada.ok("pull", "-q", "busybox")
    for name in ("web", "db"):
        await ada.ok("run", "-d", "--name", name, "busybox", "sleep", "600")
    await ada.ok("pause", "db")
    web = ada.container("web")
    assert web is not None
    async with await EngineClient(engine_socket).request("POST", f"/containers/{web.id}/pause") as reply:
        await reply.raise_for_status()
    await ada.gateway.close(ada.seat)
    (ada.socket.parent / FILE).write_text(web.id)
    await ada.gateway.open(ada.seat, ada.socket.parent, budgets.parent(ada.seat))
    assert await ada.ok("exec", "web", "echo", "hi") == "hi"
    assert await ada.ok("ps", "--filter", "status=paused", "--format", "{{.Names}}") == "db"


@pytest.mark.usefixtures("every_cli")
async def test_a_saved_image_can_be_looked_into(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("tag", "busybox", "ada/mine:1")
    async with ada.process("save", "busybox", "ada/mine:1") as process:
        data, _ = await process.communicate()
    assert process.returncode == 0
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        (image,) = json.load(tar.extractfile("manifest.json") or io.BytesIO())
        assert sorted(image["RepoTags"]) == ["ada/mine:1", "busybox:latest"]
        assert tar.getmember(image["Layers"][-1]).size > 0
        assert all(ada.seat.encode() not in (tar.extractfile(name) or io.BytesIO()).read() for name in tar.getnames()
                   if tar.getmember(name).isfile())  # fmt: skip
    assert (await ada.told("save")).image == "busybox"


@pytest.mark.usefixtures("every_cli")
@pytest.mark.attack("limits raised by an update")
async def test_an_update_stays_within_the_bounds(ada: Learner, engine: Engine) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    await ada.ok("update", "-m", "10g", "--memory-swap", "-1", "--pids-limit", "-1", "--cpus", "8", "web")
    (found,) = await engine.containers({labels.SEAT: ada.seat})
    host = (await engine.inspect(found["Id"]))["HostConfig"]
    assert (host["Memory"], host["MemorySwap"], host["PidsLimit"]) == (256 * MIB, 256 * MIB, 64)
    assert host["NanoCpus"] == 500_000_000
    await ada.ok("update", "-m", "20m", "web")
    assert (await ada.ok("inspect", "-f", "{{.HostConfig.Memory}}", "web")) == str(20 * MIB)
    assert "--restart always is not available" in (await ada.docker("update", "--restart", "always", "web")).err
