"""The budget of a seat as cgroup settings: which group, which files, which values. Pure: cgroups.py puts them there.

All of a seat's containers run under one parent group, so the limits hold for their sum. Paths are relative to where
the host's cgroups are mounted, which cgroup v1 has once for each controller.

    driver and version   parent group given to the engine             limits are
    cgroupfs, v1         /playground/<instance>/<seat>                files in memory/, pids/ and cpu/
    cgroupfs, v2         /playground/<instance>/<seat>                files in the one tree, controllers handed down
    systemd, v1 or v2    playground-<instance>-<seat>.slice           properties of the slice

What is to be done comes out as a shell script (POSIX, as busybox has it), because the same work is done by this process
or by a helper container, whichever may write to the host's cgroups.
"""

import re
import shlex
from dataclasses import dataclass
from enum import Enum

from playground.gateway.limits import Limits

MOUNT = "/sys/fs/cgroup"
ROOT = "playground"
CPU_PERIOD = 100_000  # microseconds, the kernel's default
ANY_SEAT = "[0-9a-f]" * 12  # as a shell pattern; no slice of an instance `<instance>-…` is like it
V1_CONTROLLERS = ("memory", "pids", "cpu")
_INSTANCE = re.compile(r"(?!.{41})[a-z0-9][a-z0-9_.]*(-[a-z0-9_.]+)*")


class Flavour(Enum):
    """What the engine's `/info` says about cgroups, as far as the budget must know."""

    CGROUPFS_V1 = "cgroupfs v1"
    CGROUPFS_V2 = "cgroupfs v2"
    SYSTEMD_V1 = "systemd v1"
    SYSTEMD_V2 = "systemd v2"

    @classmethod
    def of(cls, driver: str, version: int) -> "Flavour":
        return cls(f"{driver} v{version}")

    @property
    def systemd(self) -> bool:
        return self in (Flavour.SYSTEMD_V1, Flavour.SYSTEMD_V2)


@dataclass(frozen=True, slots=True)
class Write:
    path: str
    value: str
    optional: bool = False  # a kernel without swap accounting has no such file


@dataclass(frozen=True, slots=True)
class Groups:
    """What makes a group by hand: directories from the outermost, then values in this order."""

    directories: tuple[str, ...]
    writes: tuple[Write, ...]


def parent_of(flavour: Flavour, instance: str, seat: str) -> str:
    """The `CgroupParent` of every container of the seat."""
    if not _INSTANCE.fullmatch(instance):  # what a path and the name of a slice can hold
        raise ValueError(f"instance {instance!r}: say small letters, digits, dots and single dashes, 40 at most")
    return f"{ROOT}-{instance}-{seat}.slice" if flavour.systemd else f"/{ROOT}/{instance}/{seat}"


def groups(flavour: Flavour, instance: str, seat: str, limits: Limits) -> Groups:
    """The group of a seat under the cgroupfs driver."""
    path = parent_of(flavour, instance, seat).strip("/")
    levels = (ROOT, f"{ROOT}/{instance}", path)
    if flavour is Flavour.CGROUPFS_V2:
        return Groups(levels, tuple(_v2(levels, limits)))
    directories = tuple(f"{controller}/{level}" for controller in V1_CONTROLLERS for level in levels)
    return Groups(directories, tuple(_v1(path, limits)))


def _v2(levels: tuple[str, ...], limits: Limits) -> list[Write]:
    *above, path = levels
    return [
        *(Write(f"{level}cgroup.subtree_control", "+memory +pids +cpu") for level in ("", *(f"{a}/" for a in above))),
        Write(f"{path}/memory.max", str(limits.memory)),
        Write(f"{path}/memory.swap.max", "0", optional=True),
        Write(f"{path}/pids.max", str(limits.processes)),
        Write(f"{path}/cpu.max", f"{round(limits.cpus * CPU_PERIOD)} {CPU_PERIOD}"),
    ]


