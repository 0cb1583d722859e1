"""Harm to the machine: processes, memory, processor, disk, logs, counts. Another learner works all the while.

On an engine of its own, so that its disk and its logs are nobody else's. `-s` shows what it cost the other one.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.images import CatalogueImage
from playground.engine.own import OwnEngine
from playground.gateway.limits import MIB, Limits
from tests.conftest import images_on
from tests.engine.gateway.attacks.victim import Victim, harmed, victim
from tests.engine.gateway.learners import Learner
from tests.engine.seating import groups_of, limit_of
from tests.unit.gateway.attacks.tries import exchange, request
from tests.unit.gateway.learner import Answered
from tests.unit.gateway.learner import Learner as Socket
from tests.unit.gateway.tars import tar

LIMITS = Limits(
    memory=96 * MIB, container_memory=48 * MIB, container_disk=8 * MIB, image_disk=8 * MIB, volume_disk=8 * MIB
)
INSTANCE = "test-harm"


@pytest.fixture(scope="module")
def engine_socket(private_engine: OwnEngine) -> str:
    return str(private_engine.socket)


@pytest.fixture(scope="module")
def instance() -> str:
    return INSTANCE


@pytest.fixture(scope="module")
def catalogue_images(engine_socket: str) -> list[CatalogueImage]:
    return images_on(engine_socket)


@pytest.fixture
def limits() -> Limits:
    return LIMITS


@pytest.fixture
async def bens(ben: Learner, ada: Learner) -> AsyncIterator[Victim]:
    await ada.ok("pull", "-q", "busybox")
    async with victim(ben) as working:
        yield working


def counted(seat: str, *files: str) -> int:
    """From the seat's own group: the first of the files that this kernel has."""
    there = [file for file in files if any((group / file).exists() for group in groups_of(INSTANCE))]
    return limit_of(INSTANCE, seat, there[0])


def raw(learner: Learner) -> Socket:
    return Socket(learner.socket)


async def statuses(learner: Learner, *requests: bytes) -> list[int]:
    """All at once. A connection among very many is hung up on without an answer."""
    got = await asyncio.gather(*(exchange(raw(learner), one, "POST") for one in requests), return_exceptions=True)
    return [answer.status if isinstance(answer, Answered) else 429 for answer in got]


async def build(learner: Learner, step: str) -> str:
    context = tar(("Dockerfile", f"FROM busybox\nRUN {step}\n".encode()))
    answer = await _patiently(learner, request("POST /v1.41/build?nocache=1&t=x", context))
    return answer.decode()


