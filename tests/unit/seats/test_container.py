"""What the engine is asked for when a seat is made."""

from pathlib import Path

from playground.engine import labels
from playground.gateway.limits import MIB, Limits
from playground.gateway.policy.seccomp import SECURITY_OPT
from playground.seats import container

SEAT = "0123456789ab"


def spec(limits: Limits = Limits(), disk_quota: bool = True) -> dict[str, object]:  # noqa: B008
    made = container.spec(
        instance="default",
        seat=SEAT,
        cgroup_parent="/playground/default/0123456789ab",
        socket_dir=Path("/run/playground/seats/default/0123456789ab"),
        limits=limits,
        disk_quota=disk_quota,
    )
    return {**made, **made["HostConfig"]}


def test_no_learner_can_give_a_container_the_terminals_name() -> None:
    assert labels.terminal_name(SEAT) == "pg-0123456789ab"
    assert not labels.terminal_name(SEAT).startswith(labels.owned_name(SEAT, ""))


def test_the_terminal_has_no_rights_no_network_and_a_budget() -> None:
    made = spec()
    assert made["CapDrop"] == ["ALL"]
    assert made["SecurityOpt"] == list(SECURITY_OPT)
    assert made["NetworkMode"] == "none"
    assert made["CgroupParent"] == "/playground/default/0123456789ab"
    assert "Privileged" not in made


def test_the_socket_comes_in_a_directory_that_cannot_be_written() -> None:
    assert spec()["Binds"] == ["/run/playground/seats/default/0123456789ab:/run/playground:ro"]


def test_the_terminal_never_gets_more_memory_than_the_budget() -> None:
    assert spec(Limits(memory=100 * MIB))["Memory"] == 100 * MIB
    assert spec()["MemorySwap"] == spec()["Memory"]


def test_a_disk_quota_is_asked_for_only_where_the_engine_has_it() -> None:
    assert spec(Limits(container_disk=64 * MIB))["StorageOpt"] == {"size": "67108864"}
    assert "StorageOpt" not in spec(disk_quota=False)


def test_the_labels_say_whose_it_is() -> None:
    assert spec()["Labels"] == {labels.INSTANCE: "default", labels.SEAT: SEAT, labels.ROLE: labels.ROLE_TERMINAL}
