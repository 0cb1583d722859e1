"""Seats outside the desk, for an operator's own terminal, scripts and rehearsals: no rows, no learners, nothing left.

They belong to an instance of its own, named after the process, so that no server takes them for seats of its own; what
a killed process has left is removed by the next one.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playground.engine import images, labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.execs import split_frames
from playground.gateway.catalogue import Catalogue
from playground.gateway.server import Gateway
from playground.seats.machine import Machine
from playground.seats.models import new_id
from playground.seats.rules import Rules

# The script is its own file and not the shell's input, which commands in it may read.
RUN_SCRIPT = ["sh", "-c", "cat > /tmp/script && exec sh /tmp/script < /dev/null"]


@dataclass(frozen=True, slots=True)
class Alone:
    client: EngineClient
    container_id: str
    id: str


class Apart:
    """A gateway of one's own, and as many fresh seats on it as are asked for."""

    def __init__(self, client: EngineClient, gateway: Gateway, machine: Machine) -> None:
        self.gateway = gateway
        self._client, self._machine = client, machine

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[Alone]:
        """Gone with everything in it at the end."""
        seat = new_id()
        making = asyncio.create_task(self._machine.make(seat))
        try:
            yield Alone(self._client, await asyncio.shield(making), seat)
        finally:
            await asyncio.wait([making])  # what is broken off in the middle would turn up after it was removed
            await self._machine.unmake(seat)


@asynccontextmanager
async def apart(socket_path: str, rules: Rules) -> AsyncIterator[Apart]:
    """Raises EngineError."""
    engine, client = Engine(socket_path), EngineClient(socket_path)
    mine = _named(rules, f"{rules.instance}-alone-{os.getpid()}")
    try:
        catalogue = Catalogue(await images.catalogue(engine))
        gateway = Gateway(client, catalogue, mine.limits, mine.instance)
        await gateway.start(disk_quota=(await engine.info()).disk_quota)
        try:
            await _clear_after_the_dead(engine, gateway, rules)
            machine = await Machine.of(engine, gateway, mine)
            try:
                yield Apart(client, gateway, machine)
            finally:
                await machine.leave()
        finally:
            await gateway.stop()
    finally:
        engine.close()


@asynccontextmanager
async def alone(socket_path: str, rules: Rules) -> AsyncIterator[Alone]:
    """A fresh seat, gone with everything in it at the end. Raises EngineError."""
    async with apart(socket_path, rules) as here, here.seat() as seat:
        yield seat


async def _clear_after_the_dead(engine: Engine, gateway: Gateway, rules: Rules) -> None:
    prefix = f"{rules.instance}-alone-"
    named = {each["Labels"][labels.INSTANCE] for each in await engine.containers({labels.INSTANCE: ""})}
    named |= await asyncio.to_thread(_directories, rules.sockets.parent)  # a reboot forgets these
    dead = [name for name in named if name.startswith(prefix) and not _runs(name.removeprefix(prefix))]
    for instance in dead:
        await clear(engine, gateway, _named(rules, instance))


async def clear(engine: Engine, gateway: Gateway, rules: Rules) -> None:
    """Remove all seats of an instance that nobody serves any more, and what it has on the machine itself."""
    machine = await Machine.of(engine, gateway, rules)
    for seat in (await machine.look()).seats:
        await machine.unmake(seat)
    await machine.leave()


def _directories(parent: Path) -> set[str]:
    return {path.name for path in parent.glob("*")}


def _runs(process: str) -> bool:
    return Path("/proc", process).exists()


def _named(rules: Rules, instance: str) -> Rules:
    return replace(rules, instance=instance, sockets=rules.sockets.parent / instance)


async def run_script(seat: Alone, script: bytes, write: Callable[[bytes], object]) -> int:
    """Run a shell script in the seat; `write` is given its output and errors as they come. Returns its exit code."""
    body = {"Cmd": RUN_SCRIPT, "AttachStdin": True, "AttachStdout": True, "AttachStderr": True, "Tty": False}
    async with await seat.client.request("POST", f"/containers/{seat.container_id}/exec", json_body=body) as reply:
        exec_id = (await (await reply.raise_for_status()).json())["Id"]
    wire = await seat.client.upgrade(f"/exec/{exec_id}/start", json_body={"Detach": False, "Tty": False})
    try:
        await wire.write(script)
        wire.write_eof()
        rest = b""
        while data := await wire.read():
            payloads, rest = split_frames(rest + data)
            for payload in payloads:
                write(payload)
    finally:
        wire.close()
    return await _exit_code(seat.client, exec_id)


async def _exit_code(client: EngineClient, exec_id: str) -> int:
    """The engine ends the streams a moment before it notes the exit."""
    while True:
        async with await client.request("GET", f"/exec/{exec_id}/json") as reply:
            state = await (await reply.raise_for_status()).json()
        if not state["Running"]:
            return int(state["ExitCode"])
        await asyncio.sleep(0.01)
