"""What a seat uses of its budget, read from the files of its parent group. It may stand where those cannot be seen: in
a container, or on another machine than the engine."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from playground.seats import budget
from playground.seats.budget import MOUNT, Flavour


@dataclass(frozen=True, slots=True)
class Usage:
    memory: int  # bytes, without the pages of files that the kernel would give back at once
    processes: int
    cpu: float  # seconds of a core since the seat was made


@dataclass(frozen=True, slots=True)
class Files:
    """Where the kernel counts, relative to where the cgroups are mounted."""

    memory: str
    memory_stat: str
    reclaimable: str  # its name in memory_stat
    processes: str
    cpu: str
    cpu_key: str  # its name in `cpu`; "" where the file holds nothing else
    cpu_unit: float


def files(flavour: Flavour, instance: str, seat: str) -> Files:
    parent = budget.parent_of(flavour, instance, seat)
    group = _slice_path(parent) if flavour.systemd else parent.strip("/")
    if flavour in (Flavour.CGROUPFS_V2, Flavour.SYSTEMD_V2):
        memory, cpu = f"{group}/memory.current", f"{group}/cpu.stat"
        stat = f"{group}/memory.stat"
        return Files(memory, stat, "inactive_file", f"{group}/pids.current", cpu, "usage_usec", 1e-6)
    memory, cpu = f"memory/{group}/memory.usage_in_bytes", f"cpuacct/{group}/cpuacct.usage"
    stat = f"memory/{group}/memory.stat"
    return Files(memory, stat, "total_inactive_file", f"pids/{group}/pids.current", cpu, "", 1e-9)


def _slice_path(name: str) -> str:
    """A slice lies in the one that its name says up to the last dash: `a-b.slice` in `a.slice`."""
    parts = name.removesuffix(".slice").split("-")
    return "/".join(f"{'-'.join(parts[:level])}.slice" for level in range(1, len(parts) + 1))


def read(where: Files, mount: Path = Path(MOUNT)) -> Usage | None:
    """None where the group cannot be seen from here, or is not there any more."""
    try:
        memory = int((mount / where.memory).read_text())
        reclaimable = _value((mount / where.memory_stat).read_text(), where.reclaimable)
        processes = int((mount / where.processes).read_text())
        cpu = _value((mount / where.cpu).read_text(), where.cpu_key)
    except OSError:
        return None
    return Usage(max(0, memory - reclaimable), processes, cpu * where.cpu_unit)


def _value(text: str, key: str) -> int:
    """Of a file with one number, or with a name and a number on each line."""
    if not key:
        return int(text)
    return next((int(line.split()[1]) for line in text.splitlines() if line.split()[0] == key), 0)


def of_seats(flavour: Flavour, instance: str, seats: Collection[str]) -> dict[str, Usage]:
    """Of those whose groups can be seen. It reads files: not to be called on the loop."""
    found = {seat: read(files(flavour, instance, seat)) for seat in seats}
    return {seat: usage for seat, usage in found.items() if usage is not None}
