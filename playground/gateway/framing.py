"""The framing of one request, read strictly: what h11 forgives and other readers read differently is refused here.

h11 parses; this decides where a head ends before h11 sees a byte of it. Every request gets a parser of its own, and
what the last one had not consumed is handed to the next.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

import h11

from playground.gateway.limits import Limits
from playground.gateway.policy.errors import Refused, bad

READ_SIZE = 64 * 1024
FREE_PIECES, PIECE = 256, 64  # a body in more pieces than that has some bytes in each, as each costs time
_END = b"\r\n\r\n"
_LONE = re.compile(rb"(?<!\r)\n|\r(?!\n)|\0|\r\n[ \t]")


@dataclass(frozen=True, slots=True)
class Head:
    method: str
    target: bytes
    upgrade: bool
    close: bool  # the client wants the connection closed after the answer


class Framer:
    """The reading half of one client's connection."""

    def __init__(self, reader: asyncio.StreamReader, limits: Limits) -> None:
        self._reader = reader
        self._limits = limits
        self._buffer = b""
        self.parser = h11.Connection(h11.SERVER)

    async def head(self) -> Head | None:
        """The next request's head; None when the client is done. Raises Refused, TimeoutError."""
        if not self._buffer:
            self._buffer = await self._reader.read(READ_SIZE)
            if not self._buffer:
                return None
        async with asyncio.timeout(self._limits.header_timeout):
            raw = await self._raw_head()
        fields = _check_fields(raw, self._limits)
        self.parser = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.header_bytes + READ_SIZE)
        self.parser.receive_data(raw)
        try:
            request = self.parser.next_event()
        except h11.RemoteProtocolError:
            raise bad("the request is not readable") from None
        if not isinstance(request, h11.Request):
            raise bad("the request is not readable")
        return _judge_head(request, fields)

    async def _raw_head(self) -> bytes:
        seen = 0  # bytes that need not be looked at again, however small the pieces are in which the head comes
        while (end := self._buffer.find(_END, max(0, seen - 3))) < 0:
            if len(self._buffer) > self._limits.header_bytes or _LONE.search(
                self._buffer.rstrip(b"\r"), max(0, seen - 2)
            ):
                break
            seen = len(self._buffer)
            more = await self._reader.read(READ_SIZE)
            if not more:
                raise bad("the request broke off")
            self._buffer += more
        head = self._buffer[: end + len(_END)] if end >= 0 else self._buffer
        if _LONE.search(head):
            raise bad("the request's lines must end with CR LF")
        if len(head) > self._limits.header_bytes:
            raise Refused(431, "the request's header is too large")
        self._buffer = self._buffer[len(head) :]
        return head

    async def body(self, limit: int, take: Callable[[int], None]) -> bytes:
        """The whole body, of at most `limit` bytes, for which `take` finds room as they come. Raises Refused,
        TimeoutError."""
        async with asyncio.timeout(self._limits.upload_time):
            return await self._body(limit, take)

    async def _body(self, limit: int, take: Callable[[int], None]) -> bytes:
        parts: list[bytes] = []
        size = 0
        self.parser.receive_data(self._buffer) if self._buffer else None
        self._buffer = b""
        while True:
            try:
                event = self.parser.next_event()
            except h11.RemoteProtocolError:
                raise bad("the body is not readable") from None
            if event is h11.NEED_DATA:
                await self._feed()
            elif isinstance(event, h11.Data):
                size += len(event.data)
                if size > limit:
                    raise Refused(413, f"the body is larger than {limit} bytes")
                take(len(event.data))
                parts.append(bytes(event.data))
                if len(parts) > FREE_PIECES + size // PIECE:
                    raise bad("the body comes in too small pieces")
            else:
                self._buffer = bytes(self.parser.trailing_data[0])
                return b"".join(parts)

    async def _feed(self) -> None:
        async with asyncio.timeout(self._limits.body_timeout):
            more = await self._reader.read(READ_SIZE)
        if not more:
            raise bad("the body broke off")
        self.parser.receive_data(more)

    async def gone(self) -> None:
        """Returns when the client has hung up, or sends more than a request's head while it waits for an answer."""
        while len(self._buffer) <= self._limits.header_bytes:
            more = await self._reader.read(READ_SIZE)
            if not more:
                return
            self._buffer += more

    def take_rest(self) -> bytes:
        """What the client sent after its request: the beginning of a raw stream."""
        rest, self._buffer = self._buffer, b""
        return rest


def _check_fields(raw: bytes, limits: Limits) -> dict[bytes, bytes]:
    """The header's fields by lower-case name, from our own reading."""
    lines = raw[: -len(_END)].split(b"\r\n")
    if len(lines) - 1 > limits.header_count:
        raise Refused(431, "the request has too many header fields")
    fields: dict[bytes, bytes] = {}
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        key = name.strip().lower()
        if key in fields and key in _ONCE:
            raise bad(f"the request has {key.decode('ascii')} twice")
        fields[key] = value.strip()
    return fields


_ONCE = frozenset((b"content-length", b"transfer-encoding", b"host", b"content-type", b"upgrade", b"expect"))
_FORM = b"application/x-www-form-urlencoded"


def _is_form(fields: dict[bytes, bytes]) -> bool:
    kind = fields.get(b"content-type", b"").partition(b";")[0].strip().lower()
    return kind == _FORM or kind.startswith(b"multipart/")


def _is_other_charset(fields: dict[bytes, bytes]) -> bool:
    charset = re.search(rb"charset\s*=\s*\"?([a-z0-9_-]+)", fields.get(b"content-type", b"").lower())
    return bool(charset and charset[1] not in (b"utf-8", b"utf8", b"us-ascii"))


_Fields = dict[bytes, bytes]
_REFUSALS: tuple[tuple[Callable[[_Fields], bool], int, str], ...] = (
    (lambda f: b"content-length" in f and b"transfer-encoding" in f, 400, "the body has two lengths"),
    (lambda f: not f.get(b"content-length", b"0").isdigit(), 400, "the body's length is not a number"),
    (lambda f: b"content-encoding" in f, 415, "compressed bodies are not taken here"),
    (lambda f: b"expect" in f, 417, "send the body without waiting for 100-continue"),
    (_is_form, 415, "forms are not taken here: send the parameters in the query"),
    (_is_other_charset, 415, "text is UTF-8 here"),
    (lambda f: f.get(b"upgrade", b"tcp").lower() != b"tcp", 400, "only an upgrade to tcp is known here"),
)


def _judge_head(request: h11.Request, fields: _Fields) -> Head:
    if request.http_version != b"1.1":
        raise Refused(505, "only HTTP/1.1 is spoken here")
    for found, status, message in _REFUSALS:
        if found(fields):
            raise Refused(status, message)
    connection = {word.strip() for word in fields.get(b"connection", b"").lower().split(b",")}
    return Head(
        method=request.method.decode("ascii"),
        target=bytes(request.target),
        upgrade=b"upgrade" in connection and b"upgrade" in fields,
        close=b"close" in connection,
    )
