"""What each seat owns, in memory. The engine's labels, names and tags are the truth it is learnt from (learn.py); calls
and events keep it current. A learner's reference is resolved here and nowhere else, so that what another seat owns and
what does not exist are one answer."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from playground.engine.labels import owned_name
from playground.gateway.belongings import Built, Container, Exec, Networks, Volumes
from playground.gateway.halts import Halts
from playground.gateway.limits import Limits
from playground.gateway.policy import layers, names
from playground.gateway.policy.errors import Refused, bad, name_conflict, no_such_container, no_such_exec, no_such_image
from playground.gateway.policy.names import Reference
from playground.gateway.state import ImageState, State
from playground.gateway.stillness import Stillness
from playground.gateway.underway import UnderWay

REMEMBERED_EVENTS = 256
REMEMBERED_EXECS = 64
UNSTARTED_EXECS = 256  # each is one that broke off, or that found no room for its stream
QUEUED_EVENTS = 256
CATCH_UP = 1.0  # seconds that an event may come after the answer to the call that caused it


class Owned:
    """One seat's containers, images, execs, networks and volumes, and its running counts."""

    def __init__(self, seat: str, limits: Limits) -> None:
        self.seat = seat
        self.limits = limits
        self.containers: dict[str, Container] = {}
        self.tags: dict[Reference, str] = {}  # to image ids
        self.built: dict[str, Built] = {}
        self.execs: dict[str, Exec] = {}
        self.networks = Networks(limits.networks)
        self.volumes = Volumes(limits.volumes)
        self.events: deque[dict[str, Any]] = deque(maxlen=REMEMBERED_EVENTS)
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()
        self.measuring = asyncio.Lock()  # the engine walks all files of a container for its size: one at a time
        self.stillness = Stillness()
        self.halts = Halts()
        self.under_way = UnderWay()
        self.building = asyncio.Lock()  # held by the one build at a time
        self.imaging = asyncio.Lock()  # images are made and named one at a time, so that the counts hold
        self._news = asyncio.Event()
        self._reserved: set[str] = set()  # names of containers that are being made

    # ── Containers ───────────────────────────────────────────────────────────────────────────────────────────────

    def container(self, reference: str) -> Container:
        """By full id, name, or the beginning of an id, in this order as the engine does."""
        if found := self.containers.get(reference):
            return found
        bare = reference.removeprefix("/")
        for container in self.containers.values():
            if container.name == bare:
                return container
        if names.is_id_prefix(reference):
            matches = [container for identity, container in self.containers.items() if identity.startswith(reference)]
            if len(matches) > 1:
                raise bad(f"Multiple IDs found with provided prefix: {reference}")
            if matches:
                return matches[0]
        raise no_such_container(reference[:256])

    @contextmanager
    def reserve(self, asked_name: str) -> Iterator[str]:
        """Room for one more container, and a name that no other one has or is about to get; the name comes back."""
        if len(self.containers) + len(self._reserved) >= self.limits.containers:
            raise Refused(
                409,
                f"You have {self.limits.containers} containers, which is as many as fit here. "
                "Remove some first: docker ps -a shows them, docker rm NAME removes one, docker container prune "
                "removes all that are stopped.",
            )
        name = self.free_name(asked_name)
        self._reserved.add(name)
        try:
            yield name
        finally:
            self._reserved.discard(name)

    def free_name(self, asked: str) -> str:
        taken = {container.name: container.id for container in self.containers.values()}
        if asked:
            name = names.check_name(asked)
            if name in taken or name in self._reserved:
                raise name_conflict(name, taken.get(name, ""))
            return name
        while (name := names.random_name()) in taken or name in self._reserved:
            pass
        return name

    def on_engine(self, name: str) -> str:
        return owned_name(self.seat, name)

    def forget(self, container: Container) -> None:
        self.containers.pop(container.id, None)
        for identity in [key for key, found in self.execs.items() if found.container is container]:
            del self.execs[identity]

    def take_over(self, learnt: "Owned") -> None:
        """Own what was learnt anew from the engine, keeping what only memory has."""
        for identity, container in learnt.containers.items():
            if known := self.containers.get(identity):
                container.creator, container.asked = known.creator, known.asked
                container.starts, container.ends = known.starts, known.ends
                container.published = known.published if container.runs else ()
        self.containers, self.execs = learnt.containers, learnt.execs
        self.tags, self.built = learnt.tags, learnt.built
        self.networks.take_over(learnt.networks)
        self.volumes.take_over(learnt.volumes)
        self.changed()

    def empty(self) -> None:
        self.take_over(Owned(self.seat, self.limits))

    # ── Execs ────────────────────────────────────────────────────────────────────────────────────────────────────

    def exec(self, reference: str) -> Exec:
        found = self.execs.get(reference)
        if found is None:
            raise no_such_exec(reference[:256])
        return found

    def add_exec(self, made: Exec) -> None:
        self.execs[made.id] = made
        for identity in list(self.execs)[:-REMEMBERED_EXECS]:
            if self.execs[identity].started and not self.execs[identity].running:
                del self.execs[identity]

    def check_unstarted_execs(self) -> None:
        """The engine keeps an exec that is never started as long as its container, and is not asked to keep many."""
        if sum(not found.started for found in self.execs.values()) >= UNSTARTED_EXECS:
            raise Refused(
                429, f"{UNSTARTED_EXECS} docker exec were made and not started. Remove their containers, and try again."
            )

    def running_execs(self) -> int:
        return sum(found.running for found in self.execs.values())

    # ── Images ───────────────────────────────────────────────────────────────────────────────────────────────────

    def image_ids(self) -> dict[str, list[str]]:
        """Every image of the seat's store with its tags: the tagged ones, those that a container stands on, and those
        that the seat has made."""
        found: dict[str, list[str]] = {container.image_id: [] for container in self.containers.values()}
        found |= {identity: [] for identity in self.built}
        for reference, identity in self.tags.items():
            found.setdefault(identity, []).append(reference.familiar)
        return found

    def dangling(self) -> list[str]:
        """Images that the seat has made, without a name, that no other image of its stands on."""
        beneath = {built.parent for built in self.built.values()} | set(self.tags.values())
        return [identity for identity in self.built if identity not in beneath]

    def hidden(self) -> set[str]:
        """Those that `docker images` leaves out unless they have a name."""
        return set(self.built) - set(self.dangling())

    def shelf(self) -> dict[str, tuple[str, ...]]:
        """The images to show, with their tags: all but the steps of a build that nothing but other images needs."""
        used = {container.image_id for container in self.containers.values()}.union(self.dangling())
        return {one: tuple(sorted(tags)) for one, tags in self.image_ids().items() if tags or one in used}

    def check_room(self, reference: Reference | None) -> None:
        """For one more image of this name, or without one."""
        if reference not in self.tags and self._image_count() >= self.limits.images:
            raise Refused(
                409,
                f"You have {self.limits.images} images, which is as many as fit here. Remove some first: docker images "
                "shows them, docker rmi NAME removes one, docker image prune removes all without a name.",
            )

    def _image_count(self) -> int:
        return len(self.tags) + len(self.dangling())

    def _image_bytes(self) -> int:
        return sum(built.size for built in self.built.values())

    def check_layers(self) -> None:
        """Whether another layer may be made."""
        full = self._image_bytes() >= self.limits.image_disk
        if full or len(self.built) >= self.limits.image_layers:
            raise Refused(
                409,
                "The images that you have made take all the room that you have. Remove some first: docker images shows "
                "them, docker rmi NAME removes one, docker image prune removes all without a name.",
            )

    def image(self, asked: str) -> str:
        """The image id that a name, an id, or the beginning of one means."""
        identities = self.image_ids()
        name, _, digest = asked.partition("@")
        for tag, image_id in self.tags.items():
            if digest and tag.repository == name and layers.digest(image_id) == digest:
                return image_id
        bare = asked.removeprefix("sha256:")
        if f"sha256:{bare}" in identities:
            return f"sha256:{bare}"
        if not asked.startswith("sha256:") and (identity := self.tags.get(names.parse_reference(asked))):
            return identity
        matches = [key for key in identities if names.is_id_prefix(bare) and key.startswith(f"sha256:{bare}")]
        if len(matches) != 1:
            raise no_such_image(asked if ":" in asked or "@" in asked else f"{asked}:latest")
        return matches[0]

    def shown_image(self, container: Container) -> str:
        """As `docker ps` shows it: the name, or the id once the name means another image or none."""
        try:
            same = self.image(container.image) == container.image_id
        except Refused:
            same = False
        return container.image if same else container.image_id

    # ── Events and state ─────────────────────────────────────────────────────────────────────────────────────────

    def emit(self, event: dict[str, Any]) -> None:
        """An event for the learner's `docker events`. Who does not read for long loses some."""
        self.events.append(event)
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(event)

    @contextmanager
    def listen(self) -> Iterator["asyncio.Queue[dict[str, Any]]"]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUED_EVENTS)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def changed(self) -> None:
        """Called when an event has been taken in."""
        self._news.set()
        self._news = asyncio.Event()

    async def catch_up(self, holds: Callable[[], bool]) -> None:
        """Wait for the event that belongs to an answer of the engine, so that whoever sees the answer finds its effect
        here. It has nearly always come before; without it, life goes on."""
        try:
            async with asyncio.timeout(CATCH_UP):
                while not holds():
                    await self._news.wait()
        except TimeoutError:
            return

    def state(self, show: Callable[[str, tuple[str, ...]], ImageState] = ImageState) -> State:
        images, hidden = self.shelf(), self.hidden()
        networks = {key: one.name for one in self.networks for key in (one.id, self.on_engine(one.name))}
        return State(
            containers=tuple(container.state(networks) for container in self.containers.values()),
            images=tuple(show(identity, tags) for identity, tags in images.items() if tags),
            unnamed=tuple(
                replace(show(identity, ()), listed=identity not in hidden)
                for identity, tags in images.items()
                if not tags
            ),
            networks=tuple(sorted(network.name for network in self.networks.made)),
            volumes=tuple(sorted(volume.name for volume in self.volumes)),
            image_count=self._image_count(),
            image_bytes=self._image_bytes(),
        )
