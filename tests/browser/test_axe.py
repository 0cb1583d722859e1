"""axe-core finds nothing against any page, in light and in dark, wide and narrow. One learner goes through all of it in
one seat."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looks import NARROW, WIDE, expect_nothing_found
from tests.browser.people import join, open_lesson, run_block, say
from tests.browser.test_certificate import pass_everything
from tests.live import LiveServer

FOUND = 20_000  # milliseconds: pulled, started, told


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada", reduced_motion="reduce", viewport=WIDE) as page:
        yield page


@pytest.fixture(autouse=True)
def wide(ada: Page) -> Iterator[None]:
    """Each test begins with the same size, so that no shell is told of another one while somebody types."""
    yield
    ada.set_viewport_size(WIDE)


def test_nothing_is_found_before_one_has_joined(browser: Browser, live: LiveServer) -> None:
    page = browser.new_page(base_url=live.url, reduced_motion="reduce", viewport=WIDE)
    page.goto("/")
    expect_nothing_found(page, "front-stranger")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_nothing_found(page, "front-no-name")
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect_nothing_found(page, "sign-in")
    page.goto("/nowhere/")
    expect_nothing_found(page, "nowhere")
    page.close()


PAGES = {
    "front": "/",
    "lessons-new": "/lessons/",
    "search": "/search/?q=logs",
    "search-nothing": "/search/?q=zebra",
    "glossary": "/glossary/",
    "me": "/me/",
    "account": "/me/account/",
    "me-delete": "/me/delete/",
    "certificate-not-yet": "/me/certificate/",
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_found_on_a_page(ada: Page, name: str) -> None:
    ada.goto(PAGES[name])
    expect_nothing_found(ada, name)


def test_nothing_is_found_in_a_step_with_all_its_help_open(ada: Page) -> None:
    open_lesson(ada, "/lessons/hello-world/first-run/")
    step = ada.locator(".step[data-current]")
    say(ada, "docker run helloworld")
    expect(step.locator(".goals__says")).not_to_be_empty()
    step.locator(".hint summary").click()
    step.locator(".help summary").click()
    step.get_by_role("button", name="Show a solution").click()
    expect(step.locator("[data-solution]")).to_be_visible()
    expect_nothing_found(ada, "lesson-help")
    step.get_by_role("button", name="Catch up to this step").click()
    expect(ada.get_by_role("dialog")).to_be_visible()
    expect_nothing_found(ada, "lesson-catch-up")
    ada.keyboard.press("Escape")

    step.locator(".term").first.click()
    expect(ada.locator(".term__says:popover-open")).to_be_visible()
    expect_nothing_found(ada, "lesson-term")
    ada.keyboard.press("Escape")

    run_block(ada, "docker run hello-world")
    expect(step.locator("[data-goal][data-passed]")).to_have_count(1, timeout=FOUND)
    ada.set_viewport_size(NARROW)
    expect_nothing_found(ada, "lesson-passed")


def test_nothing_is_found_in_the_file_pane(ada: Page) -> None:
    open_lesson(ada)
    say(
        ada,
        "mkdir site; head -c 2000 /bin/sh >program; printf 'FROM busybox\\nCMD echo \"hi\"\\n' >Dockerfile",
    )
    ada.get_by_role("button", name="Files", exact=True).click()
    files = ada.get_by_role("region", name="Files")
    files.get_by_role("button", name="program").click()
    expect(ada.get_by_text("This file is not text")).to_be_visible()
    files.get_by_role("button", name="New file").click()
    expect_nothing_found(ada, "files-no-text")
    files.get_by_role("button", name="Cancel").click()

    files.get_by_role("button", name="Dockerfile").click()
    expect(ada.get_by_role("textbox", name="Text of Dockerfile")).to_be_focused()
    ada.keyboard.insert_text("# not saved\n")
    expect_nothing_found(ada, "files-open")
    files.get_by_role("button", name="Delete").click()
    expect(ada.get_by_role("dialog")).to_be_visible()
    expect_nothing_found(ada, "files-delete")
    ada.keyboard.press("Escape")

    ada.route("**/seat/**", lambda route: route.abort())
    files.get_by_role("button", name="Save").click()
    files.get_by_role("button", name="Your home folder").click()
    expect(files.get_by_role("button", name="Try again")).to_be_visible()
    expect_nothing_found(ada, "files-away")
    ada.unroute("**/seat/**")
    ada.get_by_role("button", name="More tools").click()
    expect_nothing_found(ada, "terminal-more")
    ada.keyboard.press("Escape")

    ada.set_viewport_size(NARROW)
    ada.get_by_role("button", name="Terminal", exact=True).click()
    expect_nothing_found(ada, "files-narrow")
    ada.get_by_role("button", name="Files", exact=True).click()
    expect(files).to_be_hidden()


def test_nothing_is_found_on_the_map_while_one_points_at_it_or_looks_back(ada: Page) -> None:
    open_lesson(ada)
    say(
        ada,
        "docker run --name bad busybox false; docker create --name new -v data:/d busybox; docker run -d busybox top",
    )
    expect(ada.locator('#map [data-state="running"]')).to_be_visible(timeout=FOUND)
    expect_nothing_found(ada, "map")
    ada.locator('#map [data-key="daemon"]').focus()
    expect_nothing_found(ada, "map-pointing")
    ada.get_by_label("What just happened?").press("ArrowLeft")
    expect_nothing_found(ada, "map-looking-back")

    ada.set_viewport_size(NARROW)
    ada.get_by_role("button", name="Terminal", exact=True).click()
    ada.get_by_role("button", name="Map", exact=True).click()
    expect(ada.locator("#map")).to_be_visible()
    expect_nothing_found(ada, "map-narrow")


def test_nothing_is_found_at_a_terminal_with_tabs_ports_and_a_full_budget(ada: Page) -> None:
    open_lesson(ada)
    say(
        ada,
        "docker run -d --name web -p 8080:80 busybox sleep 600; for n in 1 2 3 4; do docker network create n$n; done",
    )
    ada.get_by_role("button", name="New terminal").click()
    expect(ada.get_by_role("tab")).to_have_count(2)
    expect(ada.get_by_role("link", name="localhost:8080")).to_be_visible(timeout=FOUND)
    expect(ada.locator("[data-chip=networks]")).to_contain_text("full", timeout=FOUND)
    ada.locator("[data-budget] summary").click()
    ada.get_by_role("button", name="Search the terminal").click()
    expect_nothing_found(ada, "terminal-full")

    ada.set_viewport_size(NARROW)
    ada.get_by_role("button", name="Terminal", exact=True).click()
    expect_nothing_found(ada, "terminal-narrow")


def test_nothing_is_found_once_the_course_is_done_and_the_seat_has_ended(ada: Page, live: LiveServer) -> None:
    ada.goto("/lessons/hello-world/first-run/")
    expect(ada.locator(".terminal__state")).to_have_attribute("data-state", "open")
    live.edit("UPDATE seats_seat SET ends_at = '2000-01-01 00:00:00' WHERE state = 'lent'")
    expect(ada.get_by_role("button", name="Get a new seat")).to_be_visible(timeout=FOUND)
    expect_nothing_found(ada, "seat-ended")

    live.edit("DELETE FROM checks_steppass WHERE learner_id = (SELECT max(id) FROM classroom_learner)")
    pass_everything(live)
    for name, path in {
        "lessons-done": "/lessons/",
        "certificate": "/me/certificate/",
        "lesson-done": "/lessons/hello-world/~end/",
    }.items():
        ada.goto(path)
        expect_nothing_found(ada, name)


def test_a_question_mark_lists_the_shortcuts_but_not_where_one_types(ada: Page) -> None:
    ada.goto("/lessons/")
    ada.keyboard.press("/")
    ada.keyboard.press("?")
    expect(ada.get_by_role("searchbox")).to_have_value("?")
    ada.get_by_role("heading", name="Lessons", exact=True).click()
    ada.keyboard.press("?")
    shortcuts = ada.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_contain_text("Search the lessons")
    expect(shortcuts).not_to_contain_text("terminal")
    expect_nothing_found(ada, "shortcuts")
    ada.keyboard.press("Escape")
    expect(shortcuts).to_be_hidden()
