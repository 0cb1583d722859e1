"""Debian's Chromium, headless. Tests open windows of their own in it: see people.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from playground.engine.images import CatalogueImage
from tests.live import LiveServer

# What is expected may come late on a busy machine; what comes is seen at once.
expect.set_options(timeout=30_000)

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def browser(live: LiveServer) -> Iterator[Browser]:
    """After `live`, and closed before it: while Playwright runs its loop here, nobody else can run one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the mails of the tier's server arrive, a file for each."""
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="session")
def live(engine_socket: str, catalogue_images: list[CatalogueImage], instance: str, mail: Path) -> Iterator[LiveServer]:
    """One server for the whole tier; a test that stops it starts it again."""
    server = LiveServer(engine_socket, instance, EMAIL_URL=f"file:///{mail}")
    server.start()
    yield server
    server.close()
