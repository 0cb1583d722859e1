"""The playground's own engine: its life, what is left after a SIGKILL, and the hard limits it gives."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.images import Mode, ensure_images
from playground.engine.own import OwnEngine

BUSYBOX = labels.CATALOGUE_PREFIX + "busybox:latest"


@pytest.fixture
async def on_it(private_engine: OwnEngine) -> AsyncIterator[Engine]:
    private_engine.start(print)
    engine = Engine(str(private_engine.socket))
    await ensure_images(engine, Mode.OFFLINE, print)
    yield engine
    engine.close()


async def fill(engine: Engine, size: str, mebibytes: int) -> tuple[int, str]:
    """Write into a container whose disk may hold `size`; its exit code and what it said."""
    spec = {
        "Image": BUSYBOX,
        "Cmd": ["dd", "if=/dev/zero", "of=/file", "bs=1M", f"count={mebibytes}"],
        "HostConfig": {"NetworkMode": "none", "StorageOpt": {"size": size}},
    }
    container = await engine.create("", spec)
    try:
        await engine.start(container)
        return await engine.wait(container, timeout=60), (await engine.logs(container)).decode()
    finally:
        await engine.remove(container)


async def run(engine: Engine, *command: str) -> str:
    container = await engine.create("", {"Image": BUSYBOX, "Cmd": command, "HostConfig": {"NetworkMode": "none"}})
    try:
        await engine.start(container)
        await engine.wait(container, timeout=30)
        return (await engine.logs(container)).decode()
    finally:
        await engine.remove(container)


async def test_it_maps_users_forbids_new_privileges_and_limits_disks(on_it: Engine) -> None:
    info = await on_it.info()

    assert info.userns
    assert info.disk_quota
    assert (await run(on_it, "grep", "NoNewPrivs", "/proc/self/status")).split() == ["NoNewPrivs:", "1"]
    inside, outside, _ = (await run(on_it, "cat", "/proc/self/uid_map")).split()
    assert inside == "0"
    assert int(outside) >= 100_000


async def test_the_disk_limit_is_hard_and_still_holds_after_a_container_was_removed(on_it: Engine) -> None:
    for _ in range(2):
        assert (await fill(on_it, "20m", 10))[0] == 0
        exit_code, said = await fill(on_it, "20m", 40)
        assert exit_code != 0
        assert "Disk quota exceeded" in said


async def test_one_that_runs_is_taken_rather_than_started_again(private_engine: OwnEngine, on_it: Engine) -> None:
    pid = private_engine.pid()

    assert private_engine.start(print) is False
    assert private_engine.pid() == pid


async def test_it_keeps_its_images_over_a_stop_and_can_be_stopped_twice(
    private_engine: OwnEngine, on_it: Engine
) -> None:
    before = await on_it.inspect_image(BUSYBOX)
    for _ in range(2):
        private_engine.stop()
        assert not private_engine.answers()
        assert not private_engine.socket.exists()

    assert private_engine.start(print) is True
    assert (await on_it.inspect_image(BUSYBOX))["Id"] == before["Id"]


async def test_after_a_sigkill_it_starts_again_and_its_containers_are_startable(
    private_engine: OwnEngine, on_it: Engine
) -> None:
    container = await sleeper(on_it)
    kill(private_engine)

    assert private_engine.start(print) is True
    await on_it.start(container)
    assert (await on_it.inspect(container))["State"]["Running"]
    await on_it.remove(container)


async def test_after_a_sigkill_a_stop_leaves_neither_processes_nor_mounts(
    private_engine: OwnEngine, on_it: Engine
) -> None:
    container = await sleeper(on_it)
    pid = (await on_it.inspect(container))["State"]["Pid"]
    kill(private_engine)
    assert alive(pid)

    private_engine.stop()

    assert not alive(pid)
    assert str(private_engine.state_dir) not in mounts()


async def sleeper(engine: Engine) -> str:
    spec = {"Image": BUSYBOX, "Cmd": ["sleep", "600"], "StopSignal": "KILL", "HostConfig": {"NetworkMode": "none"}}
    container = await engine.create("", spec)
    await engine.start(container)
    return container


def kill(own: OwnEngine) -> None:
    pid = own.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    own.wait()
    os.waitpid(pid, 0)


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()
