"""Several terminals on a lesson's page: opened by hand and by a lesson, kept over a reload, closed, and ended with the
seat."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import join, new_terminal, open_lesson, shown, type_here
from tests.live import LiveServer


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        yield page


@pytest.fixture(autouse=True)
def one_terminal(ada: Page) -> Iterator[None]:
    """Each test begins and ends with the first terminal only; a seat is kept for all of them."""
    ada.goto("/lessons/hello-world/")
    expect(ada.locator(".terminal__state")).to_have_attribute("data-state", "open")
    yield
    expect(ada.locator(".terminal__state")).to_have_attribute("data-state", "open")
    for close in reversed(ada.locator("[data-shell-close]").all()):
        close.click()
        expect(close).to_have_count(0)


def tabs(page: Page) -> Locator:
    return page.get_by_role("tab")


def test_a_second_terminal_is_another_shell_of_the_same_seat(ada: Page) -> None:
    type_here(ada, "mine=first; touch /root/a-file")
    new_terminal(ada)
    expect(ada.get_by_role("tab", name="Terminal 2", selected=True)).to_be_visible()
    type_here(ada, "echo mine-is-${mine:-unset}; ls /root; docker version -f '{{.Server.Os}}'")
    expect(shown(ada)).to_contain_text("mine-is-unset")
    expect(shown(ada)).to_contain_text("a-file")
    expect(shown(ada)).to_contain_text("linux")


def test_a_reload_brings_every_terminal_back_as_it_was(ada: Page) -> None:
    new_terminal(ada)
    type_here(ada, "kept=yes; echo before-$((1+1))")
    expect(shown(ada)).to_contain_text("before-2")
    ada.reload()
    expect(tabs(ada)).to_have_count(2)
    expect(ada.get_by_role("tab", name="Terminal 1", selected=True)).to_be_visible()
    ada.get_by_role("tab", name="Terminal 2").click()
    expect(shown(ada)).to_contain_text("before-2")
    type_here(ada, "echo kept-${kept:-no}")
    expect(shown(ada)).to_contain_text("kept-yes")


def test_a_terminal_opened_or_closed_in_one_window_is_so_in_the_other(ada: Page) -> None:
    other = ada.context.new_page()
    open_lesson(other)
    new_terminal(ada)
    expect(tabs(other)).to_have_count(2)
    ada.get_by_role("button", name="Close terminal 2").click()
    expect(tabs(ada)).to_have_count(0)
    expect(tabs(other)).to_have_count(0)
    other.close()


def test_the_keyboard_reaches_opens_and_closes_them(ada: Page) -> None:
    ada.get_by_role("button", name="New terminal").press("Enter")
    expect(ada.locator("#shell-2 .xterm-helper-textarea")).to_be_focused()
    expect(shown(ada)).to_contain_text("$")
    ada.get_by_role("tab", name="Terminal 2").focus()
    ada.keyboard.press("ArrowLeft")
    expect(ada.get_by_role("tab", name="Terminal 1", selected=True)).to_be_focused()
    ada.keyboard.press("ArrowLeft")
    expect(ada.get_by_role("tab", name="Terminal 2", selected=True)).to_be_focused()
    ada.keyboard.press("Delete")
    expect(tabs(ada)).to_have_count(0)
    expect(ada.locator("#shell-1 .xterm-helper-textarea")).to_be_focused()


def test_a_seat_has_four_terminals_and_no_more(ada: Page) -> None:
    for count in (2, 3, 4):
        new_terminal(ada)
        expect(tabs(ada)).to_have_count(count)
    expect(ada.get_by_role("button", name="New terminal")).to_be_disabled()


def test_a_lesson_opens_the_terminal_that_a_command_is_for(ada: Page) -> None:
    block = ada.locator("[data-command='docker images']:visible")
    block.evaluate("block => (block.dataset.terminal = '3')")
    block.get_by_role("button", name="Run").click()
    expect(ada.get_by_role("tab", name="Terminal 3", selected=True)).to_be_visible()
    expect(shown(ada)).to_contain_text("REPOSITORY")
    expect(ada.locator("#shell-1 .xterm-rows")).not_to_contain_text("REPOSITORY")
    block.evaluate("block => delete block.dataset.terminal")
    block.get_by_role("button", name="Run").click()
    expect(ada.get_by_role("tab", name="Terminal 1", selected=True)).to_be_visible()
    expect(shown(ada)).to_contain_text("REPOSITORY")


def test_a_fresh_seat_has_one_terminal(ada: Page) -> None:
    new_terminal(ada)
    ada.get_by_role("button", name="Reset my seat").first.click()
    ada.get_by_role("dialog").get_by_role("button", name="Reset my seat").click()
    expect(tabs(ada)).to_have_count(0)
    expect(ada.locator(".terminal__state")).to_have_attribute("data-state", "open")
    type_here(ada, "echo fresh-$((1+1))")
    expect(shown(ada)).to_contain_text("fresh-2")
