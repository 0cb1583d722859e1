"""A learner's program behind a published port, as a server on loopback, and a browser that asks for its preview."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from playground.gateway.carrying import Side
from playground.preview.application import Preview
from playground.preview.exchange import LARGEST_HEAD
from playground.preview.links import Place, link

ADA, BEN = 1, 2
SEAT, PORT = "0123456789ab", 8080
HOME = link(Place(ADA, SEAT, PORT))
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"


@dataclass
class Shop:
    """What a learner's program does with a connection: it is sent `says`, in pieces; `heard` is what came."""

    says: list[bytes] = field(default_factory=lambda: [OK])
    heard: bytes = b""
    hangs: bool = False
    dialled: list[tuple[str, int]] = field(default_factory=list)
    refuses: Exception | None = None
    served: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    release: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def dial(self, seat: str, port: int) -> AsyncIterator[Side]:
        self.dialled.append((seat, port))
        if self.refuses:
            raise self.refuses
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        side = Side(*await asyncio.open_connection(host, port))
        try:
            yield side
        finally:
            side.abort()
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.served.release()
        try:
            self.heard += await reader.read(LARGEST_HEAD)
            for piece in self.says:
                writer.write(piece)
                await writer.drain()
            if self.hangs:
                await self.release.wait()
        except OSError:
            pass  # the preview had enough
        finally:
            writer.transport.abort() if self.hangs else writer.close()


@dataclass
class Answer:
    status: int
    fields: dict[bytes, bytes]
    body: bytes


class Person:
    def __init__(self, shop: Shop, **times: float) -> None:
        self.owners = {SEAT: ADA}
        self.preview = Preview(self.owners.get, shop.dial, **times)

    async def ask(
        self, address: str = HOME, method: str = "GET", body: bytes = b"", user: int | None = ADA, **fields: str
    ) -> Answer:
        path, _, query = address.partition("?")
        who = SimpleNamespace(is_authenticated=user is not None, pk=user)
        told = [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()]
        scope = {
            "method": method, "raw_path": path.encode(), "query_string": query.encode(), "headers": told, "user": who,
        }  # fmt: skip
        messages: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return messages.pop() if messages else await asyncio.Event().wait()  # type: ignore[return-value]

        async def send(message: Any) -> None:
            sent.append(message)

        async with asyncio.timeout(20):
            await self.preview(scope, receive, send)
        start, *rest = sent
        assert start["type"] == "http.response.start"
        assert not rest[-1].get("more_body")
        return Answer(start["status"], dict(start["headers"]), b"".join(part["body"] for part in rest))
