"""One connection of one CLI process to its seat's socket: requests in, answers out, one after the other.

A request that cannot be read is answered with a 4xx and the connection closed. What the gateway refuses is a 4xx or a
503, never a 500; an error in the gateway itself closes this one connection and stands in the log.
"""

import asyncio
import json
from contextlib import aclosing, nullcontext
from email.utils import formatdate
from functools import partial
from http import HTTPStatus

from playground.engine.errors import EngineError
from playground.gateway.call import Answer, Call, Flow, Outcome, Raw
from playground.gateway.desk import Desk
from playground.gateway.framing import READ_SIZE, Framer
from playground.gateway.handlers.streams import RAW_STREAM
from playground.gateway.handlers.system import API_VERSION
from playground.gateway.invocation import Invocation
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.strictjson import parse_object
from playground.gateway.raw import is_hung_up, pump
from playground.gateway.room import Held

HIGH_WATER = 64 * 1024
LINGER = 2.0  # seconds
_BODILESS = (204, 304)


class Connection:
    def __init__(
        self, desk: Desk, invocation: Invocation, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._desk = desk
        self._invocation = invocation
        self._reader = reader
        self._writer = writer
        self._framer = Framer(reader, desk.limits)
        self._close = False
        self._is_head = False
        writer.transport.set_write_buffer_limits(high=HIGH_WATER)

    async def serve(self) -> None:
        """Until either side is done with it."""
        try:
            while not self._close:
                await self._one()
                await asyncio.sleep(0)  # others first: of requests that have all come at once, none waits by itself
        except (OSError, TimeoutError):
            return  # the client is gone, or too slow

    async def turn_away(self, refusal: Refused) -> None:
        """Answer one that is too many, and end the connection."""
        self._close = True
        try:
            await self._write_answer(_error(refusal))
            await self._linger()
        except (OSError, TimeoutError):
            return

    async def _linger(self) -> None:
        """What else the client sends is not looked at. It is read for a moment, though: a client whose bytes were not
        read may be told of a broken connection before it reads the answer."""
        async with asyncio.timeout(LINGER):
            while await self._reader.read(READ_SIZE):
                pass

    # ── One request ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _one(self) -> None:
        with self._desk.memory.hold(self._desk.owned.seat) as held:
            await self._with_room(held)

    async def _with_room(self, held: Held) -> None:
        call: Call | None = None
        try:
            head = await self._framer.head()
            if head is None:
                self._close = True
                return
            # After an upgrade that did not happen the client's bytes could be meant for the stream.
            self._close, self._is_head = head.close or head.upgrade, head.method == "HEAD"
            call = self._desk.call(head, self._invocation)
            await self._read_body(call, held)
        except Refused as refusal:
            self._close = True
            await self._write_answer(_error(refusal))
            if call is not None:
                self._desk.publish(call, refusal.status, refusal.message)
            await self._linger()
            return
        try:
            with self._desk.room_for(call.route.stream) if call.route.stream else nullcontext():
                if await self._desk.turn(call) and is_hung_up(self._writer.get_extra_info("socket")):
                    self._desk.give_back(call)
                    raise ConnectionResetError  # nobody wants any more what is still to begin
                await self._answer(call, await self._desk.handle(call))
        except Refused as refusal:
            await self._finish(call, _error(refusal))
        except EngineError as error:
            await self._finish(call, _error(self._desk.refusal(call, error)))

    async def _read_body(self, call: Call, held: Held) -> None:
        route, limits = call.route, self._desk.limits
        if route.decision == "deny":
            raise Refused(*route.refusal)
        if route.body == "upload":  # read by its handler, once there is room for it
            self._close = True
            call.upload, call.held = partial(self._framer.body, take=held.more), held
            return
        limit = limits.create_body if route.body == "create" else limits.small_body
        raw = await self._framer.body(limit, held.more)
        if route.body != "none":
            call.body = parse_object(raw)

    async def _answer(self, call: Call, outcome: Outcome) -> None:
        match outcome:
            case Answer():
                await self._finish(call, outcome)
            case Flow():
                await self._flow(call, outcome)
            case Raw():
                await self._raw(call, outcome)

    async def _finish(self, call: Call, answer: Answer) -> None:
        await self._write_answer(answer)
        message = answer.body["message"] if answer.status >= 400 else ""
        self._desk.publish(call, answer.status, message)
        if message and call.route.body == "upload":
            await self._linger()

    # ── Answers that flow ────────────────────────────────────────────────────────────────────────────────────────

    async def _flow(self, call: Call, flow: Flow) -> None:
        """Ends early when the client hangs up, so that nothing is waited for on nobody's behalf."""
        sending = asyncio.create_task(self._send_flow(call, flow))
        gone = asyncio.create_task(self._framer.gone())
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                self._close = True
        finally:
            sending.cancel()
            gone.cancel()
            try:
                sent, left = await asyncio.gather(sending, gone, return_exceptions=True)
            finally:  # also where the seat is closed just now
                flow.close()
        for result in (sent, left):
            if isinstance(result, OSError | EngineError):
                self._close = True  # a broken-off answer cannot be followed by another one
            elif isinstance(result, Exception):
                raise result

    async def _send_flow(self, call: Call, flow: Flow) -> None:
        fields = {**flow.headers, "Content-Type": flow.content_type, "Transfer-Encoding": "chunked"}
        if self._close:
            fields["Connection"] = "close"
        self._writer.write(self._head(200, fields))
        await self._writer.drain()
        if not flow.fact_at_end:
            self._desk.publish(call, 200, "")
        has_said = False
        try:
            async with aclosing(flow.chunks) as chunks:
                async for chunk in chunks:
                    if chunk:
                        self._writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                        has_said = True
                        async with asyncio.timeout(self._desk.limits.write_timeout if flow.keeps_room else None):
                            await self._writer.drain()
            has_said = True
            self._writer.write(b"0\r\n\r\n")
            await self._writer.drain()
        finally:  # a client that has read what it wanted may hang up before the end
            if flow.fact_at_end and has_said:
                error = call.note.error
                self._desk.publish(call, 400 if error else 200, error)

    async def _raw(self, call: Call, raw: Raw) -> None:
        fields = {"Content-Type": RAW_STREAM, "Connection": "Upgrade", "Upgrade": "tcp"}
        self._close = True
        self._writer.write(self._head(101, fields))
        self._desk.publish(call, 200, "")
        if await pump(self._reader, self._writer, self._framer.take_rest(), raw.wire):
            self._desk.let_go(call)

    # ── Bytes ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _write_answer(self, answer: Answer) -> None:
        data, fields = b"", dict(answer.headers)
        if answer.status not in _BODILESS:
            data = answer.text.encode() or (b"" if answer.body is None else json.dumps(answer.body).encode() + b"\n")
            fields["Content-Type"] = "text/plain; charset=utf-8" if answer.text else "application/json"
            fields["Content-Length"] = "0" if self._is_head else str(len(data))
        if self._close:
            fields["Connection"] = "close"
        self._writer.write(self._head(answer.status, fields) + (b"" if self._is_head else data))
        async with asyncio.timeout(self._desk.limits.write_timeout):
            await self._writer.drain()

    def _head(self, status: int, fields: dict[str, str]) -> bytes:
        common = {
            "Api-Version": API_VERSION,
            "Docker-Experimental": "false",
            "Ostype": "linux",
            "Server": f"Docker/{self._desk.engine_version} (linux)",
            "Date": formatdate(usegmt=True),
        }
        phrase = "UPGRADED" if status == 101 else HTTPStatus(status).phrase
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{key}: {value}" for key, value in (common | fields).items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _error(refusal: Refused) -> Answer:
    return Answer({"message": refusal.message}, refusal.status)
