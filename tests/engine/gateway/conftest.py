"""Ada and Ben, each at a seat's socket with a budget, and one gateway over the real engine."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.gateway.catalogue import Catalogue
from playground.gateway.facts import Fact
from playground.gateway.limits import Limits
from playground.gateway.server import Gateway
from playground.seats.cgroups import Budgets
from tests.engine.gateway.learners import CLIS, Learner


@pytest.fixture
def facts() -> list[Fact]:
    return []


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
async def budgets(engine: Engine, instance: str, limits: Limits) -> AsyncIterator[Budgets]:
    budgets = Budgets.of(engine, await engine.info(), instance, limits)
    yield budgets
    await budgets.leave()


@pytest.fixture
async def gateway(
    engine: Engine,
    engine_socket: str,
    catalogue_images: list[CatalogueImage],
    instance: str,
    limits: Limits,
    facts: list[Fact],
) -> AsyncIterator[Gateway]:
    gateway = Gateway(EngineClient(engine_socket), Catalogue(catalogue_images), limits, instance)
    gateway.subscribe(facts.append)
    info = await engine.info()
    await gateway.start(disk_quota=info.disk_quota, root_dir=info.root_dir)
    yield gateway
    await gateway.stop()


@pytest.fixture
async def successor(
    engine_socket: str, catalogue_images: list[CatalogueImage], instance: str
) -> AsyncIterator[Gateway]:
    """What the next server would start, once `gateway` has stopped."""
    successor = Gateway(EngineClient(engine_socket), Catalogue(catalogue_images), Limits(), instance)
    yield successor
    await successor.stop()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as path:  # a socket's path is short
        yield Path(path)


@pytest.fixture
async def ada(gateway: Gateway, budgets: Budgets, folder: Path, facts: list[Fact]) -> AsyncIterator[Learner]:
    async for learner in _sit_down(gateway, budgets, folder, facts):
        yield learner


@pytest.fixture
async def ben(gateway: Gateway, budgets: Budgets, folder: Path, facts: list[Fact]) -> AsyncIterator[Learner]:
    async for learner in _sit_down(gateway, budgets, folder, facts):
        yield learner


async def _sit_down(gateway: Gateway, budgets: Budgets, folder: Path, facts: list[Fact]) -> AsyncIterator[Learner]:
    seat = secrets.token_hex(6)
    await budgets.make(seat)
    (folder / seat).mkdir()
    await gateway.open(seat, folder / seat, budgets.parent(seat))
    yield Learner(seat, folder / seat / "docker.sock", gateway, facts)
    await gateway.close(seat)
    await gateway.clear(seat)
    await budgets.remove(seat)


@pytest.fixture(params=CLIS)
def every_cli(request: pytest.FixtureRequest, ada: Learner, ben: Learner) -> str:
    """The test runs once for each docker CLI of this machine."""
    ada.cli = ben.cli = request.param
    return str(request.param)
