"""A playground of the bench's own on the engine that is found: a server in a process of its own, and learners."""

import asyncio
import http.cookiejar
import os
import re
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from playground.engine import labels
from playground.engine.api import Engine, Object
from playground.engine.client import EngineClient
from playground.seats.rules import sockets_of

PATIENCE = 180.0  # seconds
MANY_JOINS = 10_000


@dataclass(slots=True)
class Learner:
    """Somebody who has joined, with what their browser sends along."""

    opener: urllib.request.OpenerDirector
    jar: http.cookiejar.CookieJar

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}


@dataclass(slots=True)
class Stage:
    engine: Engine
    client: EngineClient
    instance: str
    warm: int
    home: Path
    process: asyncio.subprocess.Process
    url: str
    learners: list[Learner]

    async def join(self) -> Learner:
        jar = http.cookiejar.CookieJar()
        learner = Learner(urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)), jar)
        await asyncio.to_thread(learner.opener.open, f"{self.url}/")
        await self._post(learner, "/join/", display_name="Bench")
        self.learners.append(learner)
        return learner

    async def leave(self, learner: Learner) -> None:
        """Ends the learner's seat."""
        self.learners.remove(learner)
        await self._post(learner, "/seat/end/")

    async def terminals(self) -> list[Object]:
        """The containers of all seats, lent or warm."""
        return await self.engine.containers({labels.INSTANCE: self.instance, labels.ROLE: labels.ROLE_TERMINAL})

    async def until_terminals(self, count: int) -> None:
        """Wait for so many seats, all running: nothing is being started or cleared away."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.terminals()
                if len(found) == count and all(each["State"] == "running" for each in found):
                    return
                await asyncio.sleep(0.1)

    async def terminal(self, seat: str) -> str:
        """The id of the seat's container."""
        (found,) = await self.engine.containers({labels.SEAT: seat, labels.ROLE: labels.ROLE_TERMINAL})
        return str(found["Id"])

    def socket(self, seat: str) -> Path:
        """The gateway's socket for that seat."""
        return sockets_of(self.home / "run", self.instance) / seat / "docker.sock"

    async def _post(self, learner: Learner, path: str, **fields: str) -> None:
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": learner.cookies["csrftoken"], **fields}).encode()
        await asyncio.to_thread(learner.opener.open, urllib.request.Request(f"{self.url}{path}", data))


@asynccontextmanager
async def stage(engine: Engine, client: EngineClient, warm: int, seats_max: int, lesson: str) -> AsyncIterator[Stage]:
    """A server with `warm` seats in its pool, and in place of the course with `lesson`, where that is the text of one.
    At the end nothing of it is left."""
    instance = f"bench-{secrets.token_hex(4)}"
    home = _home()
    environment = {
        **os.environ,
        "DOCKER_HOST": f"unix://{client.socket_path}",
        "PLAYGROUND_DATA_DIR": str(home / "data"),
        "PLAYGROUND_RUN_DIR": str(home / "run"),
        "PLAYGROUND_INSTANCE": instance,
        "PLAYGROUND_SEATS_WARM": str(warm),
        "PLAYGROUND_SEATS_MAX": str(seats_max),
        "PLAYGROUND_JOINS_PER_HOUR": str(MANY_JOINS),
    }
    if lesson:
        environment["PLAYGROUND_LESSONS_DIR"] = str(home / "lessons")
        (home / "lessons" / "01-bench").mkdir(parents=True)
        (home / "lessons" / "01-bench" / "lesson.md").write_text(lesson)
    try:
        process, url = await _serve(environment, home / "serve.log")
        here = Stage(engine, client, instance, warm, home, process, url, [])
        try:
            await here.until_terminals(warm)
            yield here
            for learner in list(here.learners):
                await here.leave(learner)
            await here.until_terminals(warm)
        finally:
            process.send_signal(signal.SIGINT)  # removes what is warm, and halts what is lent
            await process.wait()
            for container in await engine.containers({labels.INSTANCE: instance}):
                await engine.remove(container["Id"])
    finally:
        shutil.rmtree(home)


def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="playground-bench-"))
    home.chmod(0o711)  # a remapped container reaches its socket through here
    return home


async def _serve(environment: dict[str, str], log: Path) -> tuple[asyncio.subprocess.Process, str]:
    manage = [sys.executable, "-u", str(settings.BASE_DIR / "manage.py")]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with log.open("wb") as errors:
        migrate = await asyncio.create_subprocess_exec(
            *manage, "migrate", "--verbosity", "0", env=environment, stderr=errors
        )
        await migrate.wait()
        process = await asyncio.create_subprocess_exec(
            *manage, "serve", "--port", port, env=environment, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    assert process.stdout is not None
    async for line in process.stdout:
        if ready := re.search(rb"Ready on (http://\S+)", line):
            return process, ready[1].decode()
    raise RuntimeError(f"the server ended before it was ready: see {log}")
