"""What the terminal's tests stand on: one real container without the desk around it, and a tab without a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Self

from playground.engine import labels
from playground.engine.client import EngineClient
from playground.seats.models import Seat
from playground.seats.roster import Change, Kind
from playground.seats.waiting import Queued
from playground.terminal import frames
from playground.terminal.browser import Message
from playground.terminal.frames import Credit, Exit, FromBrowser, Input, Notice, Output, Resize, ToBrowser
from playground.terminal.relay import TerminalRelay
from playground.terminal.visit_relay import VisitRelay

Application = TerminalRelay | VisitRelay

ADA, BEN = 1, 2
IMAGE = labels.CATALOGUE_PREFIX + "busybox"
SOON = 60.0  # seconds within which anything that is waited for happens, even on a busy machine


class OneSeat:
    """The desk of a playground with one seat, which is Ada's unless a test says otherwise."""

    learner = ADA

    def __init__(self, client: EngineClient, container_id: str) -> None:
        self.client = client
        self.seat: Seat | None = Seat(id="adas-seat", container_id=container_id)
        self.revived = 0
        self.before: list[Queued] = []  # places in the queue, until there is the seat
        self.tell: Callable[[Change], None] = lambda change: None

    def on_change(self, callback: Callable[[Change], None]) -> None:
        self.tell = callback

    def changes(self, kind: Kind, ends_at: datetime | None = None, why: str = "") -> None:
        if kind == "ended":
            self.seat = None
        self.tell(Change("adas-seat", ADA, kind, ends_at, why))

    async def lend(self, learner_id: int) -> Seat:
        assert learner_id == self.learner
        assert self.seat
        return self.seat

    async def wait(self, learner_id: int) -> AsyncIterator[Seat | Queued]:
        for place in self.before:
            yield place
        yield await self.lend(learner_id)

    def of_learner(self, learner_id: int) -> Seat | None:
        return self.seat if learner_id == self.learner else None

    def learner_of(self, seat_id: str) -> int | None:
        return self.learner if self.seat and seat_id == self.seat.id else None

    async def revive(self, seat: Seat) -> None:
        self.revived += 1
        async with await self.client.request("POST", f"/containers/{seat.container_id}/start") as reply:
            await reply.raise_for_status()

    async def seen(self, seat_id: str) -> None:
        assert self.seat is None or seat_id == self.seat.id


@asynccontextmanager
async def one_seat(client: EngineClient, instance: str, *command: str) -> AsyncIterator[OneSeat]:
    """A running seat whose process 1 is `command`, a shell by default."""
    body = {
        "Image": IMAGE,
        "Cmd": command or ("/bin/sh",),
        "Tty": True,
        "OpenStdin": True,
        "Env": ["TERM=xterm-256color"],
        "Labels": {labels.INSTANCE: instance},
        "HostConfig": {"NetworkMode": "none", "CapDrop": ["ALL"], "LogConfig": {"Type": "json-file"}},
    }
    async with await client.request("POST", "/containers/create", json_body=body) as reply:
        container = (await (await reply.raise_for_status()).json())["Id"]
    desk = OneSeat(client, container)
    try:
        await desk.revive(Seat(container_id=container))
        desk.revived = 0
        yield desk
    finally:
        async with await client.request("DELETE", f"/containers/{container}", query={"force": "1", "v": "1"}) as reply:
            await reply.raise_for_status()


class Tab:
    """A browser's tab without the browser: it speaks the protocol to the relay in this process."""

    def __init__(
        self,
        relay: Application,
        learner_id: int | None = ADA,
        **place: str | int | None,  # as the address has it
    ) -> None:
        self._to_relay: asyncio.Queue[Message] = asyncio.Queue()
        self._from_relay: asyncio.Queue[Message] = asyncio.Queue()
        scope = {
            "type": "websocket",
            "user": SimpleNamespace(pk=learner_id, is_authenticated=learner_id is not None),
            "subprotocols": [frames.SUBPROTOCOL],
            "url_route": {"kwargs": {k: v for k, v in place.items() if v is not None}},
        }
        self._running = asyncio.ensure_future(relay(scope, self._to_relay.get, self._from_relay.put))
        self._to_relay.put_nowait({"type": "websocket.connect"})
        self.pays = True
        self.received = 0  # bytes of output
        self.shown = b""
        self.notices: list[Notice] = []
        self.exit_codes: list[int] = []
        self.closed: int | None = None

    async def answer(self) -> Message:
        """The relay's next message as it is."""
        try:
            return await asyncio.wait_for(self._from_relay.get(), SOON)
        except TimeoutError:
            raise AssertionError(f"nothing more came after {self.shown[-500:]!r}, {self.notices}") from None

    async def open(self, columns: int = 80, rows: int = 24) -> Self:
        accepted = await self.answer()
        assert accepted == {"type": "websocket.accept", "subprotocol": frames.SUBPROTOCOL}
        self.send(Resize(columns, rows))
        return self

    def send(self, frame: FromBrowser) -> None:
        self.send_raw(frames.encode(frame))

    def send_raw(self, message: bytes) -> None:
        self._to_relay.put_nowait({"type": "websocket.receive", "bytes": message})

    def type(self, text: str | bytes) -> None:
        self.send(Input(text.encode() if isinstance(text, str) else text))

    async def until(self, text: str) -> bytes:
        """Read on until `text` stands on the screen; returns what came up to and with it, which is then forgotten."""
        wanted = text.encode()
        while wanted not in self.shown:
            assert await self.read(), f"closed with {self.closed} before {text!r} came: {self.shown[-500:]!r}"
        end = self.shown.index(wanted) + len(wanted)
        came, self.shown = self.shown[:end], self.shown[end:]
        return came

    async def until_notice(self, kind: str) -> Notice:
        while not (found := [notice for notice in self.notices if notice.kind == kind]):
            assert await self.read(), f"closed with {self.closed} before a notice {kind!r} came"
        self.notices.remove(found[0])
        return found[0]

    async def until_closed(self) -> int:
        while await self.read():
            pass
        assert self.closed is not None
        return self.closed

    async def read(self) -> bool:
        """Take one message in as the browser does; False once the relay has closed."""
        message = await self.answer()
        if message["type"] == "websocket.close":
            self.closed = message.get("code", 1000)
            return False
        self._take(frames.to_browser(message["bytes"]))
        return True

    def _take(self, frame: ToBrowser) -> None:
        match frame:
            case Output(data):
                self.received += len(data)
                if self.pays:
                    self.shown += data
                    self.send(Credit(len(data)))
            case Notice():
                self.notices.append(frame)
            case Exit(code):
                self.exit_codes.append(code)

    async def close(self) -> None:
        self._to_relay.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self._running, SOON)


@asynccontextmanager
async def tab(relay: Application, **options: Any) -> AsyncIterator[Tab]:
    opened = await Tab(relay, **options).open()
    try:
        yield opened
    finally:
        await opened.close()
