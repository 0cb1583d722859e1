"""Puts budgets on the host's cgroups: by this process where it may, otherwise by a short-lived helper container."""

import asyncio
import logging
import os
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.errors import EngineError
from playground.engine.info import EngineInfo
from playground.gateway.limits import MIB, Limits
from playground.seats import budget
from playground.seats.budget import MOUNT, Flavour

log = logging.getLogger(__name__)

SCRIPT_TIMEOUT = 30.0
Shell = Callable[[str], Awaitable[str]]  # runs a script, returns its output; raises BudgetError when it fails


class BudgetError(EngineError):
    """A budget could not be set or removed."""


class Budgets:
    """The parent groups of one instance's seats."""

    def __init__(self, flavour: Flavour, instance: str, limits: Limits, shell: Shell) -> None:
        self.flavour = flavour
        self.instance = instance
        self._limits = limits
        self._shell = shell

    @classmethod
    def of(cls, engine: Engine, info: EngineInfo, instance: str, limits: Limits) -> Self:
        flavour = Flavour.of(info.cgroup_driver, info.cgroup_version)
        shell = here if writable(flavour) else Helper(engine, flavour, instance)
        return cls(flavour, instance, limits, shell)

    def parent(self, seat: str) -> str:
        return budget.parent_of(self.flavour, self.instance, seat)

    async def make(self, seat: str) -> None:
        """Idempotent; must come before the seat's first container, or the engine makes a group without limits."""
        await self._shell(budget.make_script(self.flavour, self.instance, seat, self._limits))

    async def remove(self, seat: str) -> None:
        """Idempotent; raises BudgetError while something still runs in the group."""
        await self._shell(budget.remove_script(self.flavour, self.instance, seat))

    async def present(self) -> set[str]:
        """The seats that have a group."""
        return budget.seats_in(await self._shell(budget.list_script(self.flavour, self.instance)))

    async def leave(self) -> None:
        """Remove the instance's own level when the last seat is gone; otherwise nothing happens."""
        await self._shell(budget.leave_script(self.flavour, self.instance))


def writable(flavour: Flavour, mount: Path = Path(MOUNT)) -> bool:
    """Whether this process may write to the host's cgroups, and not only to what a container shows of them."""
    if os.geteuid() != 0:
        return False
    if flavour.systemd:
        return Path("/run/systemd/system").is_dir()
    if flavour is Flavour.CGROUPFS_V2:  # the root of the tree is the only group without a type
        return os.access(mount, os.W_OK) and not (mount / "cgroup.type").exists()
    roots = [mount / controller for controller in budget.V1_CONTROLLERS]
    return all(os.access(root, os.W_OK) and (root / "release_agent").exists() for root in roots)


async def here(script: str) -> str:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=SCRIPT_TIMEOUT)

    try:
        ran = await asyncio.to_thread(run)
    except subprocess.TimeoutExpired as error:
        raise BudgetError("setting a budget took too long") from error
    return _output(ran.returncode, ran.stdout, ran.stderr)


class Helper:
    """A shell in a container that sees the host's cgroups; under systemd, one that enters the host's namespaces."""

    def __init__(self, engine: Engine, flavour: Flavour, instance: str) -> None:
        self._engine = engine
        self._flavour = flavour
        self._instance = instance

    async def __call__(self, script: str) -> str:
        container = await self._engine.create("", self.spec(script))
        try:
            await self._engine.start(container)
            exit_code = await self._engine.wait(container, SCRIPT_TIMEOUT)
            output = (await self._engine.logs(container, tail=100_000)).decode(errors="replace")
        except TimeoutError as error:
            raise BudgetError("setting a budget took too long") from error
        finally:
            await self._engine.remove(container)
        return _output(exit_code, output, output)

    def spec(self, script: str) -> dict[str, Any]:
        """As little right as the work needs: under cgroupfs a root that may write to read-only directories."""
        command = ["sh", "-c", script]
        host: dict[str, Any] = {
            "UsernsMode": "host",
            "CgroupnsMode": "host",
            "NetworkMode": "none",
            "Memory": 32 * MIB,
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "1"}},
        }
        if self._flavour.systemd:
            command = ["nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", *command]
            host |= {"Privileged": True, "PidMode": "host"}
        else:
            host |= {
                "Binds": [f"{MOUNT}:{MOUNT}:rw"],
                "CapDrop": ["ALL"],
                "CapAdd": ["DAC_OVERRIDE"],
                "SecurityOpt": ["no-new-privileges"],
            }
        return {
            "Image": f"{labels.SEAT_IMAGE}:latest",
            "Cmd": command,
            "User": "0",
            "Labels": {labels.INSTANCE: self._instance, labels.ROLE: labels.ROLE_HELPER},
            "HostConfig": host,
        }


def _output(exit_code: int, output: str, error: str) -> str:
    if exit_code:
        log.error("A script for a budget ended with %s: %s", exit_code, error.strip())
        raise BudgetError("the budget of a seat could not be set or removed; the log says why")
    return output
