"""Search and glossary in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import join, open_lesson, say, screen
from tests.live import LiveServer


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        yield page


def test_slash_focuses_the_search_and_enter_finds(ada: Page) -> None:
    ada.goto("/lessons/")
    ada.keyboard.press("/")
    ada.keyboard.type("hello-world")
    ada.keyboard.press("Enter")
    expect(ada.locator(".found__hit mark").first).to_be_visible()
    ada.locator(".found__hit a").first.click()
    expect(ada.locator(".step[data-current]")).to_be_visible()


def test_slash_is_the_shells_in_the_terminal(ada: Page) -> None:
    open_lesson(ada)
    say(ada, "ls -d /etc/profile")
    expect(screen(ada)).to_contain_text("ls -d /etc/profile")
    expect(ada.locator("#find-lessons")).not_to_be_focused()


def test_a_term_is_explained_beside_it_and_closes_with_escape(ada: Page) -> None:
    open_lesson(ada, "/lessons/hello-world/empty-shelf/")
    term = ada.locator(".step[data-current] .term").first
    term.focus()
    ada.keyboard.press("Enter")
    says = ada.locator(".term__says:popover-open")
    expect(says).to_be_visible()
    near = term.bounding_box()
    assert near
    ada.wait_for_function("document.querySelector('.term__says:popover-open').style.top !== ''")
    box = says.bounding_box()
    assert box
    assert abs(box["y"] - near["y"]) < box["height"] + 60
    ada.keyboard.press("Escape")
    expect(says).to_have_count(0)
    expect(term).to_be_focused()


def test_everything_works_without_a_script(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ben", java_script_enabled=False) as ben:
        ben.locator("#find-lessons").fill("image")
        ben.locator("#find-lessons").press("Enter")
        expect(ben.locator(".found__hit").first).to_be_visible()
        ben.get_by_role("link", name="Glossary", exact=True).click()
        expect(ben.get_by_role("term").filter(has_text="layer")).to_be_visible()
        ben.goto("/lessons/hello-world/empty-shelf/")
        ben.locator(".step[data-current] .term").first.click()
        expect(ben.locator(".term__says:popover-open")).to_be_visible()
