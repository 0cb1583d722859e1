"""manage.py seat, as an operator types it."""

import asyncio
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.conf import settings

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.images import CatalogueImage
from tests.engine.seating import groups_of

Start = Callable[..., subprocess.Popen[bytes]]
BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")  # with SIGINT ignored, as `&` in a script starts programs


@pytest.fixture
def seat(engine_socket: str, catalogue_images: list[CatalogueImage], run_dir: Path, instance: str) -> Start:
    environment = {
        **os.environ,
        "DOCKER_HOST": f"unix://{engine_socket}",
        "PLAYGROUND_RUN_DIR": str(run_dir),
        "PLAYGROUND_INSTANCE": instance,
    }

    def start(
        *arguments: str | Path, terminal: int | None = None, before: Sequence[str] = ()
    ) -> subprocess.Popen[bytes]:
        command = [*before, sys.executable, settings.BASE_DIR / "manage.py", "seat", *arguments]
        stdin = subprocess.DEVNULL if terminal is None else terminal
        output = subprocess.PIPE if terminal is None else terminal
        return subprocess.Popen(command, env=environment, stdin=stdin, stdout=output, stderr=output)

    return start


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "script.sh"
        path.write_text(text)
        return path

    return write


def left_of(engine: Engine, run_dir: Path, process: subprocess.Popen[bytes], instance: str) -> list[object]:
    """What a command has left: directories, groups, containers."""
    own = f"{instance}-alone-{process.pid}"
    containers = asyncio.run(engine.containers({labels.INSTANCE: own}))
    return [*run_dir.glob(f"seats/{own}/**"), *groups_of(own), *containers]


def test_a_scripts_output_and_exit_code_are_passed_on_and_nothing_is_left(
    seat: Start, script: Callable[[str], Path], engine: Engine, run_dir: Path, instance: str
) -> None:
    process = seat(
        "run", script("docker run --name web busybox echo from inside\ndocker ps -aq | wc -l\ncat\nexit 7\n")
    )
    output, error = process.communicate(timeout=60)
    assert process.returncode == 7, error
    lines = output.decode().splitlines()
    assert lines[-2:] == ["from inside", "1"]
    assert left_of(engine, run_dir, process, instance) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("place", ["foreground", "background"])
def test_a_script_that_is_interrupted_leaves_nothing(
    seat: Start,
    script: Callable[[str], Path],
    engine: Engine,
    run_dir: Path,
    instance: str,
    number: signal.Signals,
    place: str,
) -> None:
    text = "docker run -d busybox sleep 1000 > /dev/null 2>&1; echo started; sleep 1000"
    process = seat("run", script(text), before=BACKGROUND if place == "background" else ())
    assert process.stdout
    assert process.stdout.readline() == b"started\n"
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert left_of(engine, run_dir, process, instance) == []


def test_what_a_killed_command_has_left_is_removed_by_the_next_one(
    seat: Start, script: Callable[[str], Path], engine: Engine, run_dir: Path, instance: str
) -> None:
    killed = seat("run", script("docker run -d busybox sleep 1000 > /dev/null 2>&1; echo started; sleep 1000"))
    assert killed.stdout
    assert killed.stdout.readline() == b"started\n"
    killed.kill()
    killed.communicate(timeout=60)
    assert left_of(engine, run_dir, killed, instance)

    seat("run", script("true")).communicate(timeout=60)
    assert left_of(engine, run_dir, killed, instance) == []


def test_in_ones_own_terminal_it_is_a_shell_until_exit(
    seat: Start, engine: Engine, run_dir: Path, instance: str
) -> None:
    ours, theirs = pty.openpty()
    process = seat(terminal=theirs)
    os.close(theirs)
    assert b"$ " in read_until(ours, b"$ ")
    os.write(ours, b"stty size; echo $((40 + 2)); docker ps\r")
    assert b"42" in read_until(ours, b"CONTAINER ID")
    os.write(ours, b"exit 3\r")
    assert process.wait(timeout=60) == 3
    os.close(ours)
    assert left_of(engine, run_dir, process, instance) == []


def read_until(terminal: int, text: bytes) -> bytes:
    """What the terminal shows, up to and with `text`."""
    shown = b""
    while text not in shown:
        assert select.select([terminal], [], [], 30)[0], f"{text!r} did not come after {shown!r}"
        shown += os.read(terminal, 4096)
    return shown


def test_without_a_terminal_it_says_what_to_do(seat: Start) -> None:
    process = seat()
    _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"manage.py seat run FILE" in error
