"""An end to what one browser may send, and to what waits for it to read, where daphne has none: it reads and writes on
whether anybody takes it or not.

Who oversteps is not answered but cut off: a client that floods would not wait for an answer either.
"""

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any

# daphne installs Twisted's asyncio reactor when it is imported, so it comes before anything else of Twisted.
from daphne.server import Server  # isort:skip
from daphne import http_protocol, ws_protocol
from twisted.internet import tcp

from playground.files.paths import LARGEST
from playground.floods import Frames

LARGEST_BODY = LARGEST  # of a file that a learner uploads; no form is as large
READ_AT_ONCE = 4096  # bytes: as many small frames as fit are worked through before anybody else's turn comes
UNREAD = 1024 * 1024  # bytes of messages that wait for the application
SMALLEST_UNREAD = 1024  # a small message takes as much room


class PatientServer(Server):  # type: ignore[misc]  # daphne has no types
    """Lets an application go on when its answer's last part has left."""

    async def handle_reply(self, protocol: Any, message: MutableMapping[str, Any]) -> None:
        await super().handle_reply(protocol, message)
        if isinstance(protocol, Request):
            await protocol.taken.wait()


class Request(http_protocol.WebRequest):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = asyncio.Event()  # cleared while parts of the answer wait for the browser
        self.taken.set()

    def handle_reply(self, message: MutableMapping[str, Any]) -> None:
        super().handle_reply(message)
        if message["type"] == "http.response.start" and self.channel is not None and self.producer is None:
            self.registerProducer(self, True)

    def finish(self) -> None:
        if self.channel is not None and self.producer is not None:
            self.unregisterProducer()
        self.taken.set()
        super().finish()

    def pauseProducing(self) -> None:
        self.taken.clear()

    def resumeProducing(self) -> None:
        self.taken.set()

    def stopProducing(self) -> None:
        self.taken.set()

    def process(self) -> Any:
        # By this field a proxy would say under which path it serves us. We are never asked to believe it.
        self.requestHeaders.removeHeader(b"daphne-root-path")
        return super().process()

    def handleContentChunk(self, data: bytes) -> None:
        """The body has come this far; large ones would be kept on the disk, without an end."""
        if self.content.tell() + len(data) > LARGEST_BODY:
            self.channel.transport.write(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n")
            self.channel.loseConnection()
        else:
            super().handleContentChunk(data)


class Socket(ws_protocol.WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    _behind = False

    def __init__(self) -> None:
        super().__init__()
        self._frames = Frames()

    def dataReceived(self, data: bytes) -> None:
        self._behind = len(data) >= READ_AT_ONCE
        super().dataReceived(data)

    def onFrameBegin(self) -> None:
        """Of every frame, also of those that no application sees: pings, and parts of a message."""
        super().onFrameBegin()
        if self._frames.too_many(time.monotonic(), behind=self._behind):
            self._cut_off()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        waiting = self.application_queue.qsize() * max(len(payload), SMALLEST_UNREAD)
        if waiting > UNREAD:
            self._cut_off()
        else:
            super().onMessage(payload, isBinary)

    def handle_reply(self, message: MutableMapping[str, Any]) -> None:
        """What is still said while the socket closes goes nowhere. The application hears of the end when the browser
        has said goodbye as well; until then doorbells ring, and a word too much is no error."""
        closing = self.state not in (self.STATE_CONNECTING, self.STATE_OPEN)
        if not (closing and message["type"] == "websocket.send"):
            super().handle_reply(message)

    def _cut_off(self) -> None:
        self.dropConnection(abort=True)
        self.server.protocol_disconnected(self)  # what the application still says goes nowhere


def put_in_place() -> None:
    """daphne builds its own classes and asks nobody for others; to be called before its server runs."""
    tcp.Server.bufferSize = READ_AT_ONCE
    http_protocol.WebRequest = Request
    ws_protocol.WebSocketFactory.protocol = Socket
