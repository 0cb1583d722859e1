"""The server seen from outside while it serves: what it takes of the machine, and what it complains of."""

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from playground.bench import processes
from playground.bench.tabs import now
from playground.gateway.limits import MIB
from playground.load.faults import Faults

EVERY = 2.0  # seconds
WINK = 0.1
_COMPLAINT = re.compile(r"^\S+ \S+ (WARNING|ERROR|CRITICAL) +(.*)$")
_TELLS_APART = re.compile(r"\b[0-9a-f]{12,}\b|\d+")


@dataclass(slots=True)
class Samples:
    """One of each for every look."""

    at: list[float] = field(default_factory=list)  # seconds since the first
    cpu: list[float] = field(default_factory=list)  # per cent of one core, since the look before
    machine: list[float] = field(default_factory=list)  # per cent of all cores that did something, whoever had them
    memory: list[float] = field(default_factory=list)  # MiB
    descriptors: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)

    async def take(self, pid: int) -> None:
        """Look again and again, until cancelled, or the process has ended."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            await self._take(pid)

    async def _take(self, pid: int) -> None:
        began = last = now()
        spent, (busy, total) = processes.cpu_of(pid), processes.cpu_of_machine()
        while True:
            await asyncio.sleep(EVERY)
            at, used = now(), processes.cpu_of(pid)
            self.at.append((at - began) / 1000)
            self.cpu.append(100_000 * (used - spent) / (at - last))
            busy_now, total_now = processes.cpu_of_machine()
            self.machine.append(100 * (busy_now - busy) / max(total_now - total, 1))
            busy, total = busy_now, total_now
            self.memory.append(processes.memory_of(pid) / MIB)
            self.descriptors.append(_entries(f"/proc/{pid}/fd"))
            self.threads.append(_entries(f"/proc/{pid}/task"))
            last, spent = at, used


async def own_lag(late: list[float]) -> None:
    """How many milliseconds late this process itself is woken: nothing that is measured here is better than that."""
    while True:
        due = now() + 1000 * WINK
        await asyncio.sleep(WINK)
        late.append(now() - due)


def _entries(directory: str) -> float:
    return float(sum(1 for _ in Path(directory).iterdir()))


def complaints(log: str, faults: Faults) -> None:
    """Warnings and errors of the server's log; like ones are counted together."""
    for line in log.splitlines():
        if found := _COMPLAINT.match(line):
            faults.add(f"the server's log: {found[1]} {_TELLS_APART.sub('…', found[2])}")
