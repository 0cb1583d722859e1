"""Ada's and Ben's sockets before a recording engine."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.gateway.catalogue import Catalogue
from playground.gateway.facts import Fact
from playground.gateway.limits import Limits
from playground.gateway.server import Gateway
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import IMAGE_ID, RecordingEngine

ADAS_WEB = "a" * 64
BENS_WEB = "ab" + "f" * 62
ADAS_NET = "1a" + "0" * 62
BENS_NET = "1b" + "0" * 62
BENS_TERMINAL = "d" * 64


@pytest.fixture
def sockets() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path is short
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def upstream(sockets: Path) -> AsyncIterator[RecordingEngine]:
    engine = RecordingEngine(sockets / "engine.sock")
    await engine.start()
    engine.own("ada", "web", ADAS_WEB)
    engine.own("ben", "web", BENS_WEB)
    engine.own_network("ada", "mine", ADAS_NET)
    engine.own_network("ben", "bens", BENS_NET)
    engine.own_volume("ada", "data")
    engine.own_volume("ben", "bens")
    yield engine
    await engine.stop()


@pytest.fixture
def facts() -> list[Fact]:
    return []


@pytest.fixture
def limits() -> Limits:
    return Limits(burst=10_000)


@pytest.fixture
async def gateway(
    upstream: RecordingEngine, sockets: Path, facts: list[Fact], limits: Limits
) -> AsyncIterator[Gateway]:
    catalogue = Catalogue([CatalogueImage("busybox:latest", IMAGE_ID, "A shell")])
    gateway = Gateway(EngineClient(str(upstream.path)), catalogue, limits, "test")
    gateway.subscribe(facts.append)
    await gateway.start()
    for seat in ("ada", "ben"):
        (sockets / seat).mkdir()
        await gateway.open(seat, sockets / seat, f"/playground/{seat}")
    await upstream.followed.wait()
    gateway._ground.images.clear()  # so that a test sees what is asked for its call
    upstream.seen.clear()
    yield gateway
    await gateway.stop()


@pytest.fixture
def ada(gateway: Gateway, sockets: Path) -> Learner:
    return Learner(sockets / "ada" / "docker.sock")


@pytest.fixture
def ben(gateway: Gateway, sockets: Path) -> Learner:
    return Learner(sockets / "ben" / "docker.sock")
