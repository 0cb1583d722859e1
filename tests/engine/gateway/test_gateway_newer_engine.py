"""A part of the other tests once more, with a newer engine, which refuses calls that are older than API 1.44.

An engine of API 1.42 or newer says of a stream by its content type whether it is a terminal's.
"""

from collections.abc import Iterator

import pytest

from playground.engine.images import CatalogueImage
from tests.conftest import images_on
from tests.engine.faithful.stage import TRIXIE, ours
from tests.engine.gateway.test_gateway_restart import *  # noqa: F403
from tests.engine.gateway.test_gateway_streams import *  # noqa: F403
from tests.engine.test_engine_api import *  # noqa: F403
from tests.engine.test_engine_client import *  # noqa: F403
from tests.engine.test_engine_execs import *  # noqa: F403


@pytest.fixture(scope="module")
def engine_socket() -> Iterator[str]:
    with ours(TRIXIE) as engine:
        yield str(engine.socket)


@pytest.fixture(scope="module")
def instance() -> str:
    return "test-newer"


@pytest.fixture(scope="module")
def catalogue_images(engine_socket: str) -> list[CatalogueImage]:
    return images_on(engine_socket)