async def _patiently(learner: Learner, data: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(learner.socket)
    try:
        writer.write(data)
        async with asyncio.timeout(60):
            return await reader.read()
    finally:
        writer.transport.abort()


BOMB = "f() { f | f & }; f; while :; do sleep 1 & done"


@pytest.mark.attack("a fork bomb")
async def test_processes_without_end_stop_at_the_learners_own_bound(ada: Learner, bens: Victim) -> None:
    async with harmed(bens, "fork bombs") as meanwhile:
        await ada.ok("run", "-d", "--name", "bomb", "busybox", "sh", "-c", BOMB)
        await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
        await asyncio.gather(*(ada.docker("exec", "-d", "web", "sh", "-c", BOMB) for _ in range(4)))
        building = asyncio.create_task(build(ada, BOMB))
        for _ in range(5):
            assert counted(ada.seat, "pids.current") <= LIMITS.processes
            await meanwhile(1)
        await ada.gateway.clear(ada.seat)  # the bombs do not keep their seat from being cleared
        await building
    assert counted(ada.seat, "pids.current") == 0


FILLS = [
    "tail /dev/zero",
    "dd if=/dev/zero of=/dev/shm/x bs=1M; tail /dev/zero",
    "dd if=/dev/zero of=/t/x bs=1M; tail /dev/zero",
]


@pytest.mark.attack("a memory bomb")
async def test_memory_without_end_kills_the_learners_own(ada: Learner, bens: Victim, engine: Engine) -> None:
    async with harmed(bens, "memory bombs"):
        codes = await asyncio.gather(
            *(ada.docker("run", "--rm", "--tmpfs", "/t", "busybox", "sh", "-c", fill) for fill in FILLS * 2)
        )
        assert "137" in await build(ada, "tail /dev/zero")
    assert {ran.code for ran in codes} == {137}
    assert counted(ada.seat, "memory.max_usage_in_bytes", "memory.peak") <= LIMITS.memory
    for container in await engine.containers({labels.SEAT: bens.learner.seat}):
        assert not (await engine.inspect(container["Id"]))["State"]["OOMKilled"]


@pytest.mark.attack("busy loops")
async def test_busy_loops_share_one_learners_share(ada: Learner, bens: Victim) -> None:
    spin = "for i in 1 2 3 4 5; do while :; do :; done & done; wait"
    async with harmed(bens, "25 busy loops") as meanwhile:
        for _ in range(5):
            await ada.ok("run", "-d", "busybox", "sh", "-c", spin)
        loop = asyncio.get_running_loop()
        began, used = loop.time(), _cpu_seconds(ada.seat)
        await meanwhile(3)
        used, took = _cpu_seconds(ada.seat) - used, loop.time() - began
        await ada.gateway.clear(ada.seat)
    assert used <= LIMITS.cpus * took * 1.2 + 0.2  # the kernel counts in slices of a tenth of a second


def _cpu_seconds(seat: str) -> float:
    for group in groups_of(INSTANCE):
        if group.name == seat and (group / "cpuacct.usage").exists():
            return int((group / "cpuacct.usage").read_text()) / 1e9
        if group.name == seat and "usage_usec" in (stat := _text(group / "cpu.stat")):
            return int(stat.split()[1]) / 1e6
    raise AssertionError(f"no group of {seat} counts its processor time")


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


DISKS = [
    "dd if=/dev/zero of=/x bs=1M; dd if=/dev/zero of=/v/x bs=1M",
    "i=0; while dd if=/dev/zero of=/x$i bs=1M count=4 && [ $i -lt 200 ]; do i=$((i+1)); done",
    "i=0; while mkdir /d$i && cd /d$i && touch $(seq 2000) && [ $i -lt 200 ]; do i=$((i+1)); done",
    "truncate -s 1T /x; while dd if=/dev/zero of=/y$((i=i+1)) bs=1M count=7; do truncate -s 0 /x; done",
]


@pytest.mark.attack("a full disk")
async def test_the_disk_fills_to_the_learners_bound_and_no_further(ada: Learner, bens: Victim, engine: Engine) -> None:
    assert (await engine.info()).disk_quota
    root = Path((await engine.info()).root_dir)
    before = _used(root)
    async with harmed(bens, "full disks"):
        for_a_while = ["run", "-v", "data:/v", "busybox", "timeout", "10", "sh", "-c"]
        await asyncio.gather(*(ada.docker(*for_a_while, script) for script in DISKS))
        assert "returned a non-zero code" in await build(ada, "dd if=/dev/zero of=/x bs=1M")
        for _ in range(3):
            await ada.docker("run", "--name", "big", "busybox", "dd", "if=/dev/urandom", "of=/x", "bs=1M", "count=6")
            await ada.docker("commit", "big", "layer")
            await ada.docker("rm", "big")
    containers = len(DISKS) * LIMITS.container_disk
    most = containers + LIMITS.volume_disk + LIMITS.image_disk + LIMITS.container_disk
    assert _used(root) - before <= most + 32 * MIB  # what the file system writes beside
    assert len(await engine.images({labels.SEAT: ada.seat})) <= 1 + LIMITS.image_disk // (6 * MIB) + 1


def _used(root: Path) -> int:
    os.sync()
    found = os.statvfs(root)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


NO_LINE = "tr '\\0' x < /dev/zero"


@pytest.mark.attack("a flood of logs")
async def test_logs_without_end_are_short_and_end_with_who_writes_them(
    ada: Learner, bens: Victim, engine: Engine, private_engine: OwnEngine
) -> None:
    before = _resident(private_engine)
    async with harmed(bens, "floods of logs"):
        await ada.ok("run", "-d", "--name", "talk", "busybox", "sh", "-c", "while :; do echo hi; sleep 0.1; done")
        floods = [await ada.ok("run", "-d", "busybox", *words) for words in (["yes"], ["sh", "-c", NO_LINE])]
        asked = [request(f"GET /v1.41/containers/{one}/logs?follow=1&stdout=1") for one in floods]
        async with _unread(ada, asked * 12) as begun:
            async with asyncio.timeout(60):
                while _runs_beside(ada, "talk"):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            grown = _resident(private_engine) - before
    sizes = [_log_size(await engine.inspect(one)) for one in floods]
    print(f"logs {[size // 1024 for size in sizes]} KiB; {begun} did not read; engine {grown // MIB} MiB more")
    assert {one.exit_code for one in ada.gateway.state(ada.seat).containers if one.name != "talk"} == {137}
    assert max(sizes) <= 2 * LIMITS.log_size
    assert grown <= 128 * MIB
    talk = ada.container("talk")
    assert talk is not None
    assert talk.status == "running"


def _runs_beside(learner: Learner, name: str) -> bool:
    return any(one.status == "running" for one in learner.gateway.state(learner.seat).containers if one.name != name)


class _unread:
    """Streams that are asked for and then not read; how many of them began."""

    def __init__(self, learner: Learner, requests: list[bytes]) -> None:
        self._learner, self._requests = learner, requests
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> int:
        begun = 0
        for data in self._requests:
            reader, writer = await asyncio.open_unix_connection(self._learner.socket, limit=1024)
            self._writers.append(writer)
            writer.write(data)
            begun += b" 200 " in await reader.readline()
        return begun

    async def __aexit__(self, *error: object) -> None:
        for writer in self._writers:
            writer.transport.abort()


def _log_size(inspected: dict[str, str]) -> int:
    path = Path(inspected["LogPath"])
    return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))


