"""Pictures of the real thing for the README and the front page: `make screenshots` writes them to static/img."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import expect_ticks, join, open_lesson, run_block, say, screen
from tests.live import ROOT, LiveServer

FOLDER = Path(os.environ.get("PICTURES", ROOT / "tests" / "browser" / "out"))
SIZE = {"width": 1280, "height": 800}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_lesson_at_work_makes_a_picture(browser: Browser, live: LiveServer, scheme: str) -> None:
    with join(browser, live, "Ada", color_scheme=scheme, viewport=SIZE) as ada:
        open_lesson(ada)
        run_block(ada, "docker images")
        expect_ticks(ada, "empty-shelf")
        ada.get_by_role("link", name="Next").locator("visible=true").click()
        run_block(ada, "docker run hello-world")
        expect(screen(ada)).to_contain_text("Hello from Docker!")
        expect_ticks(ada, "empty-shelf", "first-run")
        say(ada, "docker run -d --name web -p 8080:80 -v site:/www busybox httpd -f -h /www")
        expect(ada.locator('#map [data-state="running"]')).to_be_visible()
        ada.mouse.move(0, 0)
        expect(ada.locator("[data-map-token]")).to_be_hidden()  # the command has gone all its way

        FOLDER.mkdir(parents=True, exist_ok=True)
        picture = ada.screenshot(path=FOLDER / f"lesson-{scheme}.png", animations="disabled")

    assert picture.startswith(b"\x89PNG")
