"""Plays a script against an engine's socket: what each command printed."""

import asyncio
import os
import pty
import shutil
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.engine.faithful.scripts import FILES, Command, Script, Turn
from tests.engine.faithful.transcript import Printed

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Player:
    """A person with a docker CLI: its folder, and the socket that it speaks to."""

    cli: Path
    socket: Path

    async def play(self, script: Script) -> list[list[str]]:
        with tempfile.TemporaryDirectory(prefix="playground-test-") as folder:
            here = Path(folder) / "here"
            shutil.copytree(FILES, here, symlinks=True)
            return [(await self._run(command, here, self._environment(folder))).lines() for command in script.commands]

    def _environment(self, home: str) -> dict[str, str]:
        return {
            "PATH": f"{self.cli}:{os.environ['PATH']}",
            "HOME": home,
            "LANG": "C.UTF-8",
            "TERM": "xterm",
            "DOCKER_HOST": f"unix://{self.socket}",
            "DOCKER_BUILDKIT": "0",
            "DOCKER_CLI_HINTS": "false",
        }

    async def _run(self, command: Command, here: Path, environment: Mapping[str, str]) -> Printed:
        try:
            async with asyncio.timeout(PATIENCE):
                if command.turns:
                    return await _on_a_terminal(command, here, environment)
                return await _plainly(command, here, environment)
        except TimeoutError:
            return Printed(124, "(it has not ended)")


async def _plainly(command: Command, here: Path, environment: Mapping[str, str]) -> Printed:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", command.line, cwd=here, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        start_new_session=True,
    )  # fmt: skip
    try:
        out, err = await process.communicate()
    finally:
        await _end(process)
    return Printed(process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace"))


async def _on_a_terminal(command: Command, here: Path, environment: Mapping[str, str]) -> Printed:
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", command.line, cwd=here, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    screen = _Screen(ours)
    try:
        for turn in command.turns:
            await screen.take(turn)
        await screen.to_the_end()
        await process.wait()
    finally:
        await _end(process)
        os.close(ours)
    return Printed(process.returncode or 0, screen.text.decode(errors="replace"))


class _Screen:
    def __init__(self, handle: int) -> None:
        self.text = b""
        self._handle = handle
        self._seen = 0  # how much of the text was waited for

    async def take(self, turn: Turn) -> None:
        if turn.typed:
            os.write(self._handle, turn.text.encode())
            return
        while (at := self.text.find(turn.text.encode(), self._seen)) < 0:
            if not await self._more():
                return
        self._seen = at + len(turn.text)

    async def to_the_end(self) -> None:
        while await self._more():
            pass

    async def _more(self) -> bool:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._handle, ready.set)
        try:
            await ready.wait()
            found = os.read(self._handle, 65536)
        except OSError:  # the last process has closed the other side
            return False
        finally:
            loop.remove_reader(self._handle)
        self.text += found
        return bool(found)


async def _end(process: asyncio.subprocess.Process) -> None:
    """With all that it has started."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
