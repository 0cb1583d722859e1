"""A learner's end of a seat's socket: plain calls, and bytes as they are."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h11

PATIENCE = 60.0


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    data: bytes
    closed: bool = False  # the gateway closed the connection after it

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def message(self) -> str:
        return str(self.json["message"])


@dataclass(frozen=True)
class Learner:
    socket: Path

    async def call(self, method: str, target: str, body: Any = None, **headers: str) -> Answered:
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        head = f"{method} /v1.41{target} HTTP/1.1\r\nHost: docker\r\nContent-Length: {len(data)}\r\n"
        head += "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        (answer,) = await self.send(head.encode() + b"\r\n" + data)
        return answer

    async def get(self, target: str) -> Answered:
        return await self.call("GET", target)

    async def post(self, target: str, body: Any = None) -> Answered:
        return await self.call("POST", target, body)

    async def send(self, data: bytes, *, method: str = "GET") -> list[Answered]:
        """Bytes, then our half of the connection's end; every answer that came back."""
        async with self.connected() as (reader, writer):
            writer.write(data)
            writer.write_eof()
            received = await reader.read()
        return answers(received, method)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """The two halves of a connection, for a test that is slow, impolite or hangs up."""
        reader, writer = await asyncio.open_unix_connection(self.socket)
        try:
            async with asyncio.timeout(PATIENCE):
                yield reader, writer
        finally:
            writer.close()


def answers(data: bytes, method: str = "GET") -> list[Answered]:
    """What h11 reads in the bytes; raises where they are not HTTP."""
    found: list[Answered] = []
    while data:
        parser = h11.Connection(h11.CLIENT)
        parser.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
        parser.send(h11.EndOfMessage())
        parser.receive_data(data)
        parser.receive_data(b"")
        head, body = None, b""
        while not isinstance(event := parser.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
            if isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.Response | h11.InformationalResponse):
                head = event
            else:
                break
        assert head is not None
        fields = {name.decode().lower(): value.decode() for name, value in head.headers}
        found.append(Answered(head.status_code, fields, body, fields.get("connection") == "close"))
        data = bytes(parser.trailing_data[0])
    return found
