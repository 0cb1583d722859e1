"""The playground's own engine: a dockerd with its own data, sockets and pid file, hardened, and with a hard disk quota.

It outlives the server that started it and is found again by its socket and pid file. Starting and stopping are
idempotent and clear what a SIGKILL or a reboot left. Everything blocks: call it off the loop.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.engine import disk, find, keyrings
from playground.engine.errors import EngineError

START_TIMEOUT = 60.0
STOP_TIMEOUT = 30.0  # the engine itself gives its containers 15 s
POLL = 0.05
ADDRESS_POOL = {"base": "10.222.0.0/16", "size": 28}  # 4096 small networks rather than dockerd's 31 large ones


@dataclass(frozen=True, slots=True)
class OwnEngine:
    """`state_dir` outlives a reboot, `run_dir` need not. `disk_bytes` is what all images and containers may take.

    `private_network` is for tests: the engine has a network namespace of its own, so that it touches neither the
    machine's bridges nor its firewall and reaches no registry, and it ends with the process that started it. So are
    `environment`, over this process's (a PATH leads to another dockerd), and `settings`, over our daemon.json.
    """

    state_dir: Path
    run_dir: Path
    disk_bytes: int = 20 * disk.GIB
    private_network: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        return self.run_dir / find.OWN_SOCKET_NAME

    @property
    def log(self) -> Path:
        return self.state_dir / "engine.log"

    @property
    def _pid_file(self) -> Path:
        return self.run_dir / "engine.pid"

    @property
    def _config_file(self) -> Path:
        return self.run_dir / "engine.json"

    @property
    def _data(self) -> Path:
        return self.state_dir / "data"

    def pid(self) -> int | None:
        """The running dockerd's, None if there is none."""
        return _process(self._pid_file, self._config_file)

    def answers(self) -> bool:
        return self.pid() is not None and find.answers(str(self.socket))

    def start(self, say: Callable[[str], None]) -> bool:
        """Start it, or take the one that runs; returns whether this call started it. Raises EngineError."""
        self._make_folders()
        with self._lock():
            if self.pid() is not None:
                self._await_answer(None)
                return False
            if (dockerd := shutil.which("dockerd", path=self._environment["PATH"])) is None:
                raise EngineError("no dockerd on this machine: install Debian's docker.io, or set DOCKER_HOST")
            driver = disk.mount(self.state_dir, self._data, self.disk_bytes)
            if driver is None:
                say("warning: neither btrfs nor xfs with quota here, so no container's disk has a hard limit")
            keyrings.make_room(say)
            self._clear_stale_files()
            self._config_file.write_text(json.dumps(self._config(driver or disk.DRIVER_WITHOUT_DISK), indent=2))
            self._await_answer(self._spawn(dockerd))
            return True

    def stop(self) -> None:
        """Stop it and its containers and unmount its disk. After a SIGKILL it starts once more, to end what is left."""
        self._make_folders()
        if self._was_killed():
            self.start(lambda _: None)
        with self._lock():
            if (pid := self.pid()) is not None:
                _end(pid)
            disk.unmount(self._data)
            self._clear_stale_files()

    def wait(self) -> None:
        """Returns when it has ended, at once if it does not run."""
        if (pid := self.pid()) is not None:
            with _watched(pid) as descriptor:
                select.select([descriptor], [], [])

    def _config(self, driver: str) -> dict[str, Any]:
        """dockerd's configuration, in the words of its daemon.json."""
        return {
            "hosts": [f"unix://{self.socket}"],
            "group": "root",
            "data-root": str(self._data),
            "exec-root": str(self.run_dir / "exec"),
            "storage-driver": driver,
            "userns-remap": "default",
            "no-new-privileges": True,
            "log-driver": "json-file",
            "log-opts": {"max-size": "1m", "max-file": "1"},
            "bridge": "none",  # learners' networks are made for each of them, nothing is on a common one
            "iptables": True,  # keeps those networks apart
            "icc": False,
            "userland-proxy": False,
            "default-address-pools": [ADDRESS_POOL],
            "live-restore": False,
            **self.settings,
        }

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.defpath, **os.environ, **self.environment}

    def _spawn(self, dockerd: str) -> int:
        """In a session of its own: Ctrl-C in the terminal is for the server, which then stops the engine in order."""
        command = [dockerd, "--config-file", str(self._config_file), "--pidfile", str(self._pid_file)]
        if self.private_network:
            command = ["setpriv", "--pdeathsig", "TERM", "unshare", "--net", *command]
        log = (os.POSIX_SPAWN_OPEN, 1, str(self.log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        streams = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), log, (os.POSIX_SPAWN_DUP2, 1, 2)]
        return os.posix_spawnp(command[0], command, self._environment, file_actions=streams, setsid=True)

    def _await_answer(self, child: int | None) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not find.answers(str(self.socket)):
            if child is not None and os.waitpid(child, os.WNOHANG)[0] == child:
                raise EngineError(f"the engine did not start: {self._last_words()} (all of it: {self.log})")
            if time.monotonic() > deadline:
                raise EngineError(f"the engine does not answer after {START_TIMEOUT:.0f} s (see {self.log})")
            time.sleep(POLL)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _make_folders(self) -> None:
        """Containers run as a user without rights here, who must get through to the images: o+x all the way up."""
        for folder in (self.state_dir, self.run_dir, self._data):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.state_dir, self.run_dir):
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
            for parent in folder.resolve().parents:
                if not parent.stat().st_mode & stat.S_IXOTH:
                    raise EngineError(f"containers could not reach {folder}: let others pass through {parent} (o+x)")

    def _clear_stale_files(self) -> None:
        """What a killed dockerd leaves. Any living process in its pid file, or a dying containerd, would stop the next
        one from starting. The containers' own processes stay: it takes them up and ends them."""
        containerd = self.run_dir / "exec" / "containerd" / "containerd.pid"
        if (pid := _process(containerd, self.run_dir / "exec/containerd/containerd.toml")) is not None:
            _end(pid)
        for path in (containerd, self._pid_file, self.socket):
            path.unlink(missing_ok=True)

    def _was_killed(self) -> bool:
        """A dockerd that ends in order removes its socket."""
        return self.pid() is None and self.socket.exists()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One start or stop at a time, on the whole machine; it goes with its process."""
        with (self.run_dir / "engine.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _process(pid_file: Path, argument: Path) -> int | None:
    """The pid in the file if that process was started with this argument: a stale file may name some other by now."""
    try:
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if os.fsencode(argument) in command else None


@contextmanager
def _watched(pid: int) -> Iterator[int]:
    """A descriptor that is readable once the process has ended, and that no other process can take over."""
    descriptor = os.pidfd_open(pid)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _end(pid: int) -> None:
    """SIGTERM and wait; raises EngineError when the process does not end."""
    with suppress(ProcessLookupError), _watched(pid) as descriptor:
        signal.pidfd_send_signal(descriptor, signal.SIGTERM)
        if not select.select([descriptor], [], [], STOP_TIMEOUT)[0]:
            raise EngineError(f"the engine (process {pid}) does not stop")
    with suppress(ChildProcessError):  # not ours to collect when another process started it
        os.waitpid(pid, 0)
