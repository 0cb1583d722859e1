"""An author saves a lesson while it is open: the page follows, and the terminal goes on."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import expect_prompt, expect_ticks, join, open_lesson, run_block, say, screen
from tests.live import ROOT, LiveServer

STEP = "/lessons/hello-world/empty-shelf/"


@pytest.fixture
def lessons() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="playground-lessons-"))
    shutil.copytree(next((ROOT / "lessons").glob("*-hello-world")), folder / "01-hello-world")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def workshop(engine_socket: str, instance: str, catalogue_images: object, lessons: Path) -> Iterator[LiveServer]:
    settings = {"PLAYGROUND_LESSONS_DIR": str(lessons), "PLAYGROUND_LESSONS_WATCH": "1"}
    server = LiveServer(engine_socket, f"{instance}-{secrets.token_hex(2)}", **settings)
    server.start()
    yield server
    server.close()


def test_a_saved_lesson_is_on_the_page_at_once_and_a_broken_one_says_where(
    browser: Browser, workshop: LiveServer, lessons: Path
) -> None:
    file = lessons / "01-hello-world" / "lesson.md"
    good = file.read_text()
    line = good[: good.index("did: images")].count("\n") + 1
    with join(browser, workshop, "Tess") as tess:
        open_lesson(tess, STEP)
        say(tess, "echo still $((40 + 2))")
        expect(screen(tess)).to_contain_text("still 42")

        file.write_text(good.replace("## Look at what you have {", "## Look around {"))
        expect(tess.locator(".step[data-current] h2")).to_have_text("Look around")
        expect(screen(tess)).to_contain_text("still 42")

        file.write_text(good.replace("did: images", "did: imagse", 1))
        problem = tess.get_by_role("region", name="Lessons with errors")
        expect(problem).to_contain_text("unknown action `imagse`: did you mean `images`?")
        expect(problem).to_contain_text(f"01-hello-world/lesson.md:{line}")
        expect(tess.locator(".step[data-current] h2")).to_have_text("Look around")

        file.write_text(good)
        expect(problem).to_have_count(0)
        expect_prompt(tess)
        run_block(tess, "docker images")
        expect_ticks(tess, "empty-shelf")
        expect(screen(tess)).to_contain_text("still 42")
