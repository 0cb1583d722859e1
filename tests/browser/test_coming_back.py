"""Coming back to a lesson with a fresh seat, help with a step, and doing it again."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import expect_prompt, expect_ticks, join, open_lesson, run_block, say, screen
from tests.live import LiveServer

STEPS = "/lessons/hello-world/"


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        yield page


def help_with(page: Page, what: str) -> None:
    page.get_by_text("Stuck, or coming back?").locator("visible=true").click()
    page.get_by_role("button", name=what).locator("visible=true").click()


def test_hints_open_one_by_one(ada: Page) -> None:
    open_lesson(ada, STEPS)
    ada.locator(".step[data-current] .prose").evaluate(
        "prose => { for (const name of ['First', 'Second']) prose.insertAdjacentHTML('beforeend',"
        " `<details class='hint'><summary>${name}</summary><div>Help</div></details>`) }"
    )
    for hint in ada.locator(".step[data-current] .hint").all()[:-2]:
        hint.locator("summary").click()
    expect(ada.get_by_text("First", exact=True)).to_be_visible()
    expect(ada.get_by_text("Second", exact=True)).to_be_hidden()
    ada.get_by_text("First", exact=True).click()
    expect(ada.get_by_text("Second", exact=True)).to_be_visible()
    ada.get_by_text("First", exact=True).click()
    expect(ada.get_by_text("Second", exact=True)).to_be_visible()


def test_a_solution_is_shown_on_request(ada: Page) -> None:
    open_lesson(ada, STEPS + "empty-shelf/")
    help_with(ada, "Show a solution")
    expect(ada.locator(".step[data-current] [data-solution]")).to_contain_text("docker images")


def test_catching_up_types_the_steps_before_into_a_fresh_seat(ada: Page) -> None:
    open_lesson(ada, STEPS + "two-containers/")
    say(ada, "docker tag nothing something")
    help_with(ada, "Catch up to this step")
    ada.get_by_role("button", name="In a fresh seat").locator("visible=true").click()
    expect(ada.get_by_text("Catching up, step")).to_be_visible()
    expect(ada.get_by_text("You are where you were.")).to_be_visible(timeout=60_000)
    expect_ticks(ada, "empty-shelf", "first-run", "who-did-what", "image-stays", "run-again")
    expect(screen(ada)).to_contain_text("docker run hello-world")
    assert ada.locator(".step[data-how=played]").count() == 5
    say(ada, "clear; docker ps --all --quiet | wc -l")
    expect(screen(ada)).to_contain_text("2")
    expect_ticks(ada, "empty-shelf", "first-run", "who-did-what", "image-stays", "run-again", "two-containers")
    expect(ada.locator(".step[data-step=two-containers]")).to_have_attribute("data-how", "alone")


def test_catching_up_can_be_stopped(ada: Page) -> None:
    open_lesson(ada, STEPS + "throw-away/")
    help_with(ada, "Catch up to this step")
    ada.get_by_role("button", name="In this seat").locator("visible=true").click()
    ada.get_by_role("button", name="Stop", exact=True).click()
    expect(ada.get_by_text("Catching up has stopped.")).to_be_visible()
    expect_prompt(ada)


def test_a_seat_that_is_fresh_is_said_to_be_so(ada: Page) -> None:
    open_lesson(ada, STEPS + "throw-away/")
    expect(ada.get_by_text("Your seat is fresh").locator("visible=true")).to_have_count(0)
    ada.get_by_role("button", name="Reset my seat").first.click()
    ada.get_by_role("dialog").get_by_role("button", name="Reset my seat").click()
    expect(ada.get_by_text("Your seat is fresh").locator("visible=true")).to_have_count(1)
    expect_prompt(ada)
    ada.reload()
    expect(ada.get_by_text("Your seat is fresh").locator("visible=true")).to_have_count(1)


def test_a_step_and_a_lesson_can_be_done_again_after_a_question(ada: Page) -> None:
    open_lesson(ada, STEPS + "empty-shelf/")
    help_with(ada, "Do this step again")
    ada.get_by_role("button", name="Keep the ticks").locator("visible=true").click()
    expect(ada.locator("[data-stop=empty-shelf]")).to_have_attribute("data-passed", "")
    ada.get_by_role("button", name="Do this step again").locator("visible=true").click()
    ada.get_by_role("button", name="Do it again").locator("visible=true").click()
    expect(ada.locator("[data-stop=empty-shelf][data-passed]")).to_have_count(0)
    expect_prompt(ada)
    run_block(ada, "docker images")
    expect(ada.locator("[data-stop=empty-shelf]")).to_have_attribute("data-passed", "")
    help_with(ada, "Do the whole lesson again")
    ada.get_by_role("button", name="In this seat").locator("visible=true").click()
    expect_ticks(ada)
