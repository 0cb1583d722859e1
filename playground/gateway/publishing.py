"""Which ports the seats' running containers have, and that they are where they are said to be (board.py)."""

import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager

from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.gateway.belongings import Container
from playground.gateway.board import Board
from playground.gateway.carrying import Side
from playground.gateway.limits import Limits
from playground.gateway.netns import has_ipv6
from playground.gateway.owned import Owned
from playground.gateway.policy import published
from playground.gateway.policy.errors import Refused

log = logging.getLogger(__name__)

NOT_HERE = Refused(
    403,
    "Publishing ports is not available on this machine: for that the playground has to run as root where its engine "
    "runs. Containers on one network reach each other without it.",
)


class Publisher:
    """`tell` is called with a seat whenever other ports of its are published; `spawn` runs what nobody waits for."""

    def __init__(
        self,
        client: EngineClient,
        instance: str,
        limits: Limits,
        tell: Callable[[str], None],
        spawn: Callable[[Coroutine[None, None, None], str], None],
    ) -> None:
        self._client = client
        self._instance = instance
        self._limits = limits
        self._tell = tell
        self._spawn = spawn
        self._ipv6 = has_ipv6()
        self._boards: dict[str, Board] = {}  # of the seats that are served
        self._told: dict[str, tuple[int, ...]] = {}

    # ── The seat ─────────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, owned: Owned) -> None:
        self._boards[owned.seat] = Board(self._client, self._instance, owned.seat, self._limits)
        self.changed(owned)

    async def close(self, seat: str) -> None:
        if board := self._boards.pop(seat, None):
            await board.close()
        self._told.pop(seat, None)

    def terminal_changed(self, owned: Owned) -> None:
        """It has started, or ended: its network is another one now."""
        if board := self._boards.get(owned.seat):
            board.forget_terminal()
            self.changed(owned)

    def changed(self, owned: Owned) -> None:
        """A container has started or ended, or joined or left a network."""
        if board := self._boards.get(owned.seat):
            board.forget()
        if self._told.get(owned.seat) or any(container.wishes for container in owned.containers.values()):
            self._spawn(self._follow(owned), f"gateway-{owned.seat}-ports")

    async def _follow(self, owned: Owned) -> None:
        try:
            taken = await self.settle(owned)
        except EngineError as error:
            log.warning("seat %s: its ports are not published: %s", owned.seat, error)
        else:
            for address in taken:
                log.info("seat %s: %s:%s is taken in its terminal", owned.seat, *address)

    # ── Containers ───────────────────────────────────────────────────────────────────────────────────────────────

    async def check(self, owned: Owned, more: int) -> None:
        """Raises Refused where so many more ports cannot be published, or none at all; EngineError."""
        board = self._boards.get(owned.seat)
        if os.geteuid() != 0 or (board is not None and not await board.reaches_terminal()):
            raise NOT_HERE
        self._check_room(sum(len(container.wishes) for container in owned.containers.values()) + more)

    def _check_room(self, asked: int) -> None:
        if asked > self._limits.ports:
            raise Refused(
                409,
                f"You may publish {self._limits.ports} ports, and this would be more. Remove containers that publish "
                "some first: docker ps -a shows them.",
            )

    async def publish(self, owned: Owned, container: Container) -> None:
        """Before it starts. Raises Refused in the engine's own words."""
        if container.published or not _publishes(container):
            return
        endpoint = container.id[::-1]  # an engine has a number of its own for it
        running = [other.wishes for other in owned.containers.values() if other.published]
        self._check_room(sum(map(len, running)) + len(container.wishes))  # as several may be made at once
        try:
            container.published = published.give(container.wishes, _taken(owned), ipv6=self._ipv6)
        except Refused as refused:
            raise Refused(refused.status, published.failed(container.name, endpoint, refused.message)) from None
        try:
            taken = await self.settle(owned)
        except EngineError:
            container.published = ()
            raise
        for one in container.published:
            if one.address in taken:
                await self.withdraw(owned, container)
                raise Refused(409, published.failed(container.name, endpoint, published.in_use(one.address)))

    async def withdraw(self, owned: Owned, container: Container) -> None:
        """It could not start."""
        container.published = ()
        await self.settle(owned)

    async def settle(self, owned: Owned) -> list[published.Address]:
        """All that runs has its ports, and nothing else has any. What a program in the terminal has taken comes back.
        Raises EngineError."""
        taken: list[published.Address] = []
        if board := self._boards.get(owned.seat):
            async with board.lock:
                self._give_to_running(owned)
                taken = await board.listen(
                    {one.address: (container.id, one.port) for container, one in _published(owned)}
                )
        if (now := ports(owned)) != self._told.get(owned.seat, ()):
            self._told[owned.seat] = now
            self._tell(owned.seat)
        if not now:
            self._told.pop(owned.seat, None)
        return taken

    def _give_to_running(self, owned: Owned) -> None:
        """To those that nobody has asked to start just now: the engine itself has, or an earlier gateway."""
        for container in owned.containers.values():
            if container.runs and not container.published and _publishes(container):
                try:
                    container.published = published.give(container.wishes, _taken(owned), ipv6=self._ipv6)
                except Refused as refused:
                    log.info("seat %s: %s runs without its ports: %s", owned.seat, container.name, refused.message)

    @asynccontextmanager
    async def dial(self, owned: Owned, host_port: int) -> AsyncIterator[Side]:
        """As what connects to localhost in the seat's terminal. Raises OSError where nothing is published there or
        nothing answers, EngineError."""
        board = self._boards.get(owned.seat)
        found = [
            (container.id, one.port)
            for container, one in _published(owned)
            if one.host_port == host_port and host_port in container.ports
        ]
        if board is None or not found:
            raise ConnectionRefusedError(f"nothing is published at {host_port}")
        async with board.dial(*found[0]) as side:
            yield side


def ports(owned: Owned) -> tuple[int, ...]:
    """Of the seat's localhost, that lead to a container now."""
    return tuple(sorted({port for container in owned.containers.values() for port in container.ports}))


def _publishes(container: Container) -> bool:
    """An engine, too, leaves a container without a network alone."""
    return bool(container.wishes) and container.network != "none"


def _published(owned: Owned) -> Iterator[tuple[Container, published.Published]]:
    for container in owned.containers.values():
        for one in container.published:
            yield container, one


def _taken(owned: Owned) -> set[published.Address]:
    return {one.address for _, one in _published(owned)}
