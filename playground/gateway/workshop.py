"""Where the steps of a build are done: containers under the same policy as any other one of the learner's, but for
their role. They are not the learner's to see, and gone with their step."""

import codecs
import json
import logging
import posixpath
import secrets
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from playground.engine import labels
from playground.engine.client import Wire
from playground.engine.errors import Conflict, EngineError, NotFound
from playground.gateway import making
from playground.gateway.call import Call
from playground.gateway.handlers.archives import STAT
from playground.gateway.learn import container_ids
from playground.gateway.policy import create, tarball
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.mounts import step_storage
from playground.gateway.policy.networks import Place
from playground.gateway.policy.tarball import Entry

log = logging.getLogger(__name__)
SCRATCH = "scratch"
REMOVE = {"force": "1", "v": "1"}
MAX_USERS = 256 * 1024
_IDLE = ("-",)  # what a container would run that is never started
_IS_FOLDER, _IS_LINK = 1 << 31, 1 << 27  # of Go's file modes
_HEAD = 8
SETTLE = 5.0  # seconds
_STDERR = 2
Say = Callable[[str], Awaitable[None]]


async def sweep(call: Call) -> None:
    """Remove what a step that was broken off has left. What cannot be removed now is found again by the next sweep."""
    await call.owned.under_way.wait(SETTLE)  # a step may just be made
    try:
        ids = await container_ids(call.ground.client, call.ground.instance, call.owned.seat, labels.ROLE_BUILD)
        for identity in ids:
            with suppress(NotFound, Conflict):  # it is on its way out
                await call.ask("DELETE", f"/containers/{identity}", query=REMOVE)
    except EngineError as error:  # not to hide why the build has ended
        log.warning("seat %s: steps of a build stay: %s", call.owned.seat, error)


async def make(call: Call, image_id: str, command: tuple[str, ...] = _IDLE) -> str:
    """A container's id. Its command is all entrypoint: an image made of it would take over a Cmd of its own."""
    asked = create.read_create({"Image": image_id, "Entrypoint": list(command), "HostConfig": {"NetworkMode": "none"}})
    image = await call.ground.images.facts(image_id)
    ground = create.Ground(
        limits=call.ground.limits,
        cgroup_parent=call.cgroup_parent,
        disk_quota=call.ground.disk_quota,
        image_id=image_id,
        image=image,
        labels={
            labels.INSTANCE: call.ground.instance,
            labels.SEAT: call.owned.seat,
            labels.ROLE: labels.ROLE_BUILD,
        },
        place=Place("none"),
        storage=step_storage(image.volumes),
        volumes={},
    )
    query = {"name": call.owned.on_engine(f"build-{secrets.token_hex(8)}")}
    body = create.write_create(asked, ground).body
    made = await call.to_the_end(call.ask("POST", "/containers/create", query=query, body=body))
    return str(made["Id"])


async def remove(call: Call, container_id: str) -> None:
    await call.ask("DELETE", f"/containers/{container_id}", query=REMOVE)


@asynccontextmanager
async def container(call: Call, image_id: str) -> AsyncIterator[str]:
    """One that is never started, to look into an image or to put files into it."""
    identity = await make(call, image_id)
    yield identity
    await remove(call, identity)


async def scratch(call: Call) -> str:
    """The seat's own empty image: a container cannot stand on nothing."""
    for built in call.owned.built.values():
        if built.step == SCRATCH:
            return built.id
    config = making.config_for_engine(call, {}, SCRATCH)
    changes = [f'LABEL "{name}"="{value}"' for name, value in config["Labels"].items()]
    reply = await call.ground.client.request(
        "POST",
        "/images/create",
        query={"fromSrc": "-", "changes": changes},
        body=tarball.write([]),
        headers={"Content-Type": "application/x-tar"},
    )
    async with reply:
        lines = (await (await reply.raise_for_status()).read()).split(b"\n")
    said = [json.loads(line) for line in lines if line.strip()]
    if not said or not said[-1].get("status", "").startswith("sha256:"):
        raise EngineError("the engine did not make an empty image", 502)
    return await making.take_in(call, said[-1]["status"], SCRATCH)


# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def run(call: Call, container_id: str, say: Say) -> int:
    """Start it and pass on what it says; its exit code."""
    query = {"stream": "1", "stdout": "1", "stderr": "1"}
    wire = await call.ground.client.upgrade(f"/containers/{container_id}/attach", query=query)
    try:
        wire.write_eof()
        await call.ask("POST", f"/containers/{container_id}/start")
        await _listen(wire, say)
    finally:
        wire.close()
    ended = await call.ask("POST", f"/containers/{container_id}/wait")
    return int(ended["StatusCode"])


