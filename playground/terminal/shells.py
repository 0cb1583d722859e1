"""A seat's further terminals: shells beside process 1, which the server holds so that they outlive a reload.

The engine lets nobody come back to an exec, so its one stream is kept here, with the last of its output; browsers come
and go. A server that ends loses them: what it leaves running is ended when the seat's next shell starts.
"""

import asyncio
from collections.abc import Callable

from playground.engine import execs
from playground.engine.client import EngineClient, Wire
from playground.engine.errors import EngineError, EngineGone
from playground.seats.models import Seat
from playground.terminal.desk import Desk
from playground.terminal.frames import LARGEST_OUTPUT

FIRST, MOST = 1, 4  # terminals of a seat; the first is process 1
KEPT = 128 * 1024  # bytes of output, for the next browser
QUEUED = 2  # pieces of output that wait for one browser
BEGIN_PATIENCE = 30.0  # seconds for the engine to make a process of a shell
UNWATCHED = 0.05  # seconds between two reads while nobody looks, so that a flood costs next to nothing
# For an exec these must be bytes that somebody can type; hardly anybody types NUL, and it is not let in.
_DETACH_KEYS, _NEVER_TYPED = "ctrl-@,ctrl-@", b"\x00"


class Closed(Exception):
    """The learner has closed the terminal."""


class NotBegun(EngineError):
    """The engine answers but starts no shell: most often the container has just ended, which it is about to notice."""


class Watcher:
    """One browser at a shell; what `Wire` is at an attach."""

    def __init__(self, shell: "Shell", history: bytes) -> None:
        self._shell = shell
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue(QUEUED)
        self.history = history

    async def give(self, data: bytes) -> None:
        await self._pieces.put(data)

    async def read(self, size: int = LARGEST_OUTPUT) -> bytes:
        return await self._pieces.get()

    async def write(self, data: bytes) -> None:
        await self._shell.write(data)

    def abort(self) -> None:
        """Whoever waits to give something is let go."""
        self._shell.watchers.discard(self)
        while not self._pieces.empty():
            self._pieces.get_nowait()


class Shell:
    """One that runs. All who watch see the same; the slowest of them sets the pace."""

    def __init__(self, client: EngineClient, exec_id: str, wire: Wire) -> None:
        self.client, self.exec_id = client, exec_id
        self.watchers: set[Watcher] = set()
        self.ended = self.closed = False
        self._wire = wire
        self._kept = bytearray()
        self._pumping = asyncio.create_task(self._pump(), name=f"shell {exec_id[:12]}")

    def watch(self) -> Watcher:
        """From now on; what came before is its history, all but the open line, which a change of size brings back."""
        watcher = Watcher(self, bytes(self._kept[: self._kept.rfind(b"\n") + 1]))
        self.watchers.add(watcher)
        return watcher

    async def write(self, data: bytes) -> None:
        await self._wire.write(data.replace(_NEVER_TYPED, b""))

    def let_go(self) -> None:
        self._pumping.cancel()
        self._wire.abort()

    async def _pump(self) -> None:
        try:
            while data := await self._wire.read(LARGEST_OUTPUT):
                self._keep(data)
                for watcher in list(self.watchers):
                    await watcher.give(data)
                if not self.watchers:
                    await asyncio.sleep(UNWATCHED)
        except EngineGone:
            pass  # who watches finds out for themselves
        finally:
            self.ended = True
            self._wire.abort()
        for watcher in list(self.watchers):
            await watcher.give(b"")

    def _keep(self, data: bytes) -> None:
        self._kept += data
        if len(self._kept) > KEPT:
            begin = self._kept.find(b"\n", len(self._kept) - KEPT) + 1  # at a line's beginning, if there is one
            del self._kept[: begin or len(self._kept) - KEPT]


