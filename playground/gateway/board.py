"""One seat's published ports at work: what listens at its terminal's localhost, and what is carried to the containers.

Nothing of it is on the machine's own network: the listening sockets are in the terminal's, the others each in the
network of the container that they lead to (netns.py).
"""

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playground.engine import labels
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError, NotFound
from playground.gateway import netns
from playground.gateway.carrying import Pace, Side, both, carry
from playground.gateway.limits import Limits
from playground.gateway.policy.published import Address

log = logging.getLogger(__name__)

BACKLOG = 16
CONNECT = 5.0  # seconds
NO_DESCRIPTORS = 1.0  # seconds to wait for some
COST = 32 * 1024  # bytes that a connection is taken for: making one is work, too
_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
Wanted = Mapping[Address, tuple[str, int]]  # the container behind each address, and its port


@dataclass(frozen=True, slots=True)
class Process:
    """A container's first one, since when, and where its network has it."""

    container_id: str
    pid: int
    since: str
    ip: str = ""


@dataclass(slots=True)
class _Listener:
    socket: socket.socket
    terminal: Process  # in whose network it is
    container_id: str
    port: int
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("a published port failed", exc_info=error)

    async def close(self) -> None:
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.socket.close()  # not while the loop still waits for it


class Board:
    def __init__(self, client: EngineClient, instance: str, seat: str, limits: Limits) -> None:
        self.lock = asyncio.Lock()
        self._client = client
        self._instance = instance
        self._seat = seat
        self._limits = limits
        self._terminal: Process | None = None
        self._listeners: dict[Address, _Listener] = {}
        self._targets: dict[str, Process] = {}
        self._room = asyncio.Semaphore(limits.port_connections)
        self._pace = Pace(limits.port_rate)

    async def close(self) -> None:
        async with self.lock:
            await self.listen({})

    def forget(self) -> None:
        """Where containers are: one has started or ended, or joined or left a network."""
        self._targets.clear()

    def forget_terminal(self) -> None:
        """It has ended, and its network with it, or another one has started."""
        self._terminal = None

    # ── Listening ────────────────────────────────────────────────────────────────────────────────────────────────

    async def listen(self, wanted: Wanted) -> list[Address]:
        """There and nowhere else. What a program in the terminal has taken comes back. Raises EngineError."""
        terminal = await self._find_terminal() if wanted else None
        for address, listener in list(self._listeners.items()):
            if listener.terminal != terminal or wanted.get(address) != (listener.container_id, listener.port):
                await self._listeners.pop(address).close()
        taken: list[Address] = []
        for address in [address for address in wanted if address not in self._listeners]:
            if terminal is None:
                break
            try:
                self._open(terminal, address, *wanted[address])
            except ProcessLookupError:
                self.forget_terminal()  # it ends just now; an event tells of the next one
                break
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    taken.append(address)
                elif error.errno not in _NO_IPV6:
                    log.warning("seat %s: nothing listens at %s: %s", self._seat, address, error)
        return taken

    def _open(self, terminal: Process, address: Address, container_id: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        listening = netns.stream_socket(terminal.pid, terminal.container_id, family)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        listener = self._listeners[address] = _Listener(listening, terminal, container_id, port)
        listener.spawn(self._accept(listener))

    async def _find_terminal(self) -> Process | None:
        """The seat's, where it runs."""
        if self._terminal is None:
            found = await self._inspect(labels.terminal_name(self._seat))
            if found is not None and found["State"]["Running"] and self._is_terminal(found["Config"]["Labels"]):
                self._terminal = Process(found["Id"], found["State"]["Pid"], found["State"]["StartedAt"])
        return self._terminal

    def _is_terminal(self, marks: Mapping[str, str]) -> bool:
        mine = {
            labels.INSTANCE: self._instance,
            labels.SEAT: self._seat,
            labels.ROLE: labels.ROLE_TERMINAL,
        }
        return mine.items() <= marks.items()

    async def reaches_terminal(self) -> bool:
        """Whether this process can get into its network; where none runs, nobody can tell. Raises EngineError."""
        terminal = await self._find_terminal()
        try:
            if terminal is not None:
                netns.stream_socket(terminal.pid, terminal.container_id, socket.AF_INET).close()
        except OSError as error:
            log.warning("seat %s: no way into the network of its terminal: %s", self._seat, error)
            self._terminal = None
            return False
        return True

    # ── Carrying ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _accept(self, listener: _Listener) -> None:
        """One at a time, and none beyond what the seat may have open: the kernel turns the others away."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(listener.socket)
            except OSError as error:
                log.warning("seat %s: no connection can be accepted: %s", self._seat, error)
                await asyncio.sleep(NO_DESCRIPTORS)
                continue
            try:
                await self._pace.pay(COST)
                await self._room.acquire()
            except asyncio.CancelledError:
                client.close()
                raise
            served = listener.spawn(self._serve(client, listener))
            served.add_done_callback(partial(self._served, client))

    def _served(self, client: socket.socket, task: asyncio.Task[None]) -> None:
        client.close()
        self._room.release()

    async def _serve(self, client: socket.socket, listener: _Listener) -> None:
        try:
            server = await self._connect(listener.container_id, listener.port)
        except (OSError, EngineError) as error:
            log.debug("seat %s: no connection to %s: %s", self._seat, listener.container_id, error)
            return
        async with both(client, server) as sides:
            await carry(*sides, self._pace, self._limits.port_idle)
            await asyncio.gather(*(side.leave() for side in sides))

    @asynccontextmanager
    async def dial(self, container_id: str, port: int) -> AsyncIterator[Side]:
        """A connection to the container's port that counts as one of the seat's. Raises OSError, EngineError."""
        async with self._room:
            side = await Side.of(await self._connect(container_id, port))
            try:
                yield side
            finally:
                side.abort()

    async def _connect(self, container_id: str, port: int) -> socket.socket:
        """From inside of its own network to its own address: what listens at its localhost only is not reached."""
        target = await self._find(container_id)
        try:
            return await _connected(target, port)
        except OSError:
            self._targets.pop(container_id, None)  # it may be elsewhere by now
            raise

    async def _find(self, container_id: str) -> Process:
        if found := self._targets.get(container_id):
            return found
        inspected = await self._inspect(container_id)
        if inspected is None or not inspected["State"]["Pid"]:
            raise ProcessLookupError(f"{container_id} does not run")
        networks = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
        addresses = [endpoint["IPAddress"] for endpoint in networks.values() if endpoint.get("IPAddress")]
        if not addresses:
            raise ConnectionRefusedError(f"{container_id} is on no network")
        state = inspected["State"]
        found = self._targets[container_id] = Process(container_id, state["Pid"], state["StartedAt"], addresses[0])
        return found

    async def _inspect(self, reference: str) -> dict[str, Any] | None:
        async with await self._client.request("GET", f"/containers/{reference}/json") as reply:
            try:
                found: dict[str, Any] = await (await reply.raise_for_status()).json()
            except NotFound:
                return None
        return found


async def _connected(target: Process, port: int) -> socket.socket:
    made = netns.stream_socket(target.pid, target.container_id, socket.AF_INET)
    try:
        async with asyncio.timeout(CONNECT):
            await asyncio.get_running_loop().sock_connect(made, (target.ip, port))
    except BaseException:
        made.close()
        raise
    return made
