"""An answer that its browser does not read waits with the application that writes it, not in the server's memory; and
what an application says too late is lost without an error."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.live import free_port

PIECE, PIECES = 64 * 1024, 1024
STEADY = 30  # looks in a row without a change
SERVER = f"""
import sys
from playground import bounds

sent = 0

async def application(scope, receive, send):
    global sent
    if scope["type"] == "websocket":
        await receive()
        await send({{"type": "websocket.accept"}})
        await send({{"type": "websocket.close", "code": 4401}})
        await send({{"type": "websocket.send", "text": "too late"}})
        sent += 1
        return
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    if scope["path"] == "/much":
        for _ in range({PIECES}):
            await send({{"type": "http.response.body", "body": b"x" * {PIECE}, "more_body": True}})
            sent += 1
    await send({{"type": "http.response.body", "body": b"%d" % sent}})

bounds.put_in_place()
server = bounds.PatientServer(application, [f"tcp:port={{sys.argv[1]}}:interface=127.0.0.1"], signal_handlers=False)
server.ready_callable = lambda: print("ready", flush=True)
server.run()
"""


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", SERVER, str(port)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield port
        process.kill()


def ask(port: int, path: str) -> HTTPConnection:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    return connection


def count(port: int) -> int:
    with closing(ask(port, "/count")) as connection:
        return int(connection.getresponse().read())


def test_a_browser_that_does_not_read_holds_its_application(port: int) -> None:
    slow = ask(port, "/much")
    seen = [count(port)]
    while len(seen) < STEADY or seen[-1] == 0 or seen[-1] != seen[-STEADY]:
        seen.append(count(port))
    assert seen[-1] < PIECES // 2  # the kernel takes some
    assert len(slow.getresponse().read()) == PIECE * PIECES + len(str(PIECES))
    slow.close()
    assert count(port) == PIECES


def test_a_browser_that_leaves_lets_its_application_go(port: int) -> None:
    slow = ask(port, "/much")
    while not count(port):
        pass
    slow.close()
    while count(port) < PIECES:
        pass


def test_what_is_said_on_a_socket_that_closes_is_no_error(port: int) -> None:
    with connect(f"ws://127.0.0.1:{port}/") as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert count(port) == 1
