"""Which engine is used, and what is refused, told on sockets that answer as an engine does."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from playground.engine import find
from playground.engine.errors import EngineError, EngineGone

Listen = Callable[[Path, bytes], str]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """`listen(path, answer)`: whoever asks on the socket gets this answer."""
    servers: list[socketserver.BaseServer] = []

    def start(path: Path, answer: bytes) -> str:
        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.rfile.readline()
                self.wfile.write(answer)

        server = socketserver.UnixStreamServer(str(path), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return str(path)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


PONG = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"


def test_the_engine_that_docker_host_names_is_used(run_dir: Path, listen: Listen) -> None:
    named = listen(run_dir / "named.sock", PONG)

    assert find.find(f"unix://{named}", run_dir) == named


def test_an_engine_that_docker_host_names_and_that_does_not_answer_is_not_replaced(
    run_dir: Path, listen: Listen
) -> None:
    listen(run_dir / find.OWN_SOCKET_NAME, PONG)

    with pytest.raises(EngineGone, match="no engine answers on DOCKER_HOST=unix:///nowhere"):
        find.find("unix:///nowhere", run_dir)


@pytest.mark.parametrize("host", ["tcp://10.0.0.1:2375", "ssh://host", "unix://relative", "/var/run/docker.sock"])
def test_an_engine_elsewhere_is_refused_with_the_reason(host: str, run_dir: Path) -> None:
    with pytest.raises(EngineError, match="seats mount sockets of this machine"):
        find.find(host, run_dir)


def test_the_default_socket_comes_before_the_playgrounds_own(
    run_dir: Path, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = listen(run_dir / "default.sock", PONG)
    own = listen(run_dir / find.OWN_SOCKET_NAME, PONG)

    monkeypatch.setattr(find, "DEFAULT_SOCKET", Path(default))
    assert find.find("", run_dir) == default

    monkeypatch.setattr(find, "DEFAULT_SOCKET", run_dir / "nowhere.sock")
    assert find.find("", run_dir) == own


def test_with_no_engine_there_is_none(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "DEFAULT_SOCKET", run_dir / "nowhere.sock")

    assert find.find("", run_dir) is None


def test_a_socket_that_speaks_something_else_is_no_engine(run_dir: Path, listen: Listen) -> None:
    assert not find.answers(listen(run_dir / "other.sock", b"220 mail ready\r\n"))
    assert not find.answers(listen(run_dir / "broken.sock", b"HTTP/1.1 500 Internal Server Error\r\n\r\n"))