async def _listen(wire: Wire, say: Say) -> None:
    """The engine's frames: a head with the stream and the size, then the bytes. What a step says on its standard error
    is red, as the classic builder has it."""
    buffer = b""
    decoders = {stream: codecs.getincrementaldecoder("utf-8")("replace") for stream in range(3)}
    while data := await wire.read():
        buffer += data
        while len(buffer) >= _HEAD:
            stream, size = buffer[0], int.from_bytes(buffer[4:_HEAD])
            if len(buffer) < _HEAD + size:
                break
            text = decoders[min(stream, _STDERR)].decode(buffer[_HEAD : _HEAD + size])
            buffer = buffer[_HEAD + size :]
            await say(f"\x1b[91m{text}\x1b[0m" if stream == _STDERR else text)


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def look(call: Call, container_id: str, path: str) -> tuple[bool, bool]:
    """Whether there is something at `path`, and whether it is a folder, or a link to one."""
    for _ in range(8):
        found = await _stat(call, container_id, path)
        if found is None:
            return False, False
        if not found["mode"] & _IS_LINK:
            return True, bool(found["mode"] & _IS_FOLDER)
        path = posixpath.join(posixpath.dirname(path.rstrip("/")), found.get("linkTarget") or "/")
    raise bad(f"too many links: {path[:80]}")


async def _stat(call: Call, container_id: str, path: str) -> dict[str, Any] | None:
    try:
        reply = await call.open("HEAD", f"/containers/{container_id}/archive", query={"path": path})
    except NotFound:
        return None
    reply.close()
    sent = {name.lower(): value for name, value in reply.headers.items()}[STAT.lower()]
    found: dict[str, Any] = json.loads(b64decode(sent))
    return found


async def files(call: Call, container_id: str, path: str) -> list[Entry]:
    """What is at `path`, named from it, as far as a step may copy; a single file has its own name."""
    limit = call.ground.limits.upload
    for _ in range(8):
        try:
            reply = await call.open(
                "GET", f"/containers/{container_id}/archive", query={"path": path.rstrip("/") or "/"}
            )
        except NotFound:
            raise bad(f"COPY failed: stat {path[:80]}: file does not exist") from None
        async with reply:
            found = tarball.read(await _all(reply.chunks(), limit), limit)
        if found[0].kind != "symlink":
            return found if found[0].kind == "file" else [_without_top(entry) for entry in found]
        path = posixpath.join(posixpath.dirname(path.rstrip("/")), found[0].target)
    raise bad(f"too many links: {path[:80]}")


async def _all(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise Refused(413, f"a step may copy at most {limit} bytes")
        parts.append(chunk)
    return b"".join(parts)


def _without_top(entry: Entry) -> Entry:
    def cut(name: str) -> str:
        return name.partition("/")[2]

    target = cut(entry.target) if entry.kind == "link" else entry.target
    return Entry(cut(entry.name), entry.kind, entry.mode, entry.uid, entry.gid, entry.mtime, target, entry.data)


async def put(call: Call, container_id: str, entries: list[Entry]) -> None:
    await call.send(f"/containers/{container_id}/archive", {"path": "/"}, tarball.write(entries))


async def owner(call: Call, image_id: str, asked: str) -> tuple[int, int]:
    """`--chown=user[:group]`, by number or by the image's own tables."""
    user, colon, group = asked.partition(":")
    if (user + group).isdecimal() and (group or not colon):
        return int(user), int(group or user)
    async with container(call, image_id) as identity:
        users, groups = await _table(call, identity, "/etc/passwd"), await _table(call, identity, "/etc/group")
    uid = int(user) if user.isdecimal() else users.get(user, (-1, -1))[0]
    default = next((gid for found, gid in users.values() if found == uid), uid)
    gid = default if not group else int(group) if group.isdecimal() else groups.get(group, (-1, -1))[0]
    if uid < 0 or gid < 0:
        raise bad(f"unable to convert {asked[:60]!r} to a user and a group of the image")
    return uid, gid


async def _table(call: Call, container_id: str, path: str) -> dict[str, tuple[int, int]]:
    """By name: the two numbers of a line."""
    if not (await look(call, container_id, path))[0]:
        return {}
    (entry, *_) = await files(call, container_id, path)
    found = {}
    for line in entry.data[:MAX_USERS].decode(errors="replace").splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[2].isdecimal():
            group = fields[3] if len(fields) > 3 and fields[3].isdecimal() else fields[2]
            found[fields[0]] = (int(fields[2]), int(group))
    return found
