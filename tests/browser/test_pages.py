"""The pages in a browser: keys, pointers, narrow windows, themes, and what is left without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.browser.people import LESSON, join
from tests.live import LiveServer

PAGES = ["/", "/lessons/", LESSON, "/me/", "/me/delete/"]
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        page.goto(LESSON)
        yield page


@pytest.fixture
def adas_phone(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Augusta Ada King, Countess of Lovelace", viewport=NARROW, has_touch=True) as page:
        page.goto(LESSON)
        yield page


def width(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["width"]


def divider(page: Page) -> Locator:
    return page.get_by_role("separator", name="Width of the lesson")


def current(page: Page) -> Locator:
    return page.locator(".step[data-current] h2:visible")


# ── The divider ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_divider_is_dragged_and_stays_where_it_was_put(ada: Page) -> None:
    lesson = ada.get_by_role("article")
    box = divider(ada).bounding_box()
    assert box is not None
    ada.mouse.move(box["x"], box["y"] + 100)
    ada.mouse.down()
    ada.mouse.move(800, box["y"] + 100, steps=5)
    ada.mouse.up()
    assert width(lesson) == pytest.approx(800, abs=5)

    ada.reload()

    assert width(lesson) == pytest.approx(800, abs=5)


def test_the_divider_moves_with_the_arrow_keys_and_not_without_end(ada: Page) -> None:
    lesson = ada.get_by_role("article")
    before = width(lesson)
    divider(ada).focus()
    ada.keyboard.press("ArrowRight")
    assert width(lesson) > before
    ada.keyboard.press("ArrowLeft")
    ada.keyboard.press("ArrowLeft")
    assert width(lesson) < before
    ada.keyboard.press("End")
    expect(divider(ada)).to_have_attribute("aria-valuenow", "75")
    ada.keyboard.press("Home")
    expect(divider(ada)).to_have_attribute("aria-valuenow", "25")


# ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_step_is_shown_at_a_time_and_the_address_follows(ada: Page, live: LiveServer) -> None:
    expect(ada.locator(".step:visible")).to_have_count(1)
    first = current(ada).inner_text()
    ada.get_by_role("link", name="Next step").click()
    expect(current(ada)).not_to_have_text(first)
    expect(current(ada)).to_be_focused()
    second = current(ada).inner_text()

    ada.reload()
    expect(current(ada)).to_have_text(second)
    ada.get_by_role("link", name="Previous step").click()
    expect(current(ada)).to_have_text(first)
    ada.go_back()
    expect(current(ada)).to_have_text(second)


def test_the_outline_leads_to_every_step(ada: Page) -> None:
    steps = ada.get_by_role("navigation", name="Steps").get_by_role("link")
    for place in range(steps.count()):
        steps.nth(place).click()
        expect(steps.nth(place)).to_have_attribute("aria-current", "step")
        expect(ada.locator(".step[data-current] .step__count")).to_have_text(f"Step {place + 1} of {steps.count()}")


def test_nothing_moves_while_a_step_ticks(ada: Page) -> None:
    watched = ada.locator(".step[data-current] h2, .step[data-current] .dock, .steps__link, .terminal__screen")
    before = [box.bounding_box() for box in watched.all()]
    ada.locator(".step[data-current] .run").first.click()
    expect(ada.locator(".step[data-current] .goals__goal").first).to_have_attribute("data-passed", "now")
    expect(ada.locator(".step[data-current]")).to_have_attribute("data-passed", "now")
    assert [box.bounding_box() for box in watched.all()] == before
    expect(ada.locator("[data-announce]")).to_contain_text("Step passed")


def test_a_wrong_answer_is_explained_and_the_right_one_ticks(ada: Page) -> None:
    ada.goto(f"{LESSON}who-did-what/")
    quiz = ada.locator(".step[data-current] form.quiz")
    quiz.get_by_role("button", name="Answer").click()
    expect(quiz.locator(".says")).to_have_text("Choose an answer first.")
    quiz.get_by_role("radio").last.check()
    quiz.get_by_role("button", name="Answer").click()
    expect(quiz.locator(".says")).to_contain_text("fetched it first")
    expect(ada.locator(".step[data-current]")).not_to_have_attribute("data-passed", "now")
    quiz.get_by_role("radio").first.check()
    quiz.get_by_role("button", name="Answer").click()
    expect(ada.locator(".step[data-current]")).to_have_attribute("data-passed", "now")


def test_a_command_can_be_copied(ada: Page) -> None:
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ada.get_by_role("button", name="Copy: docker images").first.click()
    assert ada.evaluate("navigator.clipboard.readText()") == "docker images"


# ── By keyboard alone ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_stop_of_the_keyboard_skips_to_the_content(ada: Page) -> None:
    ada.goto("/lessons/")
    ada.keyboard.press("Tab")
    skip = ada.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    ada.keyboard.press("Enter")
    expect(ada.locator("main")).to_be_focused()


def test_a_step_is_done_by_keyboard_alone(ada: Page) -> None:
    ada.locator(".step[data-current] .run").first.focus()
    ada.keyboard.press("Enter")
    expect(ada.locator(".xterm-helper-textarea")).to_be_focused()
    expect(ada.locator(".step[data-current]")).to_have_attribute("data-passed", "now")
    ada.keyboard.press("Tab")
    expect(ada.locator(".xterm-helper-textarea")).to_be_focused()

    keys = ada.locator(".terminal__out kbd").all_inner_texts()  # the way out that is written there
    ada.keyboard.press("+".join(keys).replace("Ctrl", "Control"))

    expect(current(ada)).to_be_focused()
    done = current(ada).inner_text()
    following = ada.get_by_role("link", name="Next step")
    for _ in range(ada.locator(".step[data-current] :is(button, a, summary, input)").count()):
        ada.keyboard.press("Tab")
        if following.evaluate("link => link === document.activeElement"):
            break
    ada.keyboard.press("Enter")
    expect(current(ada)).not_to_have_text(done)


def test_a_fresh_seat_is_asked_for_twice_and_escape_keeps_the_old_one(ada: Page) -> None:
    reset = ada.get_by_role("button", name="Reset my seat").first
    reset.focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("dialog")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(ada.get_by_role("dialog")).to_be_hidden()
    expect(reset).to_be_focused()


# ── Narrow windows ───────────────────────────────────────────────────────────────────────────────────────────────


def test_on_a_phone_lesson_and_terminal_take_turns(adas_phone: Page) -> None:
    lesson = adas_phone.locator(".step[data-current] h2")  # its head, with the steps, stays in sight
    terminal = adas_phone.get_by_role("region", name="Terminal")
    expect(lesson).to_be_visible()
    expect(terminal).to_be_hidden()
    adas_phone.get_by_role("button", name="Terminal", exact=True).tap()
    expect(lesson).to_be_hidden()
    expect(terminal).to_be_visible()
    adas_phone.get_by_role("button", name="Lesson", exact=True).tap()
    expect(lesson).to_be_visible()


def test_on_a_phone_a_command_is_run_where_it_can_be_seen_and_a_tick_calls_back(adas_phone: Page) -> None:
    adas_phone.locator(".step[data-current] .run").first.tap()
    expect(adas_phone.get_by_role("region", name="Terminal")).to_be_visible()
    expect(adas_phone.locator("[data-show=lesson]")).to_have_attribute("data-news", "")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(adas_phone: Page, path: str) -> None:
    adas_phone.goto(path)
    assert adas_phone.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


# ── Theme ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_theme_follows_the_system_until_one_is_chosen_and_then_stays(browser: Browser, live: LiveServer) -> None:
    def background(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    with join(browser, live, "Ada", color_scheme="dark") as ada:
        dark = background(ada)
        ada.get_by_role("button", name="Dark theme").click()
        light = background(ada)
        assert light != dark
        ada.reload()
        assert background(ada) == light
        expect(ada.locator("html")).to_have_attribute("data-theme", "light")


# ── What every page keeps to ─────────────────────────────────────────────────────────────────────────────────────


def test_no_page_complains_or_asks_another_site_for_anything(ada: Page, live: LiveServer) -> None:
    complaints: list[str] = []
    strangers: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((live.url, "data:", live.url.replace("http", "ws", 1))):
            strangers.append(request.url)

    ada.on("console", heard)
    ada.on("pageerror", lambda error: complaints.append(str(error)))
    ada.on("request", asked)
    for path in PAGES:
        ada.goto(path, wait_until="networkidle")
    assert (complaints, strangers) == ([], [])


def test_without_scripts_the_whole_lesson_can_be_read(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada", java_script_enabled=False) as ada:
        ada.goto(LESSON)
        headings = ada.locator("[data-stop]").count()
        assert ada.locator(".step:visible .step__count").count() == headings > 1
