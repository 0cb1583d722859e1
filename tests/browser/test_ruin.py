"""A seat is there to be broken."""

from playwright.sync_api import Browser, expect

from tests.browser.people import expect_prompt, expect_ticks, join, open_lesson, run_block, say, screen
from tests.live import LiveServer

STEP = "/lessons/hello-world/empty-shelf/"


def test_a_learner_who_deletes_everything_gets_a_fresh_seat_and_goes_on(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        open_lesson(ada, STEP)
        say(ada, "rm -rf / 2>/dev/null; echo gone $((40 + 2))")
        expect(screen(ada)).to_contain_text("gone 42")
        say(ada, "docker images")
        expect(screen(ada)).to_contain_text("not found")
        expect_ticks(ada)

        ada.get_by_role("button", name="Reset my seat").first.click()
        ada.get_by_role("dialog").get_by_role("button", name="Reset my seat").click()

        expect(screen(ada)).not_to_contain_text("gone")
        expect_prompt(ada)
        run_block(ada, "docker images")
        expect_ticks(ada, "empty-shelf")
