"""The main job, line by line, as learners live it: a real server, a real engine, a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import expect_prompt, expect_ticks, join, open_lesson, run_block, say, screen
from tests.live import LiveServer


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        yield page


@pytest.fixture
def ben(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ben") as page:
        yield page


def test_a_learner_gives_a_name_opens_a_lesson_and_has_a_prompt(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        ada.get_by_role("link", name="Hello, world, step by step").first.click()

        expect_prompt(ada)
        say(ada, "echo it is $((40 + 2))")
        expect(screen(ada)).to_contain_text("it is 42")


def test_a_click_on_a_command_runs_it_and_the_step_ticks_itself(ada: Page) -> None:
    open_lesson(ada)
    expect_ticks(ada)

    run_block(ada, "docker images")

    expect(screen(ada)).to_contain_text("REPOSITORY")
    expect_ticks(ada, "empty-shelf")


def test_typing_ticks_a_step_as_well_and_the_first_run_says_what_happens(ada: Page) -> None:
    open_lesson(ada)
    say(ada, "docker images")
    expect_ticks(ada, "empty-shelf")

    say(ada, "docker run hello-world")

    expect(screen(ada)).to_contain_text("Unable to find image 'hello-world:latest' locally")
    expect(screen(ada)).to_contain_text("Hello from Docker!")
    expect_ticks(ada, "empty-shelf", "first-run")


def test_after_a_reload_ticks_terminal_and_scrollback_are_there(ada: Page) -> None:
    open_lesson(ada)
    say(ada, "docker images; mark=kept; echo scroll-$mark")
    expect(screen(ada)).to_contain_text("scroll-kept")
    expect_ticks(ada, "empty-shelf")

    ada.reload()

    expect_ticks(ada, "empty-shelf")
    expect(screen(ada)).to_contain_text("scroll-kept")
    say(ada, "echo the same shell: $mark")
    expect(screen(ada)).to_contain_text("the same shell: kept")


def test_a_killed_server_comes_back_with_the_same_seat_and_containers(ada: Page, live: LiveServer) -> None:
    open_lesson(ada)
    say(ada, "docker images; docker run -d --name web busybox sleep 600; mark=kept")
    expect_ticks(ada, "empty-shelf")
    say(ada, "docker ps --format '{{.Names}} runs'")
    expect(screen(ada)).to_contain_text("web runs")

    live.kill()
    expect(ada.locator(".terminal__state")).to_have_attribute("data-state", "reconnecting")
    live.start()

    expect_prompt(ada)
    expect_ticks(ada, "empty-shelf")
    say(ada, "clear; echo the same shell: $mark")
    expect(screen(ada)).to_contain_text("the same shell: kept")
    say(ada, "docker ps --format '{{.Names}} still runs'")
    expect(screen(ada)).to_contain_text("web still runs")
    say(ada, "docker run hello-world")
    expect(screen(ada)).to_contain_text("Hello from Docker!")
    expect_ticks(ada, "empty-shelf", "first-run")


def test_the_next_day_progress_is_there_and_the_seat_is_a_new_one(ada: Page, live: LiveServer) -> None:
    open_lesson(ada)
    say(ada, "docker images; mark=yesterday")
    expect_ticks(ada, "empty-shelf")

    ada.goto("about:blank")
    a_night_passes(live)
    open_lesson(ada)

    expect_ticks(ada, "empty-shelf")
    say(ada, "echo was there a $mark or not")
    expect(screen(ada)).to_contain_text("was there a or not")


def test_a_second_learner_sees_nothing_of_the_first_and_can_name_one_web_too(ada: Page, ben: Page) -> None:
    open_lesson(ada)
    open_lesson(ben)
    say(ada, "docker run -d --name web busybox sleep 600 && echo made-$((1))")
    expect(screen(ada)).to_contain_text("made-1")

    say(ben, "docker ps -aq | wc -l | sed s/^/containers:/")
    expect(screen(ben)).to_contain_text("containers:0")
    say(ben, "docker inspect web")
    expect(screen(ben)).to_contain_text("No such object: web")
    say(ben, "docker run -d --name web busybox sleep 600 && echo made-$((1))")
    expect(screen(ben)).to_contain_text("made-1")


def test_mounting_the_hosts_files_is_refused_with_a_sentence_that_says_why(ada: Page) -> None:
    open_lesson(ada)

    say(ada, "docker run -v /:/host busybox")

    expect(screen(ada)).to_contain_text("may not mount the host's files, because the host belongs to everyone")


def a_night_passes(live: LiveServer) -> None:
    """Move what the database says about time back by a day, and wait until the desk has ended the seats."""
    columns = ("created_at", "lent_at", "seen_at", "ends_at")
    moved = ", ".join(f"{column} = datetime({column}, '-1 day')" for column in columns)
    live.edit(f"UPDATE seats_seat SET {moved} WHERE state = 'lent'")
    live.wait_for(lambda: live.count("seats_seat", "state IN ('lent', 'ending')") == 0)
