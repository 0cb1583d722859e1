"""A seat's networks and volumes, as owned.py holds them: found by the learner's names, and counted."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playground.gateway.policy import names
from playground.gateway.policy.errors import Refused, bad, no_such_network, no_such_volume

DEFAULT_NETWORK = "bridge"  # the learner's name for the network of a container that asks for none
BUILT_IN = (DEFAULT_NETWORK, "host", "none")


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
