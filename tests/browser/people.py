"""What people do in a browser, in the words of the story."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, expect

from tests.live import LiveServer

LESSON = "/lessons/hello-world/"
PROMPT = "$ "
PASSWORD = "three whales at noon"


@contextmanager
def join(browser: Browser, live: LiveServer, name: str, **context_options: object) -> Iterator[Page]:
    """A browser of one's own, past the front page, with a list of what it asked for and complained of."""
    context = browser.new_context(base_url=live.url, **context_options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    page.get_by_label("display name").fill(name)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/lessons/")
    yield page
    context.close()


@contextmanager
def teach(browser: Browser, live: LiveServer, name: str, **context_options: object) -> Iterator[Page]:
    """A teacher's browser, signed in, at the list of classrooms."""
    live.manage("createteacher", name.lower(), "--name", name, typed=f"{PASSWORD}\n")
    context = browser.new_context(base_url=live.url, **context_options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/classrooms/")
    page.get_by_label("Username").fill(name.lower())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Classrooms")).to_be_visible()
    yield page
    context.close()


def screen(page: Page) -> Locator:
    """The rows that the terminal shows."""
    return page.locator(".xterm-rows")


def open_lesson(page: Page, path: str = LESSON) -> None:
    page.goto(path)
    expect_prompt(page)


def expect_connected(page: Page) -> None:
    """All that can be seen of a terminal while a phone shows the lesson."""
    expect(page.locator(".terminal__state")).to_have_attribute("data-state", "open")


def expect_prompt(page: Page) -> None:
    expect_connected(page)
    expect(screen(page)).to_contain_text(PROMPT.strip())


def say(page: Page, command: str) -> None:
    """Type into the terminal, as on any other one."""
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.type(command)
    page.keyboard.press("Enter")


def shown(page: Page) -> Locator:
    """The rows of the terminal in front."""
    return page.locator(".terminal__screen:not([data-behind]) .xterm-rows")


def type_here(page: Page, command: str) -> None:
    page.locator(".terminal__screen:not([data-behind]) .xterm-helper-textarea").focus()
    page.keyboard.type(command)
    page.keyboard.press("Enter")


def new_terminal(page: Page) -> None:
    page.get_by_role("button", name="New terminal").click()
    expect(shown(page)).to_contain_text("$")


def run_block(page: Page, command: str) -> None:
    """Click the Run button of a command block of the step that is shown."""
    page.get_by_role("button", name=f"Run: {command}", exact=True).locator("visible=true").first.click()


def expect_ticks(page: Page, *steps: str) -> None:
    """These steps are ticked in the outline, and no others."""
    for step in steps:
        expect(page.locator(f"[data-stop={step}]")).to_have_attribute("data-passed", "")
    expect(page.locator("[data-stop][data-passed]")).to_have_count(len(steps))
