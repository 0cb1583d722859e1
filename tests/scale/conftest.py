"""PostgreSQL and Redis, at the addresses in DATABASE_URL and REDIS_URL: `make test-scale`."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from django.conf import settings

from playground.engine.images import CatalogueImage
from tests.live import LiveServer


class SharingServer(LiveServer):
    """A server that shares its database and its doorbells."""

    def _database(self) -> psycopg.Connection:
        return psycopg.connect(self.environment["DATABASE_URL"])


@pytest.fixture(scope="session", autouse=True)
def _both_are_there() -> None:
    assert settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), "say which PostgreSQL in DATABASE_URL"
    assert settings.REDIS_URL, "say which Redis in REDIS_URL"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of an empty one of our own."""
    given, name = os.environ["DATABASE_URL"], f"playground_test_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{given.rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def start(
    database: str, engine_socket: str, catalogue_images: list[CatalogueImage], instance: str
) -> Iterator[Callable[[str], SharingServer]]:
    """Starts a server of that name beside the others."""
    shared = {
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
        "PLAYGROUND_SECRET_KEY": secrets.token_urlsafe(50),
    }
    with ExitStack() as at_the_end:

        def started(name: str) -> SharingServer:
            server = SharingServer(engine_socket, f"{instance}-{name}", **shared)
            server.start()
            at_the_end.callback(server.close)
            return server

        yield started
