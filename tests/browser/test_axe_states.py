"""axe-core finds nothing in what a page shows only at times: dialogs, notices, a question, long names, a class that has
been at it for an hour, and the operator's pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hall import hall
from tests.browser.looks import WIDE, expect_nothing_found
from tests.browser.people import PASSWORD, join, open_lesson, teach
from tests.live import LiveServer

LONG_NAME = "Countess Augusta Ada King of Lovelace"
LONG_CLASS = "Introduction to containers for the night shift, group B"
SOON = 20_000  # milliseconds: told by the seat


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, LONG_NAME, reduced_motion="reduce", viewport=WIDE) as page:
        yield page


def test_nothing_is_found_in_the_dialogs_of_a_lesson(ada: Page) -> None:
    open_lesson(ada)
    ada.get_by_role("heading", name="Look at what you have").click()
    ada.keyboard.press("?")
    expect(ada.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect_nothing_found(ada, "lesson-shortcuts")
    ada.keyboard.press("Escape")
    ada.get_by_role("button", name="Reset my seat").click()
    expect(ada.get_by_role("dialog", name="Start with a fresh seat?")).to_be_visible()
    expect_nothing_found(ada, "lesson-reset")
    ada.get_by_role("button", name="Keep my seat").click()


def test_nothing_is_found_while_a_seat_ends_soon(ada: Page, live: LiveServer) -> None:
    open_lesson(ada)
    live.edit("UPDATE seats_seat SET ends_at = datetime('now', '+4 minutes') WHERE state = 'lent'")
    expect(ada.get_by_role("button", name="Extend")).to_be_visible(timeout=SOON)
    expect_nothing_found(ada, "seat-ends-soon")
    ada.get_by_role("button", name="Extend").click()
    expect(ada.get_by_role("button", name="Extend")).to_be_hidden()


def test_nothing_is_found_in_a_question_answered_wrong(ada: Page) -> None:
    open_lesson(ada, "/lessons/hello-world/who-did-what/")
    step = ada.locator(".step[data-current]")
    step.get_by_role("radio").nth(1).check()
    step.get_by_role("button", name="Answer").click()
    expect(step.locator(".says")).not_to_be_empty()
    expect_nothing_found(ada, "lesson-question")


def test_nothing_is_found_at_the_end_of_a_lesson_with_steps_left(ada: Page) -> None:
    ada.goto("/lessons/hello-world/~end/")
    expect(ada.get_by_role("heading", name="Not quite finished")).to_be_visible()
    expect_nothing_found(ada, "lesson-left")
    ada.goto("/c/")
    expect_nothing_found(ada, "type-code")


def test_nothing_is_found_in_a_class_that_has_been_at_it_for_an_hour(browser: Browser, live: LiveServer) -> None:
    with teach(browser, live, "Tessa", reduced_motion="reduce", viewport=WIDE) as tess:
        tess.get_by_role("link", name="New classroom").click()
        tess.get_by_label("Name").fill(LONG_CLASS)
        tess.get_by_role("button", name="Make the classroom").click()
        classroom = tess.url
        live.manage("shell", "--command", hall(LONG_CLASS))
        tess.reload()
        expect(tess.locator(".roster tbody tr")).to_have_count(60)
        expect_nothing_found(tess, "classroom-course")
        tess.goto(f"{classroom}steps/")
        expect_nothing_found(tess, "class-steps-hall")
        tess.goto(f"{classroom}projector/?names")
        expect_nothing_found(tess, "projector-hall")
        tess.goto("/classrooms/")
        expect_nothing_found(tess, "classrooms")
        tess.goto(f"{classroom}delete/")
        tess.get_by_role("button", name="Delete the classroom").click()
        expect(tess.get_by_text("have been deleted")).to_be_visible()


def test_nothing_is_found_on_the_operators_pages(browser: Browser, live: LiveServer) -> None:
    live.manage("shell", "--command", OPERATOR)
    page = browser.new_page(base_url=live.url, reduced_motion="reduce", viewport=WIDE)
    page.goto("/admin/")
    expect_nothing_found(page, "admin-sign-in")
    page.get_by_label("Username").fill("cleo")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    expect_nothing_found(page, "admin")
    page.goto("/admin/classroom/learner/")
    expect_nothing_found(page, "admin-learners")
    page.close()


OPERATOR = f"""
from playground.classroom.models import Learner
Learner.objects.filter(username="cleo").delete()
Learner.objects.create_superuser("cleo", password="{PASSWORD}", display_name="Cleo")
"""
