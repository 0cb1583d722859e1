"""What every page and state is held to, whichever test brings it about: axe-core finds nothing, nothing is wider than
the window; and `make screenshots` takes pictures of it, in both themes and at five widths, to be looked at."""

import os
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

from tests.live import ROOT

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
FIND = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    const say = (id, { target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`;
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => say(id, node)));
}"""
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 390, "height": 844}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

SCREENSHOTS = os.environ.get("SCREENSHOTS", "")  # a folder to take them into; without one, none are taken
SIZES: tuple[ViewportSize, ...] = (
    {"width": 1920, "height": 1080},  # a projector's
    {"width": 1440, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 768, "height": 1024},
    NARROW,
)


def expect_nothing_found(page: Page, name: str) -> None:
    """As it is, in both themes. `name` is what its pictures are called."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert (scheme, page.evaluate(FIND)) == (scheme, [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if SCREENSHOTS:
        take_pictures(page, name)


def take_pictures(page: Page, name: str) -> None:
    """At every size; of a page that a test has made narrow, at that one alone."""
    before = page.viewport_size or WIDE
    for size in (NARROW,) if before == NARROW else SIZES:
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            path = Path(SCREENSHOTS) / f"{name}-{size['width']}-{scheme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
    page.set_viewport_size(before)
