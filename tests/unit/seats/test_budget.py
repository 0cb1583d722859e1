"""Which files get which values, for each way the engine keeps cgroups."""

import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from playground.gateway.limits import MIB, Limits
from playground.seats import budget
from playground.seats.budget import Flavour

LIMITS = Limits(memory=256 * MIB, cpus=1.5, processes=256)
SEAT = "0123456789ab"


def values(flavour: Flavour) -> list[tuple[str, str]]:
    return [(write.path, write.value) for write in budget.groups(flavour, "default", SEAT, LIMITS).writes]


@pytest.mark.parametrize(
    ("flavour", "parent"),
    [
        (Flavour.CGROUPFS_V1, "/playground/default/0123456789ab"),
        (Flavour.CGROUPFS_V2, "/playground/default/0123456789ab"),
        (Flavour.SYSTEMD_V1, "playground-default-0123456789ab.slice"),
        (Flavour.SYSTEMD_V2, "playground-default-0123456789ab.slice"),
    ],
)
def test_the_engine_is_given_a_path_or_a_slice(flavour: Flavour, parent: str) -> None:
    assert budget.parent_of(flavour, "default", SEAT) == parent


@pytest.mark.parametrize("instance", ["", "a--b", "a-", "-a", "a/b", "..", "Zoë", "a b", "a" * 41])
def test_an_instance_that_would_land_in_another_group_is_refused(instance: str) -> None:
    with pytest.raises(ValueError, match="instance"):
        budget.parent_of(Flavour.CGROUPFS_V1, instance, SEAT)


def test_on_v1_memory_is_limited_before_memory_with_swap_and_swap_adds_nothing() -> None:
    group = "playground/default/0123456789ab"
    assert values(Flavour.CGROUPFS_V1) == [
        (f"memory/{group}/memory.memsw.limit_in_bytes", "-1"),
        (f"memory/{group}/memory.limit_in_bytes", "268435456"),
        (f"memory/{group}/memory.memsw.limit_in_bytes", "268435456"),
        (f"pids/{group}/pids.max", "256"),
        (f"cpu/{group}/cpu.cfs_period_us", "100000"),
        (f"cpu/{group}/cpu.cfs_quota_us", "150000"),
    ]


def test_on_v1_the_group_is_made_in_each_hierarchy_from_the_outermost_level() -> None:
    directories = budget.groups(Flavour.CGROUPFS_V1, "default", SEAT, LIMITS).directories
    assert directories[:3] == (
        "memory/playground",
        "memory/playground/default",
        "memory/playground/default/0123456789ab",
    )
    assert {path.split("/")[0] for path in directories} == {"memory", "pids", "cpu"}


def test_on_v2_every_level_above_hands_the_controllers_down_first() -> None:
    group = "playground/default/0123456789ab"
    assert values(Flavour.CGROUPFS_V2) == [
        ("cgroup.subtree_control", "+memory +pids +cpu"),
        ("playground/cgroup.subtree_control", "+memory +pids +cpu"),
        ("playground/default/cgroup.subtree_control", "+memory +pids +cpu"),
        (f"{group}/memory.max", "268435456"),
        (f"{group}/memory.swap.max", "0"),
        (f"{group}/pids.max", "256"),
        (f"{group}/cpu.max", "150000 100000"),
    ]


@pytest.mark.parametrize("flavour", [Flavour.CGROUPFS_V1, Flavour.CGROUPFS_V2])
def test_only_the_swap_file_may_be_missing_on_a_kernel_without_swap_accounting(flavour: Flavour) -> None:
    for write in budget.groups(flavour, "default", SEAT, LIMITS).writes:
        assert write.optional == ("swap" in write.path or "memsw" in write.path)


@pytest.mark.parametrize(
    ("flavour", "memory"),
    [(Flavour.SYSTEMD_V1, "MemoryLimit=268435456"), (Flavour.SYSTEMD_V2, "MemoryMax=268435456 MemorySwapMax=0")],
)
def test_under_systemd_the_limits_are_properties_of_the_slice(flavour: Flavour, memory: str) -> None:
    assert budget.make_script(flavour, "default", SEAT, LIMITS) == (
        f"systemctl set-property --runtime playground-default-0123456789ab.slice {memory} TasksMax=256 CPUQuota=150%"
    )


