"""What processes cost, from /proc."""

import os
from pathlib import Path

KIB = 1024
TICKS = os.sysconf("SC_CLK_TCK")
_IDLE, _IOWAIT = 3, 4  # of the first line of /proc/stat
_PARENT, _USER, _SYSTEM = 1, 11, 12  # of stat's fields after the name, proc(5)


def memory_of(pid: int) -> int:
    """Bytes: the proportional set size, which counts shared pages once."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) * KIB for line in rollup.splitlines() if line.startswith("Pss:"))


def cpu_of(pid: int) -> float:
    """Seconds of a core since it began."""
    fields = _stat(pid)
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / TICKS


def cpu_of_machine() -> tuple[int, int]:
    """Ticks of all cores since the start: those in which they did something, and all of them."""
    fields = list(map(int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]))
    return sum(fields) - fields[_IDLE] - fields[_IOWAIT], sum(fields)


def parent_of(pid: int) -> int:
    return int(_stat(pid)[_PARENT])


def memory_of_seat(process_one: int) -> int:
    """Bytes of its shell, and of the shim that the engine keeps beside each container."""
    return memory_of(process_one) + memory_of(parent_of(process_one))


def _stat(pid: int) -> list[str]:
    # The second field is the program's name in brackets, which may contain blanks.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
