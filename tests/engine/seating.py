"""What the seats' engine tests stand on: servers that come and go on one machine, and a look at what they leave."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from django.utils import timezone

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.gateway.catalogue import Catalogue
from playground.gateway.server import Gateway
from playground.seats import budget, doorbell
from playground.seats.books import off_loop
from playground.seats.desk import Seats
from playground.seats.models import Seat
from playground.seats.parties import NOBODYS, Parties
from playground.seats.rules import Rules, sockets_of
from playground.seats.waiting import Queued


async def remove_containers(engine: Engine, instance: str) -> None:
    for container in await engine.containers({labels.INSTANCE: instance}):
        await engine.remove(container["Id"])


def groups_of(instance: str) -> list[Path]:
    """Every group of the instance, in every hierarchy, and its own level."""
    own = f"{budget.ROOT}/{instance}"
    tops = [path for pattern in (own, f"*/{own}") for path in Path(budget.MOUNT).glob(pattern)]
    return [path for top in tops for path in top.glob("**/")]


def limit_of(instance: str, seat: str, file: str) -> int:
    [group] = [path for path in groups_of(instance) if path.name == seat and (path / file).exists()]
    return int((group / file).read_text())


async def said(engine: Engine, container: str, text: bytes) -> None:
    """Follow the container's log until `text` stands in it."""
    query = {"follow": "1", "stdout": "1", "stderr": "1"}
    log = b""
    async with await engine.client.request("GET", f"/containers/{container}/logs", query=query) as reply:
        async for chunk in reply.chunks():
            log += chunk
            if text in log:
                return
    raise AssertionError(f"{text!r} does not stand in {log!r}")


class Clock:
    """Real time, moved on as the test says."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return timezone.now() + self._ahead

    def advance(self, minutes: float) -> None:
        self._ahead += timedelta(minutes=minutes)


class Server:
    """What one server process has: a gateway and a desk. `crash` is what SIGKILL leaves of it."""

    def __init__(
        self, socket: str, images: Sequence[CatalogueImage], rules: Rules, clock: Clock, parties: Parties = NOBODYS
    ) -> None:
        self.engine = Engine(socket)
        self.gateway = Gateway(EngineClient(socket), Catalogue(images), rules.limits, rules.instance)
        self.seats = Seats(self.engine, self.gateway, rules, clock, parties)

    async def start(self) -> Self:
        await self.gateway.start()
        await self.seats.start()
        return self

    async def stop(self, halt: bool = False) -> None:
        await self.seats.stop(halt)
        await self.gateway.stop()
        self.engine.close()

    async def crash(self) -> None:
        doorbell.take_down(self.seats._bell)
        for task in (*self.seats._loops, *self.seats._work._tasks):
            task.cancel()
        await self.gateway.stop()
        self.engine.close()

    async def tick(self) -> None:
        """One turn of the desk, and all that it has started."""
        await self.seats.tick()
        await self.seats.settled()


class Machine:
    """Where servers of one instance come and go. `clear` leaves nothing of the instance."""

    def __init__(self, socket: str, images: Sequence[CatalogueImage], run_dir: Path, instance: str) -> None:
        self.socket = socket
        self.images = images
        self.clock = Clock()
        self.engine = Engine(socket)
        self.rules = replace(
            Rules.from_settings(), instance=instance, sockets=sockets_of(run_dir, instance), seats_max=4, warm=0
        )
        self.parties = NOBODYS
        self._servers: list[Server] = []

    async def server(self, **rules: Any) -> Server:
        server = Server(self.socket, self.images, replace(self.rules, **rules), self.clock, self.parties)
        self._servers.append(server)
        return await server.start()

    async def containers(self) -> dict[str, str]:
        """Running or not, by id."""
        found = await self.engine.containers({labels.INSTANCE: self.rules.instance})
        return {container["Id"]: container["State"] for container in found}

    async def clear(self) -> None:
        for server in self._servers:
            await server.crash()
        last = await Server(self.socket, self.images, self.rules, self.clock).start()
        everything = await off_loop(lambda: list(Seat.objects.occupying().values_list("id", flat=True)))
        await off_loop(Seat.objects.condemn, everything, Seat.Why.OPERATOR)
        await last.tick()
        await last.stop()
        await last.seats.machine.leave()
        assert await self.containers() == {}
        assert groups_of(self.rules.instance) == []
        assert not self.rules.sockets.exists()
        self.engine.close()


async def a_seat(lending: Awaitable[Seat | Queued]) -> Seat:
    got = await lending
    assert isinstance(got, Seat)
    return got


async def seat_at_last(waiting: AsyncIterator[Seat | Queued]) -> Seat:
    """However the place in the queue and the estimate change until then."""
    async for got in waiting:
        if isinstance(got, Seat):
            return got
    raise AssertionError("the queue has ended without a seat")


async def states(*seats: Seat) -> list[str]:
    rows = Seat.objects.filter(id__in=[seat.id for seat in seats])
    by_id = {row.id: row.state async for row in rows}
    return [by_id[seat.id] for seat in seats]
