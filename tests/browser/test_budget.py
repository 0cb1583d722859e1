"""What a learner sees of the budget under the terminal: it moves, it warns, it unfolds and stays so. One learner in
one window goes through all of it."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.people import join, open_lesson, say
from tests.live import LiveServer

NARROW: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        open_lesson(page)
        yield page


def test_the_meters_move_when_a_container_is_started(ada: Page) -> None:
    containers = ada.locator("[data-chip=containers]")
    expect(containers).to_have_text("Containers 0/12")
    expect(ada.locator("[data-chip=memory]")).to_have_text(re.compile(r"Memory \d %"))

    say(ada, "docker run -d busybox sh -c 'head -c 30000000 /dev/zero | tail | sleep 600'")  # tail holds the last line

    expect(containers).to_have_text("Containers 1/12")
    expect(ada.locator("[data-chip=memory]")).to_have_text(re.compile(r"Memory [12]\d %"))
    meter = ada.locator("[data-meter=memory] [role=meter]")
    expect(meter).to_have_attribute("aria-valuetext", re.compile(r"[3-5]\d of 256 MiB"))
    expect(meter).to_have_attribute("aria-valuemax", "256")


def test_a_full_meter_says_so_in_words_and_what_to_do(ada: Page) -> None:
    networks = ada.locator("[data-chip=networks]")
    expect(networks).to_be_hidden()

    say(ada, "for n in 1 2 3 4; do docker network create net$n; done")

    expect(networks).to_have_text("Networks 4/4, full")
    expect(ada.locator("[data-budget-warning]")).to_have_text("Networks: 4 of 4, full.")
    strip = ada.locator("[data-budget] summary")
    strip.click()
    expect(ada.locator("[data-meter=networks]")).to_contain_text("docker network prune")
    strip.click()

    say(ada, "docker network prune -f")
    expect(networks).to_be_hidden()


def test_the_fold_stays_as_it_was_left(ada: Page) -> None:
    rows = ada.locator("[data-meter=memory]")
    expect(rows).to_be_hidden()
    ada.locator("[data-budget] summary").click()
    expect(rows).to_be_visible()
    ada.reload()
    expect(rows).to_be_visible()
    ada.locator("[data-budget] summary").press("Enter")
    expect(rows).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_sticks_out(ada: Page, scheme: Literal["light", "dark"]) -> None:
    ada.emulate_media(color_scheme=scheme)
    ada.set_viewport_size(NARROW)
    ada.get_by_role("button", name="Terminal", exact=True).click()
    strip, fold = ada.locator("[data-budget] summary"), ada.locator(".budget__all")
    if not fold.is_visible():
        strip.click()
    expect(ada.locator("[data-meter=volumes]")).to_contain_text("0 of 4")
    assert ada.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert fold.evaluate("fold => fold.scrollWidth <= fold.clientWidth")
    assert strip.evaluate("strip => strip.scrollWidth <= strip.clientWidth")
