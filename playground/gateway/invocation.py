"""Which CLI process a call comes from, so that a create and a start can be told to be one `docker run`, and all that
`docker compose` calls to be one command."""

import itertools
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from playground.gateway.belongings import InvocationKey
from playground.gateway.facts import Fact

_CREDENTIALS = struct.Struct("3i")
_START_TIME = 19  # of /proc/PID/stat's fields after the name, proc(5)
_COMPOSE = "docker-compose"  # the plugin's program, a process of its own beneath `docker compose`
_MAX_COMMAND_LINE = 4096
_unknown = itertools.count(-1, -1)


@dataclass(slots=True)
class Invocation:
    key: InvocationKey
    compose: tuple[str, ...] | None = None  # the words after `docker compose`, where that is what it is
    connections: int = 0
    watches_events: bool = False  # as `docker stats` does
    lacks_image: bool = False  # as a `docker run` that pulls next
    waiting: Fact | None = None  # of a call whose purpose is not known yet
    has_called: bool = False
    refused: Fact | None = None  # the last call of compose's that should have changed something and did not


class Invocations:
    """The processes that are connected to one seat's socket."""

    def __init__(self) -> None:
        self._found: dict[InvocationKey, Invocation] = {}

    def join(self, connection: socket.socket) -> Invocation:
        key = _key(connection)
        invocation = self._found.get(key) or Invocation(key, _compose(key))
        self._found[key] = invocation
        invocation.connections += 1
        return invocation

    def leave(self, invocation: Invocation) -> bool:
        """Whether that was the process' last connection."""
        invocation.connections -= 1
        if invocation.connections:
            return False
        del self._found[invocation.key]
        return True


def _key(connection: socket.socket) -> InvocationKey:
    """A pid alone could be another process' by now. A process that cannot be seen (it lives in another pid name space,
    or is gone) is known by its connection only."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, _, _ = _CREDENTIALS.unpack(credentials)
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return (next(_unknown), 0)
    return (pid, int(stat.rpartition(")")[2].split()[_START_TIME]))


def _compose(key: InvocationKey) -> tuple[str, ...] | None:
    """What a process says of itself is for facts alone; nothing is allowed or refused by it."""
    try:
        with Path(f"/proc/{key[0]}/cmdline").open("rb") as file:
            words = file.read(_MAX_COMMAND_LINE).decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return None
    if Path(words[0]).name != _COMPOSE or "compose" not in words:
        return None
    return tuple(words[words.index("compose") + 1 :])
