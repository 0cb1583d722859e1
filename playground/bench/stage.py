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
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from playground.engine import labels
from playground.engine.api import Engine, Object
from playground.engine.client import EngineClient
from playground.gateway.catalogue import Catalogue
from playground.gateway.server import Gateway
from playground.seats.alone import clear
from playground.seats.rules import Rules, sockets_of

PATIENCE = 180.0  # seconds
_SHARED = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")  # of the playground that the operator runs: nothing is made there
MANY_JOINS = 10_000
MANAGE = (sys.executable, "-u", str(settings.BASE_DIR / "manage.py"))


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
    environment: Mapping[str, str]
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

    @property
    def log(self) -> Path:
        return self.home / "serve.log"

    async def manage(self, *arguments: str, typed: str = "") -> None:
        """A management command on this server's database."""
        process = await asyncio.create_subprocess_exec(
            *MANAGE, *arguments, env=self.environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
        )
        await process.communicate(typed.encode())
        if process.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)} ended with {process.returncode}")

    async def stop(self) -> None:
        """As Ctrl-C does: removes what is warm, and halts what is lent. Idempotent."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
            await self.process.wait()

    async def _post(self, learner: Learner, path: str, **fields: str) -> None:
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": learner.cookies["csrftoken"], **fields}).encode()
        await asyncio.to_thread(learner.opener.open, urllib.request.Request(f"{self.url}{path}", data))


@asynccontextmanager
async def stage(
    engine: Engine, client: EngineClient, warm: int, seats_max: int, lesson: str = "", joins: int = MANY_JOINS
) -> AsyncIterator[Stage]:
    """A server with `warm` seats in its pool, and in place of the course with `lesson`, where that is the text of one.
    At the end nothing of it is left."""
    instance = f"bench-{secrets.token_hex(4)}"
    home = _home()
    environment = {
        **its_own(os.environ, home, instance),
        "DOCKER_HOST": f"unix://{client.socket_path}",
        "PLAYGROUND_SEATS_WARM": str(warm),
        "PLAYGROUND_SEATS_MAX": str(seats_max),
        "PLAYGROUND_JOINS_PER_HOUR": str(joins),
    }
    if lesson:
        environment["PLAYGROUND_LESSONS_DIR"] = str(home / "lessons")
        (home / "lessons" / "01-bench").mkdir(parents=True)
        (home / "lessons" / "01-bench" / "lesson.md").write_text(lesson)
    try:
        process, url = await _serve(environment, home / "serve.log")
        here = Stage(engine, client, instance, warm, home, process, url, environment, [])
        try:
            await here.until_terminals(warm)
            yield here
            for learner in list(here.learners):
                await here.leave(learner)
            if process.returncode is None:
                await here.until_terminals(warm)
        finally:
            await here.stop()
            await _sweep(engine, client, instance, home)
    finally:
        shutil.rmtree(home)


def its_own(outside: Mapping[str, str], home: Path, instance: str) -> dict[str, str]:
    """The environment of a server that keeps everything in its own home, whatever the operator's uses. Pure."""
    return {
        **{name: value for name, value in outside.items() if name not in _SHARED},
        "PLAYGROUND_DATA_DIR": str(home / "data"),
        "PLAYGROUND_RUN_DIR": str(home / "run"),
        "PLAYGROUND_INSTANCE": instance,
    }


async def _sweep(engine: Engine, client: EngineClient, instance: str, home: Path) -> None:
    """Seats that were still lent are only halted by a server that stops, for the next one to resume: here is none."""
    rules = replace(Rules.from_settings(), instance=instance, sockets=sockets_of(home / "run", instance))
    gateway = Gateway(client, Catalogue(), rules.limits, instance)
    await gateway.start(disk_quota=False)  # it makes nothing
    try:
        await clear(engine, gateway, rules)
    finally:
        await gateway.stop()


def _home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="playground-bench-"))
    home.chmod(0o711)  # a remapped container reaches its socket through here
    return home


async def _serve(environment: dict[str, str], log: Path) -> tuple[asyncio.subprocess.Process, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with log.open("wb") as errors:
        migrate = await asyncio.create_subprocess_exec(
            *MANAGE, "migrate", "--verbosity", "0", env=environment, stderr=errors
        )
        await migrate.wait()
        process = await asyncio.create_subprocess_exec(
            *MANAGE, "serve", "--port", port, env=environment, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
    assert process.stdout is not None
    async for line in process.stdout:
        if ready := re.search(rb"Ready on (http://\S+)", line):
            return process, ready[1].decode()
    raise RuntimeError(f"the server ended before it was ready: see {log}")
