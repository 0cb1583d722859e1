"""Run a command in a running container: input in, bounded output out, ended when its time is up."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from playground.engine.client import EngineClient, Wire
from playground.engine.errors import EngineError, EngineGone

TIMED_OUT = 124  # the exit code of a command whose time was up, as timeout(1) has it
HEADER = 8  # of a stdcopy frame: stream, three zeros, big-endian u32 size
POLL = 0.01


class Ran(NamedTuple):
    """What a command did. `output` is standard output and error as they came, cut at the limit."""

    exit_code: int
    output: bytes


async def run(
    client: EngineClient,
    container: str,
    argv: Sequence[str],
    *,
    stdin: bytes = b"",
    timeout: float = 10.0,
    limit: int = 64 * 1024,
) -> Ran:
    """Raises NotFound or Conflict when the container is gone or does not run."""
    exec_id = await _create(client, container, argv)
    output = bytearray()
    try:
        async with asyncio.timeout(timeout):
            wire = await client.upgrade(f"/exec/{exec_id}/start", json_body={"Detach": False, "Tty": False})
            try:
                await _talk(wire, stdin, output, limit)
            finally:
                wire.abort()  # input that nobody took would keep it open
            return Ran(await exit_code(client, exec_id), bytes(output))
    except TimeoutError:
        await end(client, exec_id)
        return Ran(TIMED_OUT, bytes(output))


def split_frames(data: bytes) -> tuple[list[bytes], bytes]:
    """The payloads of the whole stdcopy frames in `data`, output and error alike, and what is left of it."""
    payloads = []
    while len(data) >= HEADER and len(data) >= (end := HEADER + int.from_bytes(data[4:HEADER], "big")):
        payloads.append(data[HEADER:end])
        data = data[end:]
    return payloads, data


async def _create(client: EngineClient, container: str, argv: Sequence[str]) -> str:
    body = {"Cmd": list(argv), "AttachStdin": True, "AttachStdout": True, "AttachStderr": True, "Tty": False}
    async with await client.request("POST", f"/containers/{container}/exec", json_body=body) as reply:
        return str((await (await reply.raise_for_status()).json())["Id"])


async def _talk(wire: Wire, stdin: bytes, output: bytearray, limit: int) -> None:
    """Feed and drain at the same time: a command may write before it has read all its input."""
    feeding = asyncio.create_task(_feed(wire, stdin))
    try:
        rest = b""
        while data := await wire.read():
            payloads, rest = split_frames(rest + data)
            for payload in payloads:
                output += payload[: limit - len(output)]
    finally:
        feeding.cancel()
        await asyncio.wait([feeding])  # awaiting it would not tell its cancellation from ours


async def _feed(wire: Wire, stdin: bytes) -> None:
    with contextlib.suppress(EngineGone):  # a command may end without having read its input
        await wire.write(stdin)
        wire.write_eof()


async def exit_code(client: EngineClient, exec_id: str) -> int:
    """Once it has ended: the engine ends the streams a moment before it notes the exit."""
    while True:
        state = await inspect(client, exec_id)
        if not state["Running"]:
            return int(state["ExitCode"])
        await asyncio.sleep(POLL)


async def begun(client: EngineClient, exec_id: str) -> bool:
    """Whether a start has made a process of it, once that is known: the engine hands the stream over before. Where it
    cannot start one, its own words come in the stream and its exit code is 126, as a program's may be. But no pid."""
    while True:
        state = await inspect(client, exec_id)
        if state["Pid"] or state["ExitCode"] is not None:
            return bool(state["Pid"])
        await asyncio.sleep(POLL)


async def inspect(client: EngineClient, exec_id: str) -> dict[str, Any]:
    """Raises NotFound once the engine has forgotten it."""
    async with await client.request("GET", f"/exec/{exec_id}/json") as reply:
        state: dict[str, Any] = await (await reply.raise_for_status()).json()
        return state


async def end(client: EngineClient, exec_id: str) -> None:
    """The engine has no call that ends an exec: kill its process group, directly as root, else from inside."""
    with contextlib.suppress(EngineError, OSError):  # it may end, or go with its container, at any moment
        state = await inspect(client, exec_id)
        container, process = state["ContainerID"], Path("/proc") / str(state["Pid"])
        if not state["Running"] or container not in (process / "cgroup").read_text():
            return  # it has ended, or the engine counts pids in another namespace than ours
        try:
            os.killpg(int(state["Pid"]), signal.SIGKILL)
        except PermissionError:
            inner = _pid_inside((process / "status").read_text())
            await _start_detached(client, await _create(client, container, ["kill", "-9", f"-{inner}"]))


def _pid_inside(status: str) -> str:
    """The last number of `NSpid:` in /proc/<pid>/status: the pid in the innermost namespace."""
    line = next(line for line in status.splitlines() if line.startswith("NSpid:"))
    return line.split()[-1]


async def _start_detached(client: EngineClient, exec_id: str) -> None:
    async with await client.request("POST", f"/exec/{exec_id}/start", json_body={"Detach": True}) as reply:
        await reply.raise_for_status()
