"""Which engine to use: the operator's word, else the machine's, else the playground's own.

Only unix sockets count: a seat's socket directory and the gateway's upstream are paths on this machine.
`python3 -m playground.engine.find RUN_DIR` prints the socket or exits 1; set-up asks it before anything is installed,
so this module needs nothing but the standard library.
"""

import os
import socket
import sys
from pathlib import Path

from playground.engine.errors import EngineError, EngineGone

DEFAULT_SOCKET = Path("/var/run/docker.sock")
OWN_SOCKET_NAME = "engine.sock"
ANSWER_TIMEOUT = 3.0


def find(docker_host: str, run_dir: Path) -> str | None:
    """The socket of an engine that answers, None if there is none.

    What the operator named in DOCKER_HOST is used or refused, never replaced by another engine: EngineError.
    """
    if docker_host:
        path = socket_of(docker_host)
        if not answers(path):
            raise EngineGone(f"no engine answers on DOCKER_HOST={docker_host}: start it, or unset DOCKER_HOST")
        return path
    for candidate in (DEFAULT_SOCKET, run_dir / OWN_SOCKET_NAME):
        if answers(str(candidate)):
            return str(candidate)
    return None


def socket_of(docker_host: str) -> str:
    """The path in `unix:///path`."""
    scheme, separator, path = docker_host.partition("://")
    if not separator or scheme != "unix" or not path.startswith("/"):
        raise EngineError(
            f"DOCKER_HOST={docker_host} cannot be used: seats mount sockets of this machine, so the engine must run "
            "here and answer on a unix socket (unix:///path)"
        )
    return path


def answers(path: str) -> bool:
    """Whether something that speaks the engine's HTTP answers a ping on this socket."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_TIMEOUT)
            connection.connect(path)
            connection.sendall(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
            status_line = connection.makefile("rb").readline(256)
    except OSError:
        return False
    return status_line.startswith(b"HTTP/1.") and b" 200 " in status_line


def main() -> int:
    try:
        path = find(os.environ.get("DOCKER_HOST", ""), Path(sys.argv[1]))
    except EngineError as error:
        print(error, file=sys.stderr)
        return 2
    if path is None:
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
