"""What a learner is told of the seat: before it ends, when it has, and on a phone on whichever side they are."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import LESSON, expect_connected, expect_prompt, join
from tests.live import LiveServer

NARROW = {"width": 390, "height": 844}
HEARD = 20_000  # milliseconds: the desk looks at the rows now and then


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada", viewport=NARROW, has_touch=True) as page:
        page.goto(LESSON)
        expect_connected(page)
        yield page


def end_in(live: LiveServer, minutes: int) -> None:
    live.edit(f"UPDATE seats_seat SET ends_at = datetime('now', '{minutes} minutes') WHERE state = 'lent'")


def test_a_near_end_is_told_on_both_sides_also_after_a_reload_and_can_be_put_off(ada: Page, live: LiveServer) -> None:
    notice, dot = ada.locator("[data-notice=time]"), ada.locator("[data-show=terminal][data-news]")
    expect(dot).to_have_count(0)

    end_in(live, 3)
    expect(dot).to_be_visible(timeout=HEARD)
    ada.reload()
    expect(dot).to_be_visible()
    ada.get_by_role("button", name="Terminal", exact=True).tap()
    expect(notice).to_contain_text("Your seat ends in")
    expect(dot).to_have_count(0)

    notice.get_by_role("button", name="Extend").tap()
    expect(notice).to_be_hidden()
    assert live.count("seats_seat", "state = 'lent' AND ends_at > datetime('now', '30 minutes')") == 1
    ada.reload()
    expect_connected(ada)
    expect(notice).to_be_hidden()


def test_an_ended_seat_says_why_and_how_to_go_on(ada: Page, live: LiveServer) -> None:
    end_in(live, -1)
    ada.get_by_role("button", name="Terminal", exact=True).tap()
    notice = ada.locator("[data-notice=ended]")
    expect(notice).to_contain_text("The time of your seat was up", timeout=HEARD)

    notice.get_by_role("button", name="Get a new seat").tap()
    expect_prompt(ada)
    expect(notice).to_be_hidden()
    expect(ada.locator(".xterm-helper-textarea")).to_be_focused()
