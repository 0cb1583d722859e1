"""What processes cost, from /proc: the proportional set size, which counts shared pages once."""

from pathlib import Path

KIB = 1024


def of_process(pid: int) -> int:
    """Bytes."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) * KIB for line in rollup.splitlines() if line.startswith("Pss:"))


def parent_of(pid: int) -> int:
    # The second field is the program's name in brackets, which may contain blanks.
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def of_seat(process_one: int) -> int:
    """Its shell, and the shim that the engine keeps beside each container."""
    return of_process(process_one) + of_process(parent_of(process_one))
