"""What a lesson's page costs before anything is done on it."""

import gzip

from playwright.sync_api import Browser, Response, expect

from tests.browser.people import join, open_lesson
from tests.live import LiveServer

MOST_SCRIPT = 500_000  # bytes, compressed
WATCH_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts += value;
}).observe({ type: "layout-shift", buffered: true });
"""
SEEN = 0.01  # of the window, moved by all of it: what is below is a word that changes


def test_a_lessons_scripts_are_small_and_the_editor_comes_when_a_file_is_opened(
    browser: Browser, live: LiveServer
) -> None:
    answers: list[Response] = []
    with join(browser, live, "Ada") as ada:
        ada.on("response", lambda answer: answers.append(answer))
        open_lesson(ada)
        scripts = [answer for answer in answers if answer.request.resource_type == "script"]
        assert any("xterm" in script.url for script in scripts)
        assert not [script.url for script in scripts if "codemirror" in script.url]
        assert sum(len(gzip.compress(script.body())) for script in scripts) < MOST_SCRIPT

        ada.get_by_role("button", name="Files", exact=True).click()
        ada.get_by_role("button", name="New file").click()
        ada.get_by_label("Name of the new file").fill("file")
        ada.keyboard.press("Enter")
        expect(ada.get_by_role("textbox", name="Text of file")).to_be_visible()
        assert [answer.url for answer in answers if "codemirror" in answer.url]


def test_nothing_moves_while_a_lesson_loads(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        ada.add_init_script(WATCH_SHIFTS)
        open_lesson(ada)
        assert ada.evaluate("window.shifts") < SEEN
