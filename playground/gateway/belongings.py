"""The things that a seat has, as owned.py holds them. Its networks and volumes are found by the learner's names, and
counted, here."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from playground.gateway.policy import names
from playground.gateway.policy.errors import Refused, bad, no_such_network, no_such_volume
from playground.gateway.policy.published import Published, Wish
from playground.gateway.state import ContainerState

DEFAULT_NETWORK = "bridge"  # the learner's name for the network of a container that asks for none
BUILT_IN = (DEFAULT_NETWORK, "host", "none")


InvocationKey = tuple[int, int]  # a CLI process: its pid and when it started


@dataclass(slots=True)
class Container:
    id: str
    name: str
    image: str  # as the learner asked for it
    image_id: str
    network: str = "default"  # as the learner asked for it
    created: str = ""  # when, as the engine writes it; the table is in this order
    status: str = "created"
    exit_code: int | None = None
    oom_killed: bool = False
    command: tuple[str, ...] = ()
    tty: bool = False
    open_stdin: bool = False
    started: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    joined: tuple[str, ...] = ()  # the networks that it is on, by id or by the engine's name; some may be gone
    volumes: tuple[str, ...] = ()  # that it mounts, by the learner's names
    auto_remove: bool = False
    wishes: tuple[Wish, ...] = ()  # the ports to publish when it runs
    published: tuple[Published, ...] = ()  # those that it has, or is about to have
    starts: int = 0  # events seen while this gateway runs
    ends: int = 0
    waited_for: int = 0  # calls of `docker wait` that have not been answered
    unheard: int = 0  # events of pause and unpause to come that are none of the learner's
    creator: InvocationKey | None = None  # who made it, while this gateway runs
    asked: dict[str, object] = field(default_factory=dict)  # the create's flags, for the fact of its run

    @property
    def runs(self) -> bool:
        return self.status in ("running", "paused")

    @property
    def ports(self) -> tuple[int, ...]:
        """Of the seat's localhost, that lead to it now."""
        return tuple(sorted({one.host_port for one in self.published})) if self.runs else ()

    def state(self, networks: Mapping[str, str]) -> ContainerState:
        """`networks`: the learner's names of those that there are."""
        return ContainerState(
            self.id, self.name, self.image, self.image_id, self.status, self.exit_code, self.oom_killed, self.command,
            self.tty, self.open_stdin, self.started, dict(self.labels), self.ports,
            tuple(sorted({networks[one] for one in self.joined if one in networks})), tuple(sorted(self.volumes)),
        )  # fmt: skip


@dataclass(slots=True)
class Exec:
    id: str
    container: Container
    command: tuple[str, ...] = ()
    flags: dict[str, object] = field(default_factory=dict)
    started: bool = False
    running: bool = False
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """An image that the seat has made, by docker commit or build; each step of a build is one."""

    id: str
    parent: str = ""
    size: int = 0  # of its own layer
    step: str = ""  # what its layer was made from


@dataclass(slots=True)
class Network:
    id: str
    name: str
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Volume:
    name: str
    labels: dict[str, str] = field(default_factory=dict)
    mountpoint: str = ""  # where the engine keeps it; no learner sees that
    anonymous: bool = False  # made for one container, with which it goes


class Networks:
    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[str, Network] = {}  # by id, the default one among them
        self.making = asyncio.Lock()  # one at a time, so that the count holds

    def __iter__(self) -> Iterator[Network]:
        return iter(self._found.values())

    @property
    def made(self) -> list[Network]:
        """Without the default one, which the learner has not asked for."""
        return [network for network in self if network.name != DEFAULT_NETWORK]

    @property
    def default(self) -> Network | None:
        return next((network for network in self if network.name == DEFAULT_NETWORK), None)

    def get(self, identity: str) -> Network | None:
        return self._found.get(identity)

    def add(self, network: Network) -> None:
        self._found[network.id] = network

    def forget(self, identity: str) -> None:
        self._found.pop(identity, None)

    def take_over(self, learnt: "Networks") -> None:
        self._found = learnt._found

    def find(self, reference: str) -> Network:
        """By full id, name, or the beginning of an id, in this order as the engine does."""
        if found := self._found.get(reference):
            return found
        for network in self:
            if network.name == reference:
                return network
        matches = [network for network in self if names.is_id_prefix(reference) and network.id.startswith(reference)]
        if len(matches) > 1:
            raise bad(f"network {reference} is ambiguous ({len(matches)} matches found on ID prefix)")
        if not matches:
            raise no_such_network(reference[:256])
        return matches[0]

    def check_room(self, name: str) -> None:
        """For one more, of a name that no other one has. To be called with `making` held."""
        if name in (network.name for network in self):
            raise Refused(409, f"network with name {name} already exists")
        if len(self.made) >= self._most:
            raise Refused(
                409,
                f"You have {self._most} networks, which is as many as fit here. Remove some first: docker network ls "
                "shows them, docker network rm NAME removes one, docker network prune removes all that are not used.",
            )


class Volumes:
    def __init__(self, most: int) -> None:
        self._most = most
        self._found: dict[str, Volume] = {}  # by the learner's name
        self.making = asyncio.Lock()

    def __iter__(self) -> Iterator[Volume]:
        return iter(self._found.values())

    def get(self, name: str) -> Volume | None:
        return self._found.get(name)

    def add(self, volume: Volume) -> None:
        self._found[volume.name] = volume

    def forget(self, name: str) -> None:
        self._found.pop(name, None)

    def take_over(self, learnt: "Volumes") -> None:
        self._found = learnt._found

    def find(self, name: str) -> Volume:
        found = self._found.get(name)
        if found is None:
            raise no_such_volume(name[:256])
        return found

    def missing(self, wanted: Iterable[str]) -> list[str]:
        """Those that are not there yet, if there is room for them. To be called with `making` held."""
        new = [name for name in dict.fromkeys(wanted) if name not in self._found]
        if new and len(self._found) + len(new) > self._most:
            raise Refused(
                409,
                f"You may have {self._most} volumes, and this would be more. Remove some first: docker volume ls shows "
                "them, docker volume rm NAME removes one, docker volume prune removes all that no container has.",
            )
        return new
