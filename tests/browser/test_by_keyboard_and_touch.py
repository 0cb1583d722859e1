"""Lesson one with nothing but a keyboard, and with nothing but a thumb on a phone."""

import json
import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect

from playground.checks import kinds
from playground.checks.kinds import Check
from playground.checks.words.inside import Answer
from playground.curriculum.course import load
from playground.curriculum.model import Quiz, Step
from playground.curriculum.typed import Line, typed
from tests.browser.course import PATIENCE, Hands
from tests.browser.people import expect_prompt, join, screen
from tests.live import LiveServer

LESSON = load(settings.LESSONS_DIR, kinds.parse).lessons[0]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MOST_TABS = 80


def shown(page: Page, step: Step) -> Locator:
    return page.locator(f".step[data-step={step.id}]")


def expect_passed(page: Page, step: Step) -> None:
    expect(page.locator(f"[data-stop={step.id}]")).to_have_attribute("data-passed", "", timeout=PATIENCE)


# ── The keyboard ─────────────────────────────────────────────────────────────────────────────────────────────────


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def choose_by_keyboard(page: Page, form: Locator, quiz: Quiz) -> None:
    for place in quiz.right:
        field = form.locator(f'input[value="{place}"]')
        if field.get_attribute("type") == "checkbox":
            tab_to(page, field)
            page.keyboard.press("Space")
            continue
        tab_to(page, form.locator("input").first)
        page.keyboard.press("Space")
        while not field.is_checked():
            page.keyboard.press("ArrowDown")


def answer_by_keyboard(page: Page, step: Step) -> None:
    for goal in step.goals:
        form = shown(page, step).locator(f'form[data-key="{goal.key}"]')
        if isinstance(goal, Quiz):
            choose_by_keyboard(page, form, goal)
        elif isinstance(goal, Check) and isinstance(goal.word, Answer):
            tab_to(page, form.get_by_role("textbox"))
            page.keyboard.type(goal.word.accept[0])
        else:
            continue
        tab_to(page, form.get_by_role("button", name="Answer"))
        page.keyboard.press("Enter")


def test_lesson_one_is_done_by_keyboard_alone(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada", viewport={"width": 1600, "height": 900}) as ada:
        hands = Hands(ada)
        tab_to(ada, ada.get_by_role("link", name=LESSON.title).first)
        ada.keyboard.press("Enter")
        expect_prompt(ada)
        terminal = ada.locator(".xterm-helper-textarea")
        expect(terminal).to_have_accessible_description(re.compile("to leave the terminal"))
        for step in LESSON.steps:
            if step.solve:
                tab_to(ada, terminal)
                hands.play(step.solve)
                ada.keyboard.press("Control+Shift+E")
                expect(shown(ada, step).get_by_role("heading").first).to_be_focused()
            answer_by_keyboard(ada, step)
            expect_passed(ada, step)
            tab_to(ada, shown(ada, step).locator(".dock__next"))
            ada.keyboard.press("Enter")
        expect(ada.get_by_role("heading", name="Lesson complete")).to_be_focused()


def test_keys_turn_the_steps_but_not_where_one_types(browser: Browser, live: LiveServer) -> None:
    first, second = LESSON.steps[:2]
    with join(browser, live, "Ada") as ada:
        ada.goto(f"/lessons/{LESSON.slug}/")
        ada.keyboard.press("n")
        expect(shown(ada, second)).to_be_visible()
        shown(ada, second).get_by_role("textbox").focus()
        ada.keyboard.press("p")
        expect(shown(ada, second)).to_be_visible()
        shown(ada, second).get_by_role("heading").first.focus()
        ada.keyboard.press("p")
        expect(shown(ada, first)).to_be_visible()


# ── The phone ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("side", ["Lesson", "Terminal"])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, live: LiveServer, side: str) -> None:
    with join(browser, live, "Ada", **PHONE) as ada:
        ada.goto(f"/lessons/{LESSON.slug}/")
        ada.get_by_role("button", name=side, exact=True).tap()
        assert ada.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_lesson_one_is_done_on_a_phone(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada", **PHONE) as ada:
        ada.goto(f"/lessons/{LESSON.slug}/")
        for step in LESSON.steps:
            for command in typed(step.solve):
                assert isinstance(command, Line)
                run_by_touch(ada, shown(ada, step), command.text)
            ada.get_by_role("button", name="Lesson", exact=True).tap()
            for goal in step.goals:
                answer_by_touch(shown(ada, step), goal.key, goal)
            expect_passed(ada, step)
            shown(ada, step).locator(".dock__next").tap()
        expect(ada.get_by_role("heading", name="Lesson complete")).to_be_visible()


def run_by_touch(page: Page, step: Locator, command: str) -> None:
    """By its block's button, or typed where the step has no such block."""
    page.get_by_role("button", name="Lesson", exact=True).tap()
    block = step.locator(f"[data-command={json.dumps(command)}]")
    if block.count():
        block.locator(".run").tap()
        expect(page.locator(".terminal__screen")).to_be_in_viewport()
        expect(block).to_have_attribute("data-ran", "done", timeout=PATIENCE)
        return
    page.get_by_role("button", name="Terminal", exact=True).tap()
    page.locator(".xterm-screen").tap()
    page.keyboard.type(command)
    page.keyboard.press("Enter")


def answer_by_touch(step: Locator, key: str, goal: object) -> None:
    form = step.locator(f'form[data-key="{key}"]')
    if isinstance(goal, Quiz):
        for place in goal.right:
            form.locator(f'label:has(input[value="{place}"])').tap()
    elif isinstance(goal, Check) and isinstance(goal.word, Answer):
        form.get_by_role("textbox").tap()
        form.page.keyboard.insert_text(goal.word.accept[0])
    else:
        return
    form.get_by_role("button", name="Answer").tap()


def test_the_row_of_keys_is_what_a_touch_screen_has_not_got(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada", **PHONE) as ada:
        ada.goto(f"/lessons/{LESSON.slug}/")
        ada.get_by_role("button", name="Terminal", exact=True).tap()
        expect_prompt(ada)
        ada.locator(".xterm-screen").tap()
        keys = ada.get_by_role("toolbar", name="Keys")
        ada.keyboard.type("echo one-$((1+1))x")
        keys.get_by_role("button", name="Left").tap()
        ada.keyboard.type("y")
        ada.keyboard.press("Enter")
        expect(screen(ada)).to_contain_text("one-2yx")
        ada.keyboard.type("cat")
        ada.keyboard.press("Enter")
        keys.get_by_role("button", name="Ctrl").tap()
        expect(keys.get_by_role("button", name="Ctrl")).to_have_attribute("aria-pressed", "true")
        ada.keyboard.type("c")
        expect(keys.get_by_role("button", name="Ctrl")).to_have_attribute("aria-pressed", "false")
        keys.get_by_role("button", name="Up").tap()
        keys.get_by_role("button", name="Up").tap()
        ada.keyboard.press("Enter")
        expect(screen(ada)).to_contain_text(re.compile("one-2yx.*one-2yx"))
        ada.keyboard.type("touch a-long-name; ls")
        ada.keyboard.press("Enter")
        ada.keyboard.type("cat a-lo")
        keys.get_by_role("button", name="Tab").tap()
        expect(screen(ada)).to_contain_text("cat a-long-name")
        expect(ada.locator(".xterm-helper-textarea")).to_be_focused()
