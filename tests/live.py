"""A real `manage.py serve` in a process of its own, with its own database, sockets and instance."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY = "Ready on "


class LiveServer:
    """Start, kill and start again on the same port, database and sockets, as an operator would."""

    def __init__(self, engine_socket: str, instance: str, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="playground-live-"))
        self.home.chmod(0o711)  # a remapped container reaches its socket through here
        self.environment = {
            **os.environ,
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

    def manage(self, *arguments: str) -> str:
        """Run a management command against this server's database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def start(self) -> None:
        """Returns when seats can be lent; a server that ends before that is an error with its log."""
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
            if line.startswith(READY):
                self.port = int(line.strip().rstrip("/").rsplit(":", 1)[1])
                return
        raise AssertionError(f"the server ended before it was ready:\n{self.read_log()}")

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.log.close()
            self.process = None

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30.0) -> None:
        """Poll until it holds: for what only the database or the engine shows."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"still not so after {seconds:.0f} s:\n{self.read_log()}"
            threading.Event().wait(0.05)

    def read_log(self) -> str:
        return (self.home / "serve.log").read_text()

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
