"""The budget on a real engine: what is started under it shares it, by whichever way it was written."""

from collections.abc import AsyncIterator

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.images import SEAT_REFERENCE
from playground.gateway.limits import MIB, Limits
from playground.seats.budget import Flavour
from playground.seats.cgroups import BudgetError, Budgets, Helper, Shell, here, writable
from tests.engine.seating import groups_of, limit_of, remove_containers, said

pytestmark = pytest.mark.usefixtures("catalogue_images")

LIMITS = Limits(memory=48 * MIB, processes=40, cpus=0.5)
SEAT = "0123456789ab"
KILLED = 137


@pytest.fixture
async def flavour(engine: Engine) -> Flavour:
    info = await engine.info()
    return Flavour.of(info.cgroup_driver, info.cgroup_version)


@pytest.fixture(params=["by this process", "by a helper container"])
def shell(request: pytest.FixtureRequest, engine: Engine, flavour: Flavour, instance: str) -> Shell:
    if request.param == "by a helper container":
        return Helper(engine, flavour, instance)
    assert writable(flavour), "the engine tier runs as root of the machine"
    return here


@pytest.fixture
async def budgets(engine: Engine, flavour: Flavour, instance: str, shell: Shell) -> AsyncIterator[Budgets]:
    budgets = Budgets(flavour, instance, LIMITS, shell)
    yield budgets
    await remove_containers(engine, instance)
    await budgets.remove(SEAT)
    await budgets.leave()
    assert groups_of(instance) == []


async def run(engine: Engine, budgets: Budgets, script: str) -> str:
    """A container of the seat, started and left alone."""
    spec = {
        "Image": SEAT_REFERENCE,
        "Cmd": ["sh", "-c", script],
        "Labels": {labels.INSTANCE: budgets.instance, labels.ROLE: labels.ROLE_LEARNER},
        "HostConfig": {"CgroupParent": budgets.parent(SEAT), "NetworkMode": "none"},
    }
    container = await engine.create("", spec)
    await engine.start(container)
    return container


async def test_processes_of_two_containers_are_counted_together(engine: Engine, budgets: Budgets) -> None:
    await budgets.make(SEAT)
    many = "for i in $(seq 25); do sleep 1000 & done; echo all; wait"
    await said(engine, await run(engine, budgets, many), b"all")
    await said(engine, await run(engine, budgets, many), b"can't fork")


async def test_memory_of_two_containers_is_counted_together(engine: Engine, budgets: Budgets) -> None:
    await budgets.make(SEAT)
    fill = "dd if=/dev/zero of=/dev/shm/filled bs=4M count=7"
    await said(engine, await run(engine, budgets, f"{fill} && echo full && sleep 1000"), b"full")
    second = await run(engine, budgets, f"exec {fill}")
    assert await engine.wait(second, timeout=30) == KILLED


async def test_making_again_sets_other_limits_higher_or_lower(
    budgets: Budgets, flavour: Flavour, instance: str, shell: Shell
) -> None:
    await budgets.make(SEAT)
    memory_file = {Flavour.CGROUPFS_V1: "memory.limit_in_bytes"}.get(flavour, "memory.max")
    for memory in (64 * MIB, 32 * MIB):
        await Budgets(flavour, instance, Limits(memory=memory), shell).make(SEAT)
        assert limit_of(instance, SEAT, memory_file) == memory


async def test_a_group_is_found_until_it_is_removed_and_not_removed_while_in_use(
    engine: Engine, budgets: Budgets, instance: str
) -> None:
    assert await budgets.present() == set()
    await budgets.make(SEAT)
    assert await budgets.present() == {SEAT}
    await run(engine, budgets, "sleep 1000")
    with pytest.raises(BudgetError):
        await budgets.remove(SEAT)
    await remove_containers(engine, instance)
    await budgets.remove(SEAT)
    assert await budgets.present() == set()


async def test_no_helper_is_left_behind(engine: Engine, budgets: Budgets, instance: str) -> None:
    await budgets.make(SEAT)
    assert await engine.containers({labels.INSTANCE: instance}) == []
