"""Everything of a seat on this machine: budget, socket directory, gateway socket, terminal container. No rows here.

Making and unmaking are idempotent and go in a fixed order, so that a crash in between leaves something to find: the
terminal container, the directory and the cgroup carry the seat's id and go last.
"""

import asyncio
import contextlib
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self
from weakref import WeakValueDictionary

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.errors import EngineError, NotFound
from playground.engine.info import EngineInfo
from playground.gateway.server import Gateway
from playground.seats import container, usage
from playground.seats.cgroups import Budgets
from playground.seats.rules import Rules
from playground.seats.usage import Usage

SEAT_ID = re.compile(r"[0-9a-f]{12}")
_NO_SHELL = 'exec: "'  # how the engine begins to say that a program cannot be run: the learner has deleted it
PASSABLE = 0o711  # a remapped root must get through to the socket; nobody needs to list


@dataclass(frozen=True, slots=True)
class Terminal:
    container_id: str
    running: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What of the instance is on the machine, whatever the rows say."""

    terminals: dict[str, Terminal]
    seats: set[str]  # of which there is anything at all; an image's tag alone never is what is left of one
    helpers: list[str]


class Machine:
    def __init__(self, engine: Engine, gateway: Gateway, rules: Rules, budgets: Budgets, info: EngineInfo) -> None:
        self.info = info
        self._engine = engine
        self._gateway = gateway
        self._rules = rules
        self._budgets = budgets
        self._budgeted: set[str] = set()
        self._open: set[str] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def lock(self, seat: str) -> asyncio.Lock:
        """To be held by whoever makes, resumes or unmakes the seat."""
        return self._locks.setdefault(seat, asyncio.Lock())

    @classmethod
    async def of(cls, engine: Engine, gateway: Gateway, rules: Rules) -> Self:
        info = await engine.info()
        budgets = Budgets.of(engine, info, rules.instance, rules.limits)
        budgets.parent("")  # an instance's name that makes no group is refused here, not at the first seat
        rules.sockets.mkdir(mode=PASSABLE, parents=True, exist_ok=True)
        for level in (rules.sockets, rules.sockets.parent):
            level.chmod(PASSABLE)
        return cls(engine, gateway, rules, budgets, info)

    async def make(self, seat: str) -> str:
        """A seat with a running terminal; returns the container's id."""
        await self.open(seat)
        return await self._make_terminal(seat)

    async def open(self, seat: str) -> None:
        """The budget, and the gateway's socket where the terminal looks for it."""
        if seat not in self._budgeted:
            await self._budgets.make(seat)
            self._budgeted.add(seat)
        if seat not in self._open:
            directory = self._rules.sockets / seat
            directory.mkdir(exist_ok=True)
            directory.chmod(PASSABLE)
            await self._gateway.open(seat, directory, self._budgets.parent(seat))
            self._open.add(seat)

    async def resume(self, seat: str, container_id: str) -> str:
        """The terminal runs again, the same one where it still is there and can; returns the container's id."""
        await self.open(seat)
        try:
            await self._engine.start(container_id)
        except NotFound:
            return await self._make_terminal(seat)
        except EngineError as error:
            if _NO_SHELL not in str(error):
                raise
            await self._engine.remove(container_id)
            return await self._make_terminal(seat)
        return container_id

    async def unmake(self, seat: str) -> None:
        """Nothing of the seat is left afterwards."""
        await self._gateway.close(seat)
        self._open.discard(seat)
        await self._gateway.clear(seat)
        left = await self._engine.containers({labels.INSTANCE: self._rules.instance, labels.SEAT: seat})
        await asyncio.gather(*(self._engine.remove(found["Id"]) for found in left))
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(shutil.rmtree, self._rules.sockets / seat)
        await self._budgets.remove(seat)
        self._budgeted.discard(seat)

    async def halt(self) -> None:
        """Stop all containers of the instance, without removing any; terminals heed no SIGTERM."""
        found = await self._engine.containers({labels.INSTANCE: self._rules.instance})
        running = [each for each in found if each["State"] in ("running", "paused", "restarting")]
        await asyncio.gather(*(self._engine.stop(each["Id"], 0 if _is_terminal(each) else 2) for each in running))

    async def leave(self) -> None:
        """Remove what the instance itself has on the machine, if no seat is left."""
        await self._budgets.leave()
        if self._rules.sockets.is_dir() and not any(self._rules.sockets.iterdir()):
            self._rules.sockets.rmdir()

    async def usage(self, seats: Collection[str]) -> dict[str, Usage]:
        """What each uses of its budget now; without those whose groups cannot be seen from here."""
        return await asyncio.to_thread(usage.of_seats, self._budgets.flavour, self._rules.instance, seats)

    async def look(self) -> Found:
        mine = {labels.INSTANCE: self._rules.instance}
        containers, networks, volumes, budgeted = await asyncio.gather(
            self._engine.containers(mine),
            self._engine.networks(mine),
            self._engine.volumes(mine),
            self._budgets.present(),
        )
        self._budgeted &= budgeted  # a reboot forgets groups
        terminals = {
            each["Labels"][labels.SEAT]: Terminal(each["Id"], each["State"] == "running")
            for each in containers
            if _is_terminal(each)
        }
        owned = {(each["Labels"] or {}).get(labels.SEAT, "") for each in (*containers, *networks, *volumes)}
        directories = {path.name for path in self._rules.sockets.iterdir()} if self._rules.sockets.is_dir() else set()
        helpers = [each["Id"] for each in containers if each["Labels"].get(labels.ROLE) == labels.ROLE_HELPER]
        return Found(terminals, {name for name in owned | directories | budgeted if SEAT_ID.fullmatch(name)}, helpers)

    async def _make_terminal(self, seat: str) -> str:
        spec = container.spec(
            instance=self._rules.instance,
            seat=seat,
            cgroup_parent=self._budgets.parent(seat),
            socket_dir=self._rules.sockets / seat,
            limits=self._rules.limits,
            disk_quota=self.info.disk_quota,
        )
        made = await self._engine.create(labels.terminal_name(seat), spec)
        await self._engine.start(made)
        return made


def _is_terminal(found: dict[str, Any]) -> bool:
    return bool(found["Labels"].get(labels.ROLE) == labels.ROLE_TERMINAL)
