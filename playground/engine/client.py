"""The engine's HTTP API as asyncio streams over its unix socket, one connection for each request.

Framing is h11's. docker-py (api.py) does the control calls; what flows or must not block the loop goes through here:
the gateway's upstream calls, attach, and the event stream.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlencode

import h11

from playground.engine.errors import EngineError, EngineGone, error_for

READ_SIZE = 64 * 1024
MAX_JSON = 32 * 1024 * 1024
NEWEST_KNOWN_API = (1, 51)
OLDEST_KNOWN_API = (1, 41)

Query = Mapping[str, str | bytes | Sequence[str]]


class Wire:
    """A connection that the engine has handed over (101): raw bytes both ways."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, multiplexed: bool
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._first = first  # what h11 had taken in together with the 101
        self.multiplexed = multiplexed  # stdcopy frames (no TTY) rather than a terminal's bytes; API >= 1.42 says

    async def read(self, size: int = READ_SIZE) -> bytes:
        """What has arrived, at least one byte; b"" at the end. Not reading holds the engine's stream back."""
        if self._first:
            first, self._first = self._first, b""
            return first
        try:
            return await self._reader.read(size)
        except OSError as error:
            raise EngineGone("the engine hung up") from error

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        try:
            await self._writer.drain()
        except OSError as error:
            raise EngineGone("the engine hung up") from error

    def write_eof(self) -> None:
        """Half-close: the process sees the end of its input, its output goes on."""
        if self._writer.can_write_eof() and not self._writer.is_closing():
            self._writer.write_eof()

    def close(self) -> None:
        self._writer.close()

    def abort(self) -> None:
        """Close at once. What the engine has not taken is dropped, where close() would wait for it for ever."""
        self._writer.transport.abort()


