"""`docker cp`: files into a container and out of it.

Engines mount a container's volumes by path for the call, so a process that swaps a folder for a link meanwhile could
lead them onto the host (CVE-2026-41568, CVE-2026-42306). So the container stands still while it is copied from or to,
and with it every other one that has a volume of its.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from playground.engine.client import Reply
from playground.engine.errors import EngineError, EngineGone, NotFound
from playground.gateway.belongings import Container
from playground.gateway.call import Answer, Call, Flow
from playground.gateway.copies import Copy
from playground.gateway.pausing import let_go, pause
from playground.gateway.policy import tarball
from playground.gateway.policy.answers import only
from playground.gateway.policy.errors import Refused, bad, forbidden
from playground.gateway.policy.fields import clean_path
from playground.gateway.policy.target import flag

STAT = "X-Docker-Container-Path-Stat"
_TAR = "application/x-tar"
# Their `docker export` never lets go of the container's layer: its files stay on the disk when it is removed.
_KEEPING_WHAT_THEY_EXPORT = range(25, 28)


async def stat(call: Call) -> Answer:
    container, path = call.container(), archive_path(call)
    call.note.action = ""  # the copy itself follows
    return Answer(headers={STAT: await call.to_the_end(_stat(call, container, path))})


async def _stat(call: Call, container: Container, path: str) -> str:
    async with standing_still(call, container), await _ask(call, container, "HEAD", path) as reply:
        return _shown_stat(reply)


async def get(call: Call) -> Flow:
    container, path = call.container(), archive_path(call)
    call.note.flags = {"from": path}

    async def fetch(copy: Copy) -> str:
        async with standing_still(call, container), await _ask(call, container, "GET", path) as reply:
            await copy.fill(reply)
            return _shown_stat(reply)

    copy = Copy(call.ground, call.owned.seat, "docker cp")
    return copy.flow(_TAR, {STAT: await copy.made(call.to_the_end(fetch(copy)))})


async def export(call: Call) -> Flow:
    """All files of a container, without its volumes."""
    container = call.container()
    if call.ground.engine.major in _KEEPING_WHAT_THEY_EXPORT:
        raise forbidden("docker export", "this machine's engine would never free its disk again; try docker cp")

    async def fetch(copy: Copy) -> None:
        async with (
            standing_still(call, container),
            await call.open("GET", f"/containers/{container.id}/export") as reply,
        ):
            await copy.fill(reply)

    copy = Copy(call.ground, call.owned.seat, "docker export")
    await copy.made(call.to_the_end(fetch(copy)))
    return copy.flow("application/octet-stream", {})


async def put(call: Call) -> Answer:
    container, path = call.container(), archive_path(call)
    call.note.flags = {"to": path}
    limit = call.ground.limits.upload
    data = await call.upload(limit)
    archive = await asyncio.to_thread(lambda: tarball.write(tarball.read(data, limit, rooted=True)))
    query = {"path": path} | ({"noOverwriteDirNonDir": "1"} if flag(call.query, "noOverwriteDirNonDir") else {})
    await call.to_the_end(_store(call, container, query, archive))
    return Answer()


async def _store(call: Call, container: Container, query: dict[str, str], archive: bytes) -> None:
    async with standing_still(call, container):
        try:
            await call.send(f"/containers/{container.id}/archive", query, archive)
        except NotFound:
            raise _no_file(call, query["path"]) from None


def archive_path(call: Call) -> str:
    """Cleaned, but for an end of `/` or `/.`, which means the folder's content."""
    asked = call.query.get("path", "")
    if not asked:
        raise bad("bad parameter: path cannot be empty")
    path = clean_path(asked if asked.startswith("/") else f"/{asked}", "path")
    end = "/." if asked.endswith("/.") else "/" if asked.endswith("/") else ""
    return path.rstrip("/") + end or "/"


async def _ask(call: Call, container: Container, method: str, path: str) -> Reply:
    try:
        return await call.open(method, f"/containers/{container.id}/archive", query={"path": path})
    except NotFound:
        raise _no_file(call, path) from None


def _no_file(call: Call, path: str) -> Refused:
    return Refused(404, f"Could not find the file {path} in container {call.params['container']}")


def _shown_stat(reply: Reply) -> str:
    sent = {key.lower(): value for key, value in reply.headers.items()}.get(STAT.lower(), "")
    try:
        found: dict[str, Any] = json.loads(base64.b64decode(sent))
    except ValueError:
        raise EngineError("the engine said nothing of the file", 502) from None
    shown = only(("name", "size", "mode", "mtime", "linkTarget"), found)
    return base64.b64encode(json.dumps(shown).encode()).decode()


@asynccontextmanager
async def standing_still(call: Call, container: Container) -> AsyncIterator[None]:
    """Until the end neither the container's processes run nor those of others with a volume of its, and none is
    started. All else that the seat does waits meanwhile, so it is not for long."""
    longest = call.ground.limits.copy_time
    try:
        async with asyncio.timeout(longest), call.owned.stillness.still(), AsyncExitStack() as halted:
            found = await call.ask("GET", f"/containers/{container.id}/json")
            _check_mounts(found)
            await halted.enter_async_context(_halted(call, container, found["State"]))
            for other in _sharers(call, container):
                with suppress(NotFound):
                    found = await call.ask("GET", f"/containers/{other.id}/json")
                    await halted.enter_async_context(_halted(call, other, found["State"]))
            yield
    except TimeoutError:
        raise Refused(503, f"The copy did not end within {longest:g} seconds: try again, or copy less.") from None


def _sharers(call: Call, container: Container) -> list[Container]:
    others = [other for other in call.owned.containers.values() if other is not container]
    return [other for other in others if set(other.volumes) & set(container.volumes)]


@asynccontextmanager
async def _halted(call: Call, container: Container, state: Mapping[str, Any]) -> AsyncIterator[None]:
    if state.get("Restarting"):
        raise Refused(409, f"Container {container.name} is restarting, wait until the container is running")
    if not state["Running"] or state.get("Paused"):
        yield
        return
    async with _paused(call, container):
        yield


@asynccontextmanager
async def _paused(call: Call, container: Container) -> AsyncIterator[None]:
    """The learner did not ask for it and is not told."""
    call.owned.halts.add(container.id)
    try:
        try:
            await pause(call.ground.client, call.owned, container.id)
        except EngineGone:
            raise
        except EngineError:
            raise Refused(409, f"Container {container.name} has just changed: try again.") from None
        yield
    finally:
        await let_go(call.ground.client, call.owned, container.id)


def _check_mounts(found: dict[str, Any]) -> None:
    """What is mounted within a volume is led elsewhere by whoever writes to the volume."""
    volumes = [mount["Destination"] for mount in found.get("Mounts") or () if mount.get("Type") == "volume"]
    for mount in found.get("Mounts") or ():
        if any(mount["Destination"].startswith(volume.rstrip("/") + "/") for volume in volumes):
            raise Refused(403, "docker cp is not available for a container with a mount inside of a volume.")
