"""What a browser may send has an end (attacks J 149, 151): a real server without an engine, and bytes on its port."""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.live import LiveServer

MIB = 1024 * 1024
PATIENCE = 120  # seconds: a server on a busy machine is slow, not gone


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    server = LiveServer("/nonexistent/engine.sock", "test-bounds")
    server.start(ready=False)
    yield server
    log = server.read_log()
    server.close()
    assert "Traceback" not in log


@pytest.fixture(scope="module")
def ada(server: LiveServer) -> str:
    """The cookies of a browser that has joined."""
    form = ask(server, "GET", "/", {})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.data.decode())
    assert token is not None
    body = urlencode({"csrfmiddlewaretoken": token[1], "display_name": "Ada"}).encode()
    kind = "application/x-www-form-urlencoded"
    joined = ask(server, "POST", "/join/", {"Cookie": form.cookies, "Content-Type": kind}, body)
    assert joined.status == 302
    return joined.cookies


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Message
    data: bytes

    @property
    def cookies(self) -> str:
        return "; ".join(field.partition(";")[0] for field in self.headers.get_all("Set-Cookie") or ())


def ask(
    server: LiveServer, method: str, path: str, fields: dict[str, str], body: bytes | Iterator[bytes] = b""
) -> Answered:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body, fields, encode_chunked=not isinstance(body, bytes))
        response = connection.getresponse()
        return Answered(response.status, response.headers, response.read())


def memory(server: LiveServer) -> int:
    """In bytes, that the server's process has now."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def opened(server: LiveServer, path: str, session: str) -> socket.socket:
    """A WebSocket after its handshake."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    host = f"127.0.0.1:{server.port}"
    lines = [
        f"GET {path} HTTP/1.1", f"Host: {host}", f"Origin: http://{host}", f"Cookie: {session}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: playground.terminal.1",
    ]  # fmt: skip
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    assert connection.recv(4096).startswith(b"HTTP/1.1 101")
    return connection


def frame(opcode: int, data: bytes) -> bytes:
    length = struct.pack("!BQ", 0x80 | 127, len(data)) if len(data) > 125 else struct.pack("!B", 0x80 | len(data))
    return bytes((0x80 | opcode,)) + length + bytes(4) + data


TEXT, BINARY, PING = 1, 2, 9
OPEN = b'{"type":"open","lesson":"hello-world","step":""}'
FLOODS = {
    "messages that each cost a query": ("/ws/progress/", frame(TEXT, OPEN)),
    "large messages": ("/ws/progress/", frame(TEXT, OPEN + b" " * 120_000)),
    "messages that are nothing": ("/ws/progress/", frame(TEXT, b"{")),
    "keys": ("/ws/terminal/", frame(BINARY, b"\0a")),
    "credit for nothing": ("/ws/terminal/", frame(BINARY, b"\2\0\0\0\0")),
    "input that nobody takes": ("/ws/terminal/", frame(BINARY, b"\0" + b"a" * 60_000)),
    "sizes": ("/ws/terminal/", frame(BINARY, b"\1\0\x50\0\x20")),
    "frames that are none": ("/ws/terminal/", frame(BINARY, b"\x99" * 100_000)),
    "pings": ("/ws/terminal/", frame(PING, b"")),
}


@pytest.mark.parametrize("flood", FLOODS)
@pytest.mark.attack("a browser that floods the server")
def test_a_socket_that_floods_is_cut_off_and_costs_no_memory(server: LiveServer, ada: str, flood: str) -> None:
    path, message = FLOODS[flood]
    before = memory(server)
    some = message * (1 + 4096 // len(message))
    with closing(opened(server, path, ada)) as flooding, pytest.raises((ConnectionResetError, BrokenPipeError)):
        flooding.sendall(some * (256 * MIB // len(some)))
    assert ask(server, "GET", "/healthz", {}).data == b"ok"
    assert memory(server) - before < 32 * MIB


@pytest.mark.attack("a browser that floods the server")
def test_a_form_without_end_is_refused_on_its_way(server: LiveServer, ada: str) -> None:
    for body in (b"a" * (5 * MIB), (b"a" * 4096 for _ in range(1280))):
        with suppress(ConnectionError):  # hung up on while it was sending
            assert ask(server, "POST", "/me/", {"Cookie": ada}, body).status == 413


def test_nobody_says_under_which_path_the_site_lives(server: LiveServer) -> None:
    page = ask(server, "GET", "/", {"Daphne-Root-Path": "/elsewhere"})
    assert (page.status, b"/elsewhere" in page.data) == (200, False)
    assert ask(server, "GET", "/", {"Daphne-Root-Path": "\xff"}).status == 200
