"""The cast as learners, a machine where servers come and go, for the tests of seats, and a relay before one seat, for
those of terminals."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytest_django import Settings

from playground.classroom.models import Learner
from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.terminal.relay import TerminalRelay
from tests.engine.seating import Machine
from tests.engine.terminals import OneSeat, one_seat


@pytest.fixture
async def machine(
    engine_socket: str, catalogue_images: list[CatalogueImage], run_dir: Path, instance: str, settings: Settings
) -> AsyncIterator[Machine]:
    own_instance = f"{instance}-{secrets.token_hex(2)}"
    settings.INSTANCE = own_instance  # what a view's actions look at
    machine = Machine(engine_socket, catalogue_images, run_dir, own_instance)
    yield machine
    await machine.clear()


@pytest.fixture
def ada(transactional_db: None) -> Learner:
    return Learner.objects.create_user("ada", display_name="Ada")


@pytest.fixture
def ben(transactional_db: None) -> Learner:
    return Learner.objects.create_user("ben", display_name="Ben")


@pytest.fixture
def cleo(transactional_db: None) -> Learner:
    return Learner.objects.create_user("cleo", display_name="Cleo")


@pytest.fixture
async def desk(
    engine_client: EngineClient, instance: str, catalogue_images: list[CatalogueImage]
) -> AsyncIterator[OneSeat]:
    async with one_seat(engine_client, instance) as desk:
        yield desk


@pytest.fixture
def relay(desk: OneSeat, engine_client: EngineClient) -> TerminalRelay:
    return TerminalRelay(desk, engine_client)
