"""The walls around a learner's container, seen from its inside and from the engine."""

import asyncio
import json
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.gateway.limits import MIB, Limits
from playground.seats.cgroups import Budgets
from tests.engine.gateway.learners import Learner


@pytest.fixture
def limits() -> Limits:
    return Limits(container_memory=16 * MIB, container_processes=20, container_disk=16 * MIB, containers=3)


@pytest.mark.attack("rights gained on the inside")
async def test_a_container_has_no_rights_and_cannot_get_any(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    for words in (["run", "--rm", "busybox"], ["exec", "web"], ["exec", "-u", "root", "web"]):
        status = dict(line.split(":\t") for line in (await ada.ok(*words, "cat", "/proc/self/status")).splitlines())
        assert status["CapEff"] == status["CapBnd"] == status["CapPrm"] == "0" * 16
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@pytest.mark.attack("what a container sees of the machine")
async def test_a_container_sees_itself_alone(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    script = (
        "cat /proc/self/cgroup; ls /sys/class/net; cat /proc/self/oom_score_adj; cat /proc/kcore | wc -c; ulimit -n"
    )
    groups = (await ada.ok("run", "--rm", "busybox", "sh", "-c", script)).splitlines()
    *groups, card, loopback, score, kcore, files = groups
    assert {line.rpartition(":")[2] for line in groups} == {"/"}
    assert (card, loopback, score, kcore, files) == ("eth0", "lo", "500", "0", "256")


@pytest.mark.attack("limits raised at create")
async def test_a_container_stands_in_the_seats_group_with_its_own_limits(
    ada: Learner, engine: Engine, budgets: Budgets
) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok(
        "run", "-d", "--name", "web", "-m", "8g", "--pids-limit", "-1", "--cpus", "64", "busybox", "sleep", "600"
    )
    (found,) = await engine.containers({labels.SEAT: ada.seat})
    inspected = await engine.inspect(found["Id"])
    host = inspected["HostConfig"]
    assert host["CgroupParent"] == budgets.parent(ada.seat)
    assert host["Memory"] == host["MemorySwap"] == 256 * MIB
    (network,) = await engine.networks({labels.SEAT: ada.seat})
    assert (host["PidsLimit"], host["NanoCpus"], host["NetworkMode"]) == (20, 500_000_000, network["Id"])
    assert (network["Internal"], network["EnableIPv6"]) == (True, False)
    assert budgets.parent(ada.seat) in _groups_of(inspected["State"]["Pid"])
    shown = json.loads(await ada.ok("inspect", "web"))[0]
    assert (shown["HostConfig"]["CgroupParent"], shown["State"]["Pid"]) == ("", 0)
    assert ada.seat not in json.dumps(shown)


def _groups_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cgroup").read_text()


async def test_too_much_memory_ends_the_container_alone(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    ran = await ada.docker("run", "--name", "hog", "busybox", "sh", "-c", "exec tail /dev/zero")
    assert ran.code == 137
    assert (await ada.told("oom", "event")).name == "hog"
    hog, web = ada.container("hog"), ada.container("web")
    assert hog is not None
    assert web is not None
    assert (hog.oom_killed, hog.exit_code, web.status) == (True, 137, "running")


async def test_too_many_processes_are_refused_by_the_kernel(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    ran = await ada.docker("run", "--rm", "busybox", "sh", "-c", "for i in $(seq 40); do sleep 5 & done; echo all")
    assert "can't fork" in ran.err
    assert "all" not in ran.out


async def test_a_file_cannot_grow_beyond_the_disk(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    script = "dd if=/dev/zero of=/big bs=1M count=40 2>/dev/null; echo $(($(wc -c < /big) / 1048576))"
    assert int(await ada.ok("run", "--rm", "busybox", "sh", "-c", script)) <= 16


async def test_the_disk_is_bounded_where_the_engine_can_do_that(ada: Learner, engine: Engine) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("create", "busybox")
    (found,) = await engine.containers({labels.SEAT: ada.seat})
    given = (await engine.inspect(found["Id"]))["HostConfig"].get("StorageOpt")
    assert given == ({"size": str(16 * MIB)} if (await engine.info()).disk_quota else None)


async def test_one_container_too_many_is_refused_with_what_to_do(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    for _ in range(3):
        await ada.ok("create", "busybox")
    ran = await ada.docker("run", "busybox")
    assert "You have 3 containers" in ran.err
    assert "docker rm" in ran.err


@pytest.mark.attack("counts beaten by hurry")
async def test_many_creates_at_once_do_not_get_around_the_count(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await asyncio.gather(*(ada.docker("create", "busybox") for _ in range(6)))
    assert len((await ada.ok("ps", "-aq")).split()) == 3
