"""A real `manage.py serve` in a process of its own, with its own database, sockets and instance."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")  # of whoever runs the tests
SERVING = "Serving "
READY = "Ready on "


class LiveServer:
    """Start, kill and start again on the same port, database and sockets, as an operator would."""

    def __init__(self, engine_socket: str, instance: str, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="playground-live-"))
        self.home.chmod(0o711)  # a remapped container reaches its socket through here
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in NOT_OURS},
            "DOCKER_HOST": f"unix://{engine_socket}",
            "PLAYGROUND_DATA_DIR": str(self.home / "data"),
            "PLAYGROUND_RUN_DIR": str(self.home / "run"),
            "PLAYGROUND_INSTANCE": instance,
            "PLAYGROUND_SEATS_WARM": "1",
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.manage("migrate", "--verbosity", "0")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str, typed: str = "") -> str:
        """Run a management command against this server's database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self, *, ready: bool = True) -> None:
        """Returns when seats can be lent, or with `ready` off when pages are served. A server that ends before that
        is an error with its log."""
        if not self.port:
            self.port = free_port()
        self.log = (self.home / "serve.log").open("a")
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(self.port)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(READY if ready else SERVING):
                return
        raise AssertionError(f"the server ended before it was ready:\n{self.read_log()}")

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, as a service manager restarts it; returns the exit code."""
        return self._end(signal.SIGTERM)

    def close(self) -> None:
        """End its seats, stop it, and remove what it kept."""
        if self.process is not None:
            self.edit("UPDATE seats_seat SET ends_at = '2000-01-01 00:00:00' WHERE state = 'lent'")
            self.wait_for(lambda: self.count("seats_seat", "state IN ('lent', 'ending')") == 0)
            self._end(signal.SIGINT)
        shutil.rmtree(self.home)

    def _end(self, how: signal.Signals) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return code

    def edit(self, statement: str) -> None:
        with closing(self._database()) as rows, rows:
            rows.execute(statement)

    def count(self, table: str, condition: str) -> int:
        with closing(self._database()) as rows:
            return int(rows.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0])

    def _database(self) -> Any:
        return sqlite3.connect(self.home / "data" / "db.sqlite3", timeout=20)

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Poll until it holds: for what only the database or the engine shows."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"still not so after {seconds:.0f} s:\n{self.read_log()}"
            threading.Event().wait(0.05)

    def read_log(self) -> str:
        return (self.home / "serve.log").read_text()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