class Shells:
    """All further shells of all seats, by seat and number. `on_change` is told a learner whose terminals changed."""

    def __init__(self, desk: Desk, client: EngineClient, on_change: Callable[[int], None]) -> None:
        self._desk, self._client, self._on_change = desk, client, on_change
        self._shells: dict[str, dict[int, Shell]] = {}
        self._starting: dict[str, asyncio.Lock] = {}

    def open(self, seat_id: str) -> list[int]:
        """The numbers of the seat's terminals; there always is the first."""
        return [FIRST, *sorted(number for number in self._shells.get(seat_id, ()) if self.living(seat_id, number))]

    def living(self, seat_id: str, number: int) -> Shell | None:
        shell = self._shells.get(seat_id, {}).get(number)
        return shell if shell and not shell.ended else None

    async def start(self, seat: Seat, number: int) -> Shell:
        """The shell, started if there is none. Raises EngineError: NotFound when the seat has ended, NotBegun when its
        container has."""
        async with self._starting.setdefault(seat.id, asyncio.Lock()):
            if shell := self.living(seat.id, number):
                return shell
            await self._desk.revive(seat)  # process 1 may have ended, and all others with it
            shell = self._shells.setdefault(seat.id, {})[number] = await self._begin(seat)
        self._tell(seat.id)
        return shell

    async def close(self, seat_id: str, number: int) -> None:
        """End the shell and what runs in its foreground. Those who watch it get the end of its output."""
        shell = self._shells.get(seat_id, {}).pop(number, None)
        if shell is None:
            return
        shell.closed = True
        self._tell(seat_id)
        await execs.end(self._client, shell.exec_id)

    def forget(self, seat_id: str) -> None:
        """The seat has ended, and every process in it."""
        self._starting.pop(seat_id, None)
        for shell in self._shells.pop(seat_id, {}).values():
            shell.let_go()

    async def _begin(self, seat: Seat) -> Shell:
        """As process 1 was started, so is every further shell."""
        path = f"/containers/{seat.container_id}"
        async with await self._client.request("GET", f"{path}/json") as reply:
            container = await (await reply.raise_for_status()).json()
        await self._end_strays(seat.id, container["ExecIDs"] or [])
        body = {
            "Cmd": [*(container["Config"]["Entrypoint"] or []), *container["Config"]["Cmd"]],
            **dict.fromkeys(("AttachStdin", "AttachStdout", "AttachStderr", "Tty"), True),
            "DetachKeys": _DETACH_KEYS,
        }
        try:
            return await self._started(f"{path}/exec", body)
        except EngineGone:
            raise
        except (EngineError, TimeoutError) as error:
            raise NotBegun(str(error) or "the engine took too long") from error

    async def _started(self, execs_path: str, body: object) -> Shell:
        """Nothing of a stream is shown before it is known to be a shell's: it may be the engine that speaks there."""
        async with await self._client.request("POST", execs_path, json_body=body) as reply:
            exec_id = (await (await reply.raise_for_status()).json())["Id"]
        wire = await self._client.upgrade(f"/exec/{exec_id}/start", json_body={"Detach": False, "Tty": True})
        try:
            async with asyncio.timeout(BEGIN_PATIENCE):
                if not await execs.begun(self._client, exec_id):
                    raise EngineError((await wire.read()).decode(errors="replace").strip())
        except BaseException:
            wire.abort()
            raise
        return Shell(self._client, exec_id, wire)

    async def _end_strays(self, seat_id: str, exec_ids: list[str]) -> None:
        """Terminals that an earlier server has started: nobody can come back to them."""
        known = {shell.exec_id for shell in self._shells.get(seat_id, {}).values()}
        for exec_id in exec_ids:
            try:
                state = await execs.inspect(self._client, exec_id)
            except EngineError:
                continue  # it has ended meanwhile
            if exec_id not in known and state["ProcessConfig"]["tty"]:
                await execs.end(self._client, exec_id)

    def _tell(self, seat_id: str) -> None:
        if learner_id := self._desk.learner_of(seat_id):
            self._on_change(learner_id)
