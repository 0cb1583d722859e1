"""What the tiers share: a real engine, its images, and an instance name under which everything is swept up at the end.

All lazy: a unit test that asks for none of these starts nothing.
"""

import asyncio
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from playground.engine import find, labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.disk import GIB
from playground.engine.images import CatalogueImage, Mode, ensure_images
from playground.engine.own import OwnEngine

NOTHING: Mapping[str, Any] = {}

# A machine that is busy makes a test slow, not wrong.
hypothesis.settings.register_profile("without a deadline", deadline=None)
hypothesis.settings.load_profile("without a deadline")
REAL = tuple(Path(__file__).parent / tier for tier in ("engine", "browser"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a busy machine an engine or a browser is now and then late for what a test takes as given: such a test is
    tried once more, and the report counts it as RERUN. What stands against an attack has to stand the first time."""
    for item in items:
        if any(item.path.is_relative_to(tier) for tier in REAL) and not item.get_closest_marker("attack"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file, as outside of tests: threads that share a database in memory do not wait for each other, but fail."""
    if connections["default"].vendor == "sqlite":
        connections["default"].settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL removes no database to which threads are still connected."""
    yield
    if connections["default"].vendor == "postgresql":
        with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def open_folder() -> Path:
    """A temporary directory that a container of a remapped engine can pass through, unlike pytest's tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="playground-test-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


@pytest.fixture
def run_dir() -> Iterator[Path]:
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


@contextmanager
def own_engine(environment: Mapping[str, str] = NOTHING, settings: Mapping[str, Any] = NOTHING) -> Iterator[OwnEngine]:
    """One of the playground's own, apart from the machine's networks; it needs root and dockerd."""
    folder = open_folder()
    own = OwnEngine(folder / "state", folder / "run", 8 * GIB, True, environment, settings)
    try:
        own.start(print)
        yield own
    finally:
        own.stop()
        for left in folder.glob("run/exec/netns/*"):  # of containers on the engine's own network
            subprocess.run(["umount", "--quiet", left], check=False)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def engine_socket() -> Iterator[str]:
    """The engine that answers, else one for as long as the tests take."""
    if found := find.find(os.environ.get("DOCKER_HOST", ""), Path("/nonexistent")):
        yield found
    else:
        with own_engine() as own:
            yield str(own.socket)


@pytest.fixture(scope="module")
def private_engine() -> Iterator[OwnEngine]:
    """For tests that change what an engine's users share: its images, its life."""
    with own_engine() as own:
        yield own


@pytest.fixture(scope="session")
def instance(engine_socket: str) -> Iterator[str]:
    """A name that no other playground on this engine has: label with it what you make, and it goes at the end."""
    name = f"test-{secrets.token_hex(4)}"
    yield name
    asyncio.run(_sweep(engine_socket, {labels.INSTANCE: name}))


def images_on(engine_socket: str) -> list[CatalogueImage]:
    """The seat image and the catalogue, put on this engine where they are missing."""

    async def ensure() -> list[CatalogueImage]:
        engine = Engine(engine_socket)
        try:
            return await ensure_images(engine, Mode.AUTO, print)
        finally:
            engine.close()

    return asyncio.run(ensure())


@pytest.fixture(scope="session")
def catalogue_images(engine_socket: str) -> list[CatalogueImage]:
    return images_on(engine_socket)


@pytest.fixture
def engine(engine_socket: str) -> Iterator[Engine]:
    engine = Engine(engine_socket)
    yield engine
    engine.close()


@pytest.fixture
async def engine_client(engine_socket: str) -> EngineClient:
    client = EngineClient(engine_socket)
    await client.negotiate()
    return client


async def _sweep(socket: str, mine: dict[str, str]) -> None:
    engine = Engine(socket)
    try:
        for container in await engine.containers(mine):
            await engine.remove(container["Id"])
        for network in await engine.networks(mine):
            await engine.remove_network(network["Id"])
        for volume in await engine.volumes(mine):
            await engine.remove_volume(volume["Name"])
        for image in await engine.images(mine):
            for reference in image["RepoTags"] or [image["Id"]]:
                await engine.remove_image(reference)
    finally:
        engine.close()