def _resident(own: OwnEngine) -> int:
    status = Path(f"/proc/{own.pid()}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@pytest.mark.attack("things without end")
async def test_the_hundredth_of_anything_is_refused_and_others_have_room(
    ada: Learner, bens: Victim, engine: Engine
) -> None:
    async with harmed(bens, "500 creates, 100 networks, 100 volumes"):
        made = {}
        plain = {"Image": "busybox", "HostConfig": {"NetworkMode": "none"}}
        for kind, most, bodies in (
            ("containers", LIMITS.containers, [plain] * 500),
            ("networks", LIMITS.networks, [{"Name": f"n{number}"} for number in range(100)]),
            ("volumes", LIMITS.volumes, [{"Name": f"v{number}"} for number in range(100)]),
        ):
            got = await statuses(ada, *(request(f"POST /{kind}/create", one) for one in bodies))
            made[kind] = got.count(201)
            assert set(got) <= {201, 409, 429}
            assert 1 <= made[kind] <= most
        await bens.learner.ok("network", "create", "another")
        await bens.learner.ok("volume", "create", "another")
    mine = {labels.SEAT: ada.seat}
    assert len(await engine.containers(mine)) == made["containers"]
    assert len(await engine.networks(mine)) == made["networks"]
    assert len(await engine.volumes(mine)) == made["volumes"]


@pytest.mark.attack("streams without end")
async def test_streams_of_every_kind_have_an_end_in_number(ada: Learner, bens: Victim) -> None:
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    async with harmed(bens, "stats, logs, events and waits of 200") as meanwhile:
        asked = [
            request(f"{method} /containers/web/{verb}")
            for method, verb in (("GET", "stats"), ("GET", "logs?follow=1&stdout=1"), ("POST", "wait")) * 50
        ] + [request("GET /events")] * 50
        async with _unread_all(ada, asked) as begun:
            assert 0 < begun <= LIMITS.long_streams
            await meanwhile(1)
    assert json.loads(await ada.ok("inspect", "web"))[0]["State"]["Running"]


class _unread_all(_unread):
    """All at once: most of them are turned away without a word."""

    async def __aenter__(self) -> int:
        return sum(await asyncio.gather(*(self._begin(data) for data in self._requests)))

    async def _begin(self, data: bytes) -> bool:
        try:
            reader, writer = await asyncio.open_unix_connection(self._learner.socket, limit=1024)
            self._writers.append(writer)
            writer.write(data)
            return b" 200 " in await reader.readline()
        except OSError:
            return False