def _v1(path: str, limits: Limits) -> list[Write]:
    memory, with_swap = f"memory/{path}/memory.limit_in_bytes", f"memory/{path}/memory.memsw.limit_in_bytes"
    return [
        Write(with_swap, "-1", optional=True),  # the sum must never be below the memory, whichever way that changes
        Write(memory, str(limits.memory)),
        Write(with_swap, str(limits.memory), optional=True),
        Write(f"pids/{path}/pids.max", str(limits.processes)),
        Write(f"cpu/{path}/cpu.cfs_period_us", str(CPU_PERIOD)),
        Write(f"cpu/{path}/cpu.cfs_quota_us", str(round(limits.cpus * CPU_PERIOD))),
    ]


def slice_properties(flavour: Flavour, limits: Limits) -> tuple[str, ...]:
    """The same limits in systemd's words. Its v1 words know no limit for memory and swap together."""
    memory = (
        (f"MemoryMax={limits.memory}", "MemorySwapMax=0")
        if flavour is Flavour.SYSTEMD_V2
        else (f"MemoryLimit={limits.memory}",)
    )
    return (*memory, f"TasksMax={limits.processes}", f"CPUQuota={round(limits.cpus * 100)}%")


def make_script(flavour: Flavour, instance: str, seat: str, limits: Limits) -> str:
    """Makes the seat's group with its limits; of a group that is there, sets the limits again."""
    if flavour.systemd:  # --runtime: a reboot forgets the slice as it forgets a group
        command = ["systemctl", "set-property", "--runtime", parent_of(flavour, instance, seat)]
        return shlex.join([*command, *slice_properties(flavour, limits)])
    made = groups(flavour, instance, seat, limits)
    lines = ["set -e", f"cd {MOUNT}", shlex.join(["mkdir", "-p", *made.directories])]
    return "\n".join([*lines, *(_write(write) for write in made.writes)])


def _write(write: Write) -> str:
    path = shlex.quote(write.path)
    only_if = f"[ ! -e {path} ] || " if write.optional else ""
    return f"{only_if}echo {shlex.quote(write.value)} > {path}"


def remove_script(flavour: Flavour, instance: str, seat: str) -> str:
    """Removes the seat's group, in every hierarchy: the engine has made it in those that the budget does not use.

    Waits up to eight seconds for processes that are still dying, then fails. Nothing to remove is success."""
    parent = parent_of(flavour, instance, seat)
    if flavour.systemd:
        return f"systemctl stop {parent} && systemctl revert {parent}"
    return f"""cd {MOUNT} || exit 1
there() {{ ls -d .{parent} ./*{parent} 2> /dev/null; }}
attempt=0
while [ $((attempt += 1)) -le 40 ]; do
    there | while read -r group; do find "$group" -depth -type d -exec rmdir {{}} ';' 2> /dev/null; done
    [ -n "$(there)" ] || exit 0
    sleep 0.2
done
exit 1"""


def list_script(flavour: Flavour, instance: str) -> str:
    """Prints one path for each group of the instance that is there, perhaps several for one seat: see `seats_in`."""
    parent = parent_of(flavour, instance, ANY_SEAT).strip("/")
    where = f"/run/systemd/system.control/{parent}.d/" if flavour.systemd else f"{MOUNT}/{parent}/ {MOUNT}/*/{parent}/"
    return f"ls -d {where} 2> /dev/null || true"


def seats_in(listing: str) -> set[str]:
    """The seats whose groups `list_script` has found."""
    names = (line.rstrip("/").rsplit("/", 1)[-1].removesuffix(".slice.d") for line in listing.split())
    return {name.rsplit("-", 1)[-1] for name in names}


def leave_script(flavour: Flavour, instance: str) -> str:
    """Removes the instance's own level, if no seat is left in it."""
    if flavour.systemd:  # an empty slice costs nothing, and stopping it would stop those of `<instance>-…` within it
        return "true"
    return f"cd {MOUNT} && rmdir ./{ROOT}/{instance} ./*/{ROOT}/{instance} 2> /dev/null || true"
