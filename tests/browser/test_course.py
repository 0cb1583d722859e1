"""One learner takes the whole course in one seat: every step of every lesson, by its solve, typed on the page."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from playground.checks import kinds
from playground.curriculum.course import load
from playground.curriculum.model import Lesson
from tests.browser.course import PATIENCE, Hands, answer
from tests.browser.people import join
from tests.live import LiveServer

WIDE = {"width": 2400, "height": 1000}  # where a shell need not break a line while it is typed
LESSONS = load(settings.LESSONS_DIR, kinds.parse).lessons


@pytest.fixture(scope="module")
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada", viewport=WIDE) as page:
        yield page


@pytest.fixture(scope="module")
def hands(ada: Page) -> Hands:
    return Hands(ada)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_each_lesson_after_the_other_is_passed_step_by_step(lesson: Lesson, ada: Page, hands: Hands) -> None:
    ada.goto(f"/lessons/{lesson.slug}/")

    for step in drawn(lesson, ada).steps:
        expect(ada.locator(f".step[data-step={step.id}]")).to_be_visible()
        if step.solve:
            hands.play(step.solve)
        answer(ada, step)
        expect(ada.locator(f"[data-stop={step.id}]")).to_have_attribute("data-passed", "", timeout=PATIENCE)
        ada.locator(f".step[data-step={step.id}] .dock__next").click()

    expect(ada.get_by_role("heading", name="Lesson complete")).to_be_visible()


def test_then_there_is_a_certificate(ada: Page) -> None:
    ada.goto("/me/certificate/")

    expect(ada.get_by_role("heading", name="Ada")).to_be_visible()


def drawn(lesson: Lesson, page: Page) -> Lesson:
    """The variant that the page shows."""
    shown = {goal.get_attribute("data-goal") for goal in page.locator("[data-goal]").all()}
    return next(
        each
        for each in lesson.variants or (lesson,)
        if {goal.key for step in each.steps for goal in step.goals} <= shown
    )
