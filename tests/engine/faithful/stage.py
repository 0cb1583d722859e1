"""The two sides of the comparison: an engine with the gateway before it, and an engine of one's own."""

import asyncio
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage, catalogue
from playground.engine.own import OwnEngine
from playground.gateway.catalogue import Catalogue
from playground.gateway.limits import Limits
from playground.gateway.server import Gateway
from playground.seats.cgroups import Budgets
from tests.conftest import images_on, own_engine
from tests.engine.registry import Registry, serve_beside

ROOT = Path(__file__).resolve().parents[3]
OLDEST_API = "1.44"
PORT = 5000  # in the network namespace of an engine of one's own, where nobody else listens
# As Docker is when it was just installed, where the playground's engine is stricter.
PLAIN = {
    "userns-remap": "",
    "no-new-privileges": False,
    "bridge": "",
    "icc": True,
    "registry-mirrors": [f"http://127.0.0.1:{PORT}"],
}


@dataclass(frozen=True, slots=True)
class Release:
    """Where its dockerd, containerd and CLI lie; "" for what this machine has installed."""

    folder: str = ""

    @property
    def environment(self) -> dict[str, str]:
        if not self.folder:
            return {}
        beside = ROOT / "var" / self.folder / "usr"
        return {"PATH": f"{beside}/sbin:{beside}/bin:{os.environ['PATH']}"}

    @property
    def cli(self) -> Path:
        beside = ROOT / "var" / self.folder / "usr/bin" if self.folder else Path("/usr/bin")
        found = shutil.which("docker", path=str(beside)) or shutil.which("docker")
        assert found is not None
        return Path(found).parent


INSTALLED, TRIXIE = Release(), Release("newer-engine")


@contextmanager
def ours(release: Release) -> Iterator[OwnEngine]:
    """The playground's engine, with its images. A newer one refuses older calls, as engine 29 does by itself."""
    with own_engine(release.environment | {"DOCKER_MIN_API_VERSION": OLDEST_API}) as engine:
        images_on(str(engine.socket))
        yield engine


@contextmanager
def ones_own(release: Release, ours: OwnEngine) -> Iterator[OwnEngine]:
    """An engine that has nothing yet, and pulls the very images of the playground's catalogue from a registry."""
    with own_engine(release.environment, PLAIN) as engine:
        pid = engine.pid()
        assert pid is not None
        with serve_beside(pid, PORT) as registry:
            _fill(registry, ours)
            yield engine


def _fill(registry: Registry, ours: OwnEngine) -> None:
    for image in _catalogue(ours):
        config, layer = _saved(ours, labels.CATALOGUE_PREFIX + image.reference)
        config["config"]["Labels"] = None  # the playground's own, which learners do not see
        registry.put(f"library/{image.reference}", config, layer)


def _catalogue(ours: OwnEngine) -> list[CatalogueImage]:
    async def ask() -> list[CatalogueImage]:
        engine = Engine(str(ours.socket))
        try:
            return await catalogue(engine)
        finally:
            engine.close()

    return asyncio.run(ask())


def _saved(ours: OwnEngine, image: str) -> tuple[dict[str, Any], bytes]:
    command = ["docker", "--host", f"unix://{ours.socket}", "save", image]
    saved = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(saved)) as tar:

        def content(name: str) -> bytes:
            found = tar.extractfile(name)
            assert found is not None
            return found.read()

        (manifest,) = json.loads(content("manifest.json"))
        (layer,) = manifest["Layers"]
        return json.loads(content(manifest["Config"])), content(layer)


@asynccontextmanager
async def gateway_over(engine_socket: str, instance: str) -> AsyncIterator["Seats"]:
    engine = Engine(engine_socket)
    info, limits = await engine.info(), Limits(burst=10_000)  # nobody types as fast as these scripts
    gateway = Gateway(EngineClient(engine_socket), Catalogue(await catalogue(engine)), limits, instance)
    budgets = Budgets.of(engine, info, instance, limits)
    await gateway.start(disk_quota=info.disk_quota)
    try:
        yield Seats(gateway, budgets)
    finally:
        await gateway.stop()
        await budgets.leave()
        engine.close()


@dataclass(frozen=True, slots=True)
class Seats:
    gateway: Gateway
    budgets: Budgets

    @asynccontextmanager
    async def one(self, seat: str) -> AsyncIterator[Path]:
        """The socket of a seat."""
        with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:  # a socket's path is short
            await self.budgets.make(seat)
            await self.gateway.open(seat, Path(folder), self.budgets.parent(seat))
            try:
                yield Path(folder) / "docker.sock"
            finally:
                await self.gateway.close(seat)
                await self.gateway.clear(seat)
                await self.budgets.remove(seat)


CLEAN = (
    "docker rm -fv $(docker ps -aq); docker network prune -f; docker volume rm $(docker volume ls -q); "
    "docker rmi -f $(docker images -aq); docker builder prune -af"
)


async def clean(cli: Path, socket: Path) -> None:
    """An engine of one's own has nothing again. Of what there is none, the CLI complains."""
    environment = {"PATH": f"{cli}:{os.environ['PATH']}", "DOCKER_HOST": f"unix://{socket}", "HOME": "/nonexistent"}
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec("sh", "-c", CLEAN, env=environment, stdout=quiet, stderr=quiet)
    await process.wait()
