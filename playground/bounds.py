"""An end to what one browser may send, where daphne has none: it reads on whether the application takes it or not.

Who oversteps is not answered but cut off: a client that floods would not wait for an answer either.
"""

import time
from typing import Any

from daphne import http_protocol, ws_protocol
from twisted.internet import tcp

LARGEST_BODY = 1024 * 1024  # of a form; nobody uploads files here
READ_AT_ONCE = 4096  # bytes: as many small frames as fit are worked through before anybody else's turn comes
FRAMES_A_SECOND = 2000  # a held key sends 30, a browser's mouse as many as its screen has pictures
UNREAD = 1024 * 1024  # bytes of messages that wait for the application
SMALLEST_UNREAD = 1024  # a small message takes as much room


class Request(http_protocol.WebRequest):  # type: ignore[misc]  # daphne has no types
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
    _second = 0
    _frames = 0

    def onFrameBegin(self) -> None:
        """Of every frame, also of those that no application sees: pings, and parts of a message."""
        second = int(time.monotonic())
        self._frames = self._frames + 1 if second == self._second else 1
        self._second = second
        super().onFrameBegin()
        if self._frames > FRAMES_A_SECOND:
            self._cut_off()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        waiting = self.application_queue.qsize() * max(len(payload), SMALLEST_UNREAD)
        if waiting > UNREAD:
            self._cut_off()
        else:
            super().onMessage(payload, isBinary)

    def _cut_off(self) -> None:
        self.dropConnection(abort=True)
        self.server.protocol_disconnected(self)  # what the application still says goes nowhere


def put_in_place() -> None:
    """daphne builds its own classes and asks nobody for others; to be called before its server runs."""
    tcp.Server.bufferSize = READ_AT_ONCE
    http_protocol.WebRequest = Request
    ws_protocol.WebSocketFactory.protocol = Socket
