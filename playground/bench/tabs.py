"""Two ways to one kind of shell: the browser's, and an attach straight to the engine."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Protocol, Self

import websockets

from playground.engine.client import EngineClient, Wire
from playground.terminal import frames
from playground.terminal.frames import Credit, Input, Notice, Output, Resize
from playground.terminal.line import Line

PROMPT = b"$ "
SIZE = Resize(80, 24)
PATIENCE = 60.0


def now() -> float:
    """Milliseconds."""
    return time.perf_counter() * 1000


class Person(Protocol):
    """Whoever has a browser's cookies."""

    @property
    def cookies(self) -> Mapping[str, str]: ...


class Site(Protocol):
    """Where the playground is served."""

    @property
    def url(self) -> str: ...


class Tab(Protocol):
    """`read` gives the next bytes that the terminal shows."""

    async def until_prompt(self) -> None: ...

    async def type(self, text: bytes) -> None: ...

    async def read(self) -> bytes: ...


async def until(tab: Tab, wanted: bytes) -> int:
    """Read on until `wanted` stands on the screen; returns how many bytes that took."""
    size, tail = 0, b""
    async with asyncio.timeout(PATIENCE):
        while wanted not in tail:
            data = await tab.read()
            size += len(data)
            tail = tail[-len(wanted) :] + data
    return size


async def carried_out(tab: Tab, command: bytes) -> None:
    """Type the command and read on until there is a prompt below it."""
    await tab.type(command + b"\r")
    shown = b""
    async with asyncio.timeout(PATIENCE):
        while PROMPT not in shown.partition(command)[2]:
            shown += await tab.read()


async def connect(site: Site, person: Person, path: str, **options: Any) -> websockets.ClientConnection:
    """A socket as the person's browser opens it."""
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    return await websockets.connect(
        site.url.replace("http", "ws", 1) + path,
        origin=websockets.Origin(site.url),
        additional_headers={"Cookie": cookies},
        compression=None,
        **options,
    )


class BrowserTab:
    """What the page's script does, without drawing: credit for each frame that has come."""

    seat = ""  # its id, once it is lent

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket

    @classmethod
    async def open(cls, site: Site, person: Person, path: str = "/ws/terminal/") -> Self:
        tab = cls(await connect(site, person, path, subprotocols=[frames.SUBPROTOCOL]))
        await tab._send(SIZE)
        return tab

    async def until_prompt(self) -> None:
        """The scrollback, which may end in an old prompt, and then the shell's own."""
        async with asyncio.timeout(PATIENCE):
            while not (isinstance(frame := await self._receive(), Notice) and frame.kind == "live"):
                pass
        await until(self, PROMPT)

    async def type(self, text: bytes) -> None:
        await self._send(Input(text))

    async def read(self) -> bytes:
        while not isinstance(frame := await self._receive(), Output):
            pass
        return frame.data

    async def _receive(self) -> frames.ToBrowser:
        message = await self.socket.recv()
        assert isinstance(message, bytes)
        frame = frames.to_browser(message)
        if isinstance(frame, Output):
            await self._send(Credit(len(frame.data)))
        if isinstance(frame, Notice) and frame.kind == "seat":
            self.seat = str(frame.fields["id"])
        return frame

    async def _send(self, frame: frames.FromBrowser) -> None:
        await self.socket.send(frames.encode(frame))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()


class EngineTab:
    """The floor: the same attach, with nothing between."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @classmethod
    async def open(cls, client: EngineClient, container: str) -> Self:
        return cls(await Line(client, container).attach())

    async def until_prompt(self) -> None:
        await until(self, PROMPT)

    async def type(self, text: bytes) -> None:
        await self._wire.write(text)

    async def read(self) -> bytes:
        return await self._wire.read()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._wire.abort()
