"""The gateway: one unix socket for each seat, and behind it an engine of the learner's own in appearance."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playground.engine import labels
from playground.engine.client import EngineClient
from playground.engine.execs import split_frames
from playground.gateway.belongings import Volume
from playground.gateway.call import EngineFacts, Ground
from playground.gateway.carrying import Side
from playground.gateway.catalogue import Catalogue
from playground.gateway.clearing import WITH_FORCE, clear, remove
from playground.gateway.connection import HIGH_WATER, Connection
from playground.gateway.desk import Desk
from playground.gateway.facts import Fact
from playground.gateway.follow import Follower
from playground.gateway.imagefacts import ImageShelf
from playground.gateway.learn import container_ids, learn
from playground.gateway.limits import Limits
from playground.gateway.logwatch import LogWatch
from playground.gateway.owned import Owned
from playground.gateway.pausing import let_all_go
from playground.gateway.policy.names import check_seat
from playground.gateway.publishing import Publisher, ports
from playground.gateway.raw import is_hung_up
from playground.gateway.room import Room
from playground.gateway.state import State
from playground.gateway.underway import UnderWay
from playground.gateway.volumedisk import VolumeWatch

log = logging.getLogger(__name__)

SOCKET = "docker.sock"
SOCKET_MODE = 0o666  # a seat's root is nobody on the host; the directory decides who gets here
BACKLOG = 64
STOP_PATIENCE = 5.0  # seconds for what the engine is about when the server stops
LOG_LINES = 500


@dataclass(slots=True)
class _Door:
    """What serves one seat."""

    desk: Desk
    server: asyncio.Server
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Gateway:
    def __init__(
        self,
        client: EngineClient,
        catalogue: Catalogue,
        limits: Limits,
        instance: str,
    ) -> None:
        self.alive = False
        self._client = client
        self._ports = Publisher(client, instance, limits, self._ports_changed, self._spawn)
        rooms = Room(limits.request_memory), Room(limits.copy_files)
        self._ground = Ground(client, catalogue, limits, instance, ImageShelf(client), self._ports, *rooms)
        self._tables: dict[str, Owned] = {}
        self._doors: dict[str, _Door] = {}
        self._fact_callbacks: list[Callable[[Fact], None]] = []
        self._alive_callbacks: list[Callable[[bool], None]] = []
        self._ports_callbacks: list[Callable[[str], None]] = []
        self._following: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # ── Life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self, *, disk_quota: bool = False, root_dir: str = "") -> None:
        """Learn what every seat owns and follow the engine from here on; does nothing the second time. Raises
        EngineError when there is none.

        With `disk_quota` the engine's storage has a hard limit for each container, and gets it. In `root_dir` are the
        engine's files: logs that flood are seen there."""
        self._ground.disk_quota = disk_quota
        if self._following is not None:
            return
        since = time.time()
        await self._learn()
        self._set_alive(True)
        follower = Follower(
            self._client, self._learn, self._owner, self._tell, self._set_alive, self._discard, self._ports
        )
        self._following = asyncio.create_task(follower.run(since), name="gateway-events")
        self._following.add_done_callback(_log_failure)
        watch = VolumeWatch(self._client, self._tables.values, self._ground.limits.volume_disk)
        self._spawn(watch.run(), "gateway-volumes")
        if root_dir:
            self._spawn(LogWatch(self._client, self._tables.values, Path(root_dir)).run(), "gateway-logs")

    async def stop(self) -> None:
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for seat in list(self._doors):
            await self.close(seat)
        await asyncio.gather(*(owned.under_way.settle(STOP_PATIENCE) for owned in self._tables.values()))

    async def open(self, seat: str, directory: Path, cgroup_parent: str) -> None:
        await self.close(seat)
        owned = self._tables.setdefault(check_seat(seat), Owned(seat, self._ground.limits))
        desk = Desk(self._ground, owned, cgroup_parent, self._tell, lambda: self.alive)
        tasks: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.create_task(self._serve(desk, len(tasks), reader, writer), name=f"gateway-{seat}")
            tasks.add(task)
            task.add_done_callback(lambda _: writer.close())  # one that comes as the seat is closed is served by nobody
            task.add_done_callback(tasks.discard)
            task.add_done_callback(_log_failure)

        path = Path(directory) / SOCKET
        server = await asyncio.start_unix_server(connected, path, limit=HIGH_WATER, backlog=BACKLOG)
        path.chmod(SOCKET_MODE)
        self._doors[seat] = _Door(desk, server, tasks)
        owned.halts.keep_in(Path(directory))
        self._let_go(owned)
        self._ports.open(owned)

    async def close(self, seat: str) -> None:
        await self._ports.close(seat)
        door = self._doors.pop(seat, None)
        if door is None:
            return
        door.server.close()
        tasks = list(door.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, desk: Desk, others: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        invocation = desk.invocations.join(writer.get_extra_info("socket"))
        connection = Connection(desk, invocation, reader, writer)
        gone = False
        try:
            if others < 2 * desk.limits.connections:  # beyond, not even an answer
                late = others >= desk.limits.connections
                async with desk.place() as has_place:
                    if not has_place:
                        await connection.turn_away(desk.full)
                    elif not (late and is_hung_up(writer.get_extra_info("socket"))):
                        await connection.serve()
                    gone = await _hang_up(writer, desk.limits.write_timeout)
        finally:
            desk.leave(invocation)
            if not gone:  # what a client does not read would be kept here for ever, and not be counted
                writer.transport.abort()

    # ── What seats own ───────────────────────────────────────────────────────────────────────────────────────────

    def state(self, seat: str) -> State:
        owned = self._tables.get(seat)
        return owned.state(self._ground.images.shown) if owned else State()

    async def log(self, seat: str, name: str) -> bytes | None:
        """The end of what the seat's container has printed, without the learner's doing; None: there is none of that
        name. Raises EngineError."""
        owned = self._tables.get(seat)
        found = next((one for one in owned.containers.values() if one.name == name), None) if owned else None
        if found is None:
            return None
        query = {"stdout": "1", "stderr": "1", "tail": str(LOG_LINES)}
        async with await self._client.request("GET", f"/containers/{found.id}/logs", query=query) as reply:
            data = await (await reply.raise_for_status()).read()
        return data if found.tty else b"".join(split_frames(data)[0])

    def published(self, seat: str) -> tuple[int, ...]:
        """The ports of the seat's localhost that lead to a container now."""
        owned = self._tables.get(seat)
        return ports(owned) if owned else ()

    @asynccontextmanager
    async def dial(self, seat: str, port: int) -> AsyncIterator[Side]:
        """A connection as one to localhost in the seat's terminal. Raises OSError where nothing is published there or
        nothing answers, EngineError."""
        owned = self._tables.get(seat)
        if owned is None:
            raise ConnectionRefusedError(f"seat {seat} is not here")
        async with self._ports.dial(owned, port) as side:
            yield side

    async def clear(self, seat: str) -> None:
        """Remove all that the seat owns. Raises EngineError; can be called again until it does not."""
        owned = self._tables.get(check_seat(seat))
        await clear(self._client, self._ground.instance, seat, owned.under_way if owned else UnderWay())
        if owned:
            owned.empty()
            self._ports.changed(owned)
            if seat not in self._doors:
                del self._tables[seat]

    def _discard(self, owned: Owned, volume: Volume) -> None:
        """Another container of the seat's may have it, too; then it stays."""
        if not any(volume.name in container.volumes for container in owned.containers.values()):
            owned.volumes.forget(volume.name)
            path = f"/volumes/{owned.on_engine(volume.name)}"
            self._spawn(remove(self._client, path), f"gateway-{owned.seat}-{volume.name}")

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_log_failure)

    async def _learn(self) -> None:
        version = await self._client.negotiate()
        self._ground.engine = EngineFacts.of(version)
        self._ground.images.clear()
        for step in await container_ids(self._client, self._ground.instance, role=labels.ROLE_BUILD):
            await remove(self._client, f"/containers/{step}", WITH_FORCE)  # of a build that nobody waits for any more
        found = await learn(self._client, self._ground.instance, self._ground.limits)
        for seat, owned in self._tables.items():
            owned.take_over(found.pop(seat, Owned(seat, self._ground.limits)))
            self._let_go(owned)
            self._ports.terminal_changed(owned)
        self._tables |= found
        await self._ground.images.look_at({identity for owned in self._tables.values() for identity in owned.shelf()})

    def _let_go(self, owned: Owned) -> None:
        if owned.halts:
            self._spawn(let_all_go(self._client, owned), f"gateway-{owned.seat}-halts")

    def _owner(self, seat: str) -> Owned | None:
        return self._tables.get(seat)

    # ── Telling ──────────────────────────────────────────────────────────────────────────────────────────────────

    def subscribe(self, callback: Callable[[Fact], None]) -> None:
        self._fact_callbacks.append(callback)

    def on_alive(self, callback: Callable[[bool], None]) -> None:
        self._alive_callbacks.append(callback)

    def on_ports(self, callback: Callable[[str], None]) -> None:
        """Called with a seat whose published ports are others now."""
        self._ports_callbacks.append(callback)

    def _ports_changed(self, seat: str) -> None:
        for callback in self._ports_callbacks:
            asyncio.get_running_loop().call_soon(callback, seat)

    def _tell(self, fact: Fact) -> None:
        """Each listener is called by the loop, so that an error in one is logged there and ends nothing here."""
        for callback in self._fact_callbacks:
            asyncio.get_running_loop().call_soon(callback, fact)

    def _set_alive(self, alive: bool) -> None:
        if alive != self.alive:
            self.alive = alive
            for callback in self._alive_callbacks:
                callback(alive)


async def _hang_up(writer: asyncio.StreamWriter, patience: float) -> bool:
    """The last answer gets its time to be read. Whether the connection is closed after it."""
    writer.close()
    try:
        async with asyncio.timeout(patience):
            await writer.wait_closed()
    except TimeoutError:
        return False
    except OSError:
        pass  # closed by the other side
    return True


def _log_failure(task: asyncio.Task[None]) -> None:
    """An error in the gateway itself: it ended one connection (or the follower), and nobody else's."""
    if not task.cancelled() and (error := task.exception()):
        log.error("%s failed", task.get_name(), exc_info=error)
