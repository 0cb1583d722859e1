"""Learners at a real CLI, each at a socket of one gateway over the real engine."""

import asyncio
import os
import pty
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playground.gateway.facts import Fact
from playground.gateway.server import Gateway
from playground.gateway.state import ContainerState

PATIENCE = 60.0
CLIS = sorted({found for place in ("/usr/bin", "/usr/local/bin") if (found := shutil.which("docker", path=place))})


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@dataclass
class Learner:
    seat: str
    socket: Path
    gateway: Gateway
    facts: list[Fact]
    cli: str = CLIS[0]

    async def docker(self, *words: str, stdin: bytes = b"") -> Ran:
        async with self.process(*words) as process, asyncio.timeout(PATIENCE):
            out, err = await process.communicate(stdin)
        return Ran(process.returncode or 0, out.decode(), err.decode())

    async def ok(self, *words: str, stdin: bytes = b"") -> str:
        """What a command that must work has printed, without the last line's end."""
        ran = await self.docker(*words, stdin=stdin)
        assert ran.code == 0, ran
        return ran.out.rstrip("\n")

    @asynccontextmanager
    async def process(self, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            self.cli, *words, env=self.environment(), stdin=pipe, stdout=pipe, stderr=pipe
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    def environment(self) -> dict[str, str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("DOCKER_")}
        return plain | {"DOCKER_HOST": f"unix://{self.socket}"}

    @asynccontextmanager
    async def terminal(self, *words: str) -> AsyncIterator["Terminal"]:
        """The command on a terminal of its own."""
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            self.cli, *words, env=self.environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        try:
            yield Terminal(ours, process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            os.close(ours)

    def container(self, name: str) -> ContainerState | None:
        found = [one for one in self.gateway.state(self.seat).containers if one.name == name]
        return found[0] if found else None

    async def told(self, action: str, source: str = "call") -> Fact:
        """The last fact of the action, which may be on its way."""
        async with asyncio.timeout(PATIENCE):
            while not (found := self._facts(action, source)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return found[-1]

    def _facts(self, action: str, source: str) -> list[Fact]:
        return [fact for fact in self.facts if (fact.seat, fact.action, fact.source) == (self.seat, action, source)]


@dataclass
class Terminal:
    handle: int
    process: asyncio.subprocess.Process
    screen: str = ""

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    async def until(self, text: str) -> None:
        """Until `text` has come on the screen since the last time."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.screen:
                await self._readable()
                self.screen += os.read(self.handle, 65536).decode(errors="replace")
        self.screen = self.screen.partition(text)[2]

    async def _readable(self) -> None:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.handle, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self.handle)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()
