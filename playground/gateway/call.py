"""One call of one learner on its way: what was asked, what it may reach, what its fact will say, how it is answered."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from playground.engine.client import EngineClient, Query, Reply, Wire
from playground.engine.errors import EngineError
from playground.gateway.belongings import Container
from playground.gateway.catalogue import Catalogue
from playground.gateway.imagefacts import ImageShelf
from playground.gateway.invocation import Invocation
from playground.gateway.limits import Limits
from playground.gateway.owned import Owned
from playground.gateway.policy.errors import bad
from playground.gateway.policy.routes import Route
from playground.gateway.policy.strictjson import Json
from playground.gateway.policy.target import Lists
from playground.gateway.publishing import Publisher
from playground.gateway.room import Held, Room

T = TypeVar("T")
MEASURED_AT_ONCE = 2  # the engine walks all files of a container to tell its size
NOT_MODIFIED = 304  # it runs, or is stopped, already


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What a learner may know of the engine."""

    version: str = ""
    arch: str = "amd64"  # Go's word
    machine: str = "x86_64"  # the kernel's word

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0] or 0)

    @classmethod
    def of(cls, version: Mapping[str, Any]) -> Self:
        """From the engine's `/version`: without the packager's suffix and everything about the host."""
        number = re.match(r"[0-9]+(\.[0-9]+)*", version.get("Version") or "")
        arch = version.get("Arch") or "amd64"
        return cls(number[0] if number else "", arch, _MACHINES.get(arch, arch))


_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


@dataclass(slots=True)
class Ground:
    """What all seats share."""

    client: EngineClient
    catalogue: Catalogue
    limits: Limits
    instance: str
    images: ImageShelf
    ports: Publisher
    memory: Room
    files: Room
    measuring: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MEASURED_AT_ONCE))
    engine: EngineFacts = EngineFacts()
    disk_quota: bool = False


@dataclass(slots=True)
class Note:
    """What a handler adds to the call's fact."""

    action: str = ""
    target: str = ""
    name: str = ""
    image: str = ""
    command: tuple[str, ...] = ()
    exit_code: int | None = None
    flags: dict[str, object] = field(default_factory=dict)
    part_of_run: bool = False
    error: str = ""  # of an answer that flows: how it failed
    held_back: bool = False  # what the call was for shows only in the process' next one


async def _no_upload(limit: int) -> bytes:
    raise bad("this call takes no body")


@dataclass(slots=True)
class Call:
    ground: Ground
    owned: Owned
    cgroup_parent: str
    invocation: Invocation
    route: Route
    params: Mapping[str, str]
    query: Mapping[str, str]
    lists: Lists
    upgrade: bool
    body: dict[str, Json] = field(default_factory=dict)
    upload: Callable[[int], Awaitable[bytes]] = _no_upload  # reads the body, of at most so many bytes
    held: Held | None = None  # where that has room, and what is made of it has to have it
    note: Note = field(default_factory=Note)

    def container(self) -> Container:
        """The container that the path names."""
        found = self.owned.container(self.params["container"])
        self.about(found)
        return found

    def about(self, container: Container) -> None:
        self.note.target, self.note.name, self.note.image = container.id, container.name, container.image
        self.note.part_of_run = container.creator == self.invocation.key

    async def to_the_end(self, work: Coroutine[None, None, T]) -> T:
        """Also when the client hangs up meanwhile."""
        return await self.owned.under_way.to_the_end(work)

    async def ask(self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: object = None) -> Json:
        """One call of the engine, answered with JSON or nothing. Raises EngineError."""
        async with await self.open(method, path, query=query, body=body) as reply:
            return await reply.json()

    async def send(self, path: str, query: Mapping[str, str], archive: bytes, method: str = "PUT") -> Json:
        """As `ask`, with an archive for a body."""
        headers = {"Content-Type": "application/x-tar"}
        reply = await self.ground.client.request(method, path, query=query, body=archive, headers=headers)
        async with await self._checked(reply, method, path):
            return await reply.json()

    async def open(self, method: str, path: str, *, query: Query | None = None, body: object = None) -> Reply:
        """As `ask`, for an answer that flows; whoever takes it closes it."""
        reply = await self.ground.client.request(method, path, query=query, json_body=body)
        return await self._checked(reply, method, path)

    async def _checked(self, reply: Reply, method: str, path: str) -> Reply:
        try:
            if 300 <= reply.status < 400 and reply.status != NOT_MODIFIED:
                raise EngineError(f"the engine redirects {method} {path}", 502)
            return await reply.raise_for_status()
        except BaseException:
            reply.close()
            raise


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: JSON, or nothing but a status."""

    body: Json = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """An answer that flows, chunked; `close` is called once, whatever happens. Its fact is published when its head has
    been sent, or at its end where `fact_at_end`. While it flows it keeps room on the disk where `keeps_room`: a client
    that stops reading such a one is hung up on."""

    chunks: AsyncGenerator[bytes, None]
    close: Callable[[], None] = lambda: None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    fact_at_end: bool = False
    keeps_room: bool = False


@dataclass(frozen=True, slots=True)
class Raw:
    """Raw bytes both ways from here on."""

    wire: Wire


Outcome = Answer | Flow | Raw
Handler = Callable[[Call], Awaitable[Outcome]]