def test_under_systemd_removing_stops_the_slice_and_forgets_its_properties() -> None:
    slice_name = "playground-default-0123456789ab.slice"
    assert budget.remove_script(Flavour.SYSTEMD_V2, "default", SEAT) == (
        f"systemctl stop {slice_name} && systemctl revert {slice_name}"
    )


@pytest.mark.parametrize(
    "listing",
    [
        "/sys/fs/cgroup/memory/playground/default/0123456789ab/\n/sys/fs/cgroup/pids/playground/default/0123456789ab/\n",
        "/sys/fs/cgroup/playground/default/0123456789ab/\n",
        "/run/systemd/system.control/playground-default-0123456789ab.slice.d/\n",
    ],
)
def test_a_listing_tells_which_seats_have_groups(listing: str) -> None:
    assert budget.seats_in(listing) == {SEAT}


def test_an_instance_never_lists_the_seats_of_one_whose_name_begins_the_same() -> None:
    slices = [f"playground-{instance}-{SEAT}.slice.d" for instance in ("test", "test-2", "tester")]
    pattern = budget.list_script(Flavour.SYSTEMD_V2, "test").split()[2].rstrip("/").rsplit("/", 1)[-1]
    assert [fnmatch(name, pattern) for name in slices] == [True, False, False]


def test_nothing_listed_is_no_seat() -> None:
    assert budget.seats_in("") == set()


# The scripts against a directory tree in the place of the kernel's.


def run(script: str, tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["sh", "-c", script.replace(budget.MOUNT, str(tree))], capture_output=True, text=True)


@pytest.mark.parametrize("flavour", [Flavour.CGROUPFS_V1, Flavour.CGROUPFS_V2])
def test_the_script_makes_what_the_table_says(flavour: Flavour, tmp_path: Path) -> None:
    swap = {"memory.memsw.limit_in_bytes", "memory.swap.max"}
    for directory in budget.groups(flavour, "default", SEAT, LIMITS).directories:
        (tmp_path / directory).mkdir(parents=True)
    assert run(budget.make_script(flavour, "default", SEAT, LIMITS), tmp_path).returncode == 0
    for path, value in values(flavour):
        assert (tmp_path / path).exists() == (Path(path).name not in swap)
        if (tmp_path / path).exists():
            assert (tmp_path / path).read_text().strip() == value


def test_groups_are_found_and_removed_in_every_hierarchy_and_others_stay(tmp_path: Path) -> None:
    ours, neighbour = f"playground/default/{SEAT}", "playground/default/ba9876543210"
    for group in (f"memory/{ours}/container", f"devices/{ours}/container", f"memory/{neighbour}"):
        (tmp_path / group).mkdir(parents=True)
    (tmp_path / "memory/playground/default/memory.stat").touch()  # the kernel's files lie beside the groups
    listing = run(budget.list_script(Flavour.CGROUPFS_V1, "default"), tmp_path).stdout
    assert budget.seats_in(listing) == {SEAT, "ba9876543210"}

    for _ in range(2):  # removing again is success
        assert run(budget.remove_script(Flavour.CGROUPFS_V1, "default", SEAT), tmp_path).returncode == 0
    assert not (tmp_path / f"memory/{ours}").exists()
    assert not (tmp_path / f"devices/{ours}").exists()
    assert (tmp_path / f"memory/{neighbour}").exists()


def test_the_last_to_leave_removes_the_instances_own_level_but_nobody_before(tmp_path: Path) -> None:
    group = tmp_path / f"memory/playground/default/{SEAT}"
    group.mkdir(parents=True)
    leave = budget.leave_script(Flavour.CGROUPFS_V1, "default")
    run(leave, tmp_path)
    assert group.exists()
    group.rmdir()
    run(leave, tmp_path)
    assert not group.parent.exists()
    assert (tmp_path / "memory/playground").exists()
