"""Wrong turns on a real engine: the step does not tick, and what is said keeps up with what was typed."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import expect_ticks, join, new_terminal, open_lesson, say, type_here
from tests.live import LiveServer

STEP = "/lessons/{}/{}/"


def help_for(page: Page, goal: str) -> Locator:
    return page.locator(".step[data-current] [data-goal]", has_text=goal).locator(".goals__says")


def test_help_follows_each_wrong_turn_and_ends_with_the_right_one(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        open_lesson(ada, STEP.format("hello-world", "first-run"))
        told = help_for(ada, "Run hello-world")

        say(ada, "docker run helloworld")
        expect(told).to_contain_text("with a hyphen")
        say(ada, "docker pull hello-world")
        expect(told).to_contain_text("only fetches")
        say(ada, "docker run hello-world ls")
        expect(told).to_contain_text("could not start")
        expect_ticks(ada)

        say(ada, "docker run hello-world")
        expect_ticks(ada, "first-run")
        expect(told).to_be_empty()


def test_help_tells_apart_what_looks_alike(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        open_lesson(ada, STEP.format("a-containers-life", "create"))
        told = help_for(ada, "Make a container")

        say(ada, "docker run --name greeter busybox echo good morning")
        expect(told).to_contain_text("started it right away")
        say(ada, "docker create busybox echo good morning")
        expect(told).to_contain_text("under another name")
        say(ada, "docker rm greeter")
        say(ada, "docker create --name greeter busybox echo good morning")
        expect(told).to_be_empty()
        say(ada, "docker ps --all")
        expect_ticks(ada, "create")


def test_a_stop_of_what_was_killed_is_not_a_stop_that_was_ignored(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        open_lesson(ada, STEP.format("a-containers-life", "stop"))
        told = help_for(ada, "Stop the counter")

        say(ada, "docker run --detach --name counter busybox sleep 1000")
        say(ada, "docker kill counter")
        expect(told).to_contain_text("does not ask first")
        say(ada, "docker stop counter")
        expect(told).to_contain_text("had been stopped before")
        expect_ticks(ada)


def test_a_container_that_holds_the_terminal_is_no_end_with_a_second_one(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as ada:
        open_lesson(ada, STEP.format("images-and-containers", "two-at-once"))
        say(ada, "docker run --name one busybox sleep 1000")
        expect(help_for(ada, "Have two")).to_contain_text("open a second terminal")

        new_terminal(ada)
        type_here(ada, "docker run --detach --name two busybox sleep 1000")
        type_here(ada, "docker ps")
        expect_ticks(ada, "two-at-once")