class Reply:
    """The engine's answer. Read it whole or in chunks, and close it: `async with await client.request(…) as reply`."""

    def __init__(self, connection: "_Connection", head: h11.Response) -> None:
        self._connection = connection
        self.status = head.status_code
        self.headers: dict[str, str] = {k.decode("ascii"): v.decode("latin-1") for k, v in head.headers}

    async def __aenter__(self) -> "Reply":
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives; raises EngineGone when the engine hangs up before its end."""
        while True:
            event = await self._connection.next_event()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return

    async def read(self, limit: int = MAX_JSON) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in self.chunks():
            size += len(part)
            if size > limit:
                raise EngineError(f"the engine's answer is larger than {limit} bytes", 502)
            parts.append(part)
        return b"".join(parts)

    async def json(self, limit: int = MAX_JSON) -> Any:
        return json.loads(await self.read(limit) or b"null")

    async def raise_for_status(self) -> "Reply":
        if self.status >= 400:
            raise error_for(self.status, await self._message())
        return self

    async def _message(self) -> str:
        """JSON, but plain text from calls that would have handed the connection over."""
        body = await self.read(64 * 1024)
        try:
            return str(json.loads(body)["message"])
        except (ValueError, KeyError, TypeError):
            return body.decode(errors="replace").strip() or f"the engine answered {self.status}"


class _Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.h11 = h11.Connection(h11.CLIENT)

    def close(self) -> None:
        self.writer.close()

    async def send(self, *events: h11.Event) -> None:
        self.writer.write(b"".join(self.h11.send(event) or b"" for event in events))
        try:
            await self.writer.drain()
        except OSError as error:
            raise EngineGone("the engine hung up") from error

    async def next_event(self) -> Any:
        while True:
            try:
                event = self.h11.next_event()
            except h11.RemoteProtocolError as error:
                raise EngineGone("the engine's answer broke off") from error
            if event is not h11.NEED_DATA:
                return event
            try:
                self.h11.receive_data(await self.reader.read(READ_SIZE))
            except OSError as error:
                raise EngineGone("the engine hung up") from error


class EngineClient:
    """Calls to one engine. `api_version` is settled by `negotiate()`; until then the oldest known is spoken."""

    def __init__(self, socket_path: str) -> None:
        self.socket_path = socket_path
        self.api_version = "{}.{}".format(*OLDEST_KNOWN_API)

    async def negotiate(self) -> dict[str, Any]:
        """Ask `/version` once and settle on one API version; returns the engine's answer."""
        async with await self._send("GET", "/version", {}, None, {}) as reply:
            version: dict[str, Any] = await (await reply.raise_for_status()).json()
        newest = tuple(int(part) for part in version["ApiVersion"].split("."))
        if newest < OLDEST_KNOWN_API:
            raise EngineError(f"Docker Engine {version.get('Version')} is too old: 20.10 or newer is needed")
        self.api_version = "{}.{}".format(*min(newest, NEWEST_KNOWN_API))
        return version

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        json_body: object = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request; the answer's head has arrived when this returns. Raises EngineGone only."""
        if json_body is not None:
            body = json.dumps(json_body).encode()
            headers = {"Content-Type": "application/json", **(headers or {})}
        return await self._send(method, self._target(path), query or {}, body, headers or {})

    async def upgrade(self, path: str, *, query: Query | None = None, json_body: object = None) -> Wire:
        """POST and take the connection over once the engine has said 101; any other answer raises EngineError."""
        body = b"" if json_body is None else json.dumps(json_body).encode()
        headers = {"Connection": "Upgrade", "Upgrade": "tcp", "Content-Type": "application/json"}
        connection = await self._connect()
        try:
            await self._write_request(connection, "POST", self._target(path), query or {}, body, headers)
            event = await connection.next_event()
            if not isinstance(event, h11.InformationalResponse) or event.status_code != 101:
                if not isinstance(event, h11.Response):
                    raise EngineGone("the engine did not answer the upgrade")
                await Reply(connection, event).raise_for_status()
                raise EngineError("the engine did not hand the stream over", 502)
        except BaseException:
            connection.close()
            raise
        content_type = dict(event.headers).get(b"content-type", b"")
        first, _ = connection.h11.trailing_data
        multiplexed = content_type.endswith(b"multiplexed-stream")
        return Wire(connection.reader, connection.writer, bytes(first), multiplexed)

    async def events(self, *, since: str = "", about: str = "") -> AsyncGenerator[dict[str, Any], None]:
        """The engine's event stream until it hangs up (EngineGone), all of it or what is about one type of object."""
        filters = json.dumps({"type": [about]}) if about else ""
        query = {name: value for name, value in (("since", since), ("filters", filters)) if value}
        async with await self.request("GET", "/events", query=query) as reply:
            await reply.raise_for_status()
            buffer = b""
            async for chunk in reply.chunks():
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    if line.strip():
                        yield json.loads(line)
        raise EngineGone("the engine's event stream ended")

    def _target(self, path: str) -> str:
        return f"/v{self.api_version}{quote(path, safe='/:')}"

    async def _connect(self) -> _Connection:
        try:
            reader, writer = await asyncio.open_unix_connection(self.socket_path, limit=READ_SIZE)
        except OSError as error:
            raise EngineGone(f"no engine answers on {self.socket_path}") from error
        return _Connection(reader, writer)

    async def _send(
        self, method: str, target: str, query: Query, body: bytes | None, headers: Mapping[str, str]
    ) -> Reply:
        connection = await self._connect()
        try:
            with suppress(EngineGone):  # an engine that did not want the whole body may have said why
                await self._write_request(connection, method, target, query, body, {**headers, "Connection": "close"})
            event = await connection.next_event()
            while isinstance(event, h11.InformationalResponse):
                event = await connection.next_event()
            if not isinstance(event, h11.Response):
                raise EngineGone("the engine hung up without an answer")
        except BaseException:
            connection.close()
            raise
        return Reply(connection, event)

    @staticmethod
    async def _write_request(
        connection: _Connection,
        method: str,
        target: str,
        query: Query,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> None:
        if query:
            target += "?" + urlencode(query, doseq=True)
        fields = {"Host": "docker", **headers}
        if body is not None:
            fields["Content-Length"] = str(len(body))
        events: list[h11.Event] = [h11.Request(method=method, target=target, headers=list(fields.items()))]
        if body:
            events.append(h11.Data(data=body))
        await connection.send(*events, h11.EndOfMessage())
