"""Signing out in one tab: what the other tabs show, and that another device goes on."""

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PASSWORD, expect_connected, join, open_lesson, say, screen, teach
from tests.live import LiveServer


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        yield page


def make_account(page: Page) -> str:
    name = f"ada.{secrets.token_hex(4)}"
    page.goto("/me/account/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Make").click()
    page.wait_for_url("**/me/")
    return name


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def sign_out(page: Page, button: str = "Sign out") -> None:
    page.goto("/me/")
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/")


@pytest.mark.attack("a terminal after signing out")
def test_the_other_tab_shows_no_terminal_any_more_and_the_other_device_goes_on(
    ada: Page, browser: Browser, live: LiveServer
) -> None:
    name = make_account(ada)
    open_lesson(ada)
    lesson = ada.url
    say(ada, "echo secret-$((1 + 1))")
    expect(screen(ada)).to_contain_text("secret-2")
    with browser.new_context(base_url=live.url) as elsewhere:
        phone = elsewhere.new_page()
        phone.goto("/sign-in/")
        sign_in(phone, name)
        open_lesson(phone)
        sign_out(ada.context.new_page())
        expect(ada.get_by_label("display name")).to_be_visible()
        expect(ada).to_have_url(f"{live.url}/join/?next={lesson.removeprefix(live.url)}")
        expect(ada.locator(".terminal")).to_have_count(0)
        expect_connected(phone)
        say(phone, "echo still-$((1 + 1))")
        expect(screen(phone)).to_contain_text("still-2")
    ada.get_by_role("link", name="Sign in").click()
    sign_in(ada, name)
    expect(ada).to_have_url(lesson)


def test_a_guest_who_leaves_in_one_tab_is_asked_for_a_name_in_the_other(ada: Page, live: LiveServer) -> None:
    open_lesson(ada)
    lesson = ada.url.removeprefix(live.url)
    sign_out(ada.context.new_page(), "Leave the playground")
    expect(ada).to_have_url(f"{live.url}/join/?next={lesson}")


@pytest.mark.attack("a terminal after signing out")
def test_a_teacher_who_signs_out_looks_on_no_more_and_a_roster_asks_who_this_is(
    ada: Page, browser: Browser, live: LiveServer
) -> None:
    with teach(browser, live, f"Tess{secrets.token_hex(3)}") as tess:
        tess.get_by_role("link", name="New classroom").click()
        tess.get_by_label("Name").fill("Monday")
        tess.get_by_role("button", name="Make the classroom").click()
        ada.goto(str(tess.locator(".class__join a").get_attribute("href")))
        ada.get_by_role("button", name="Join").click()
        open_lesson(ada)
        roster = tess.url
        tess.get_by_role("link", name="Look at the terminal of Ada").click()
        expect(screen(tess)).to_contain_text("$")
        visit = tess.url
        wall = tess.context.new_page()
        wall.goto(roster)
        expect(wall.get_by_role("heading", name="Monday")).to_be_visible()
        sign_out(tess.context.new_page())
        for page, address in ((tess, visit), (wall, roster)):
            expect(page).to_have_url(f"{live.url}/sign-in/?next={address.removeprefix(live.url)}")
        expect(ada.locator("[data-visit]")).to_be_hidden()
        expect_connected(ada)
