"""The file pane: a file is written in the page and used in the terminal, and the other way round."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.people import join, open_lesson, say, screen
from tests.live import LiveServer


@pytest.fixture(scope="module")
def window(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada") as page:
        yield page


@pytest.fixture
def ada(window: Page) -> Page:
    """At an empty home, with the pane open."""
    window.goto("/lessons/")  # where no pane remembers anew what is forgotten here
    window.evaluate("sessionStorage.clear()")
    open_lesson(window)
    say(window, "cd; rm -rf ./*; clear; echo swept")
    expect(screen(window)).to_contain_text(re.compile(r"^\s*swept"))
    window.get_by_role("button", name="Files", exact=True).click()
    expect(entry(window, ".docker")).to_be_visible()
    return window


def entry(page: Page, name: str) -> Locator:
    return page.locator("[data-files-folder]").get_by_role("button", name=re.compile(f"^{re.escape(name)}\\b"))


def text(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"Text of {name}")


def make(page: Page, name: str, content: str) -> None:
    page.get_by_role("button", name="New file").click()
    page.get_by_label("Name of the new file").fill(name)
    page.keyboard.press("Enter")
    expect(text(page, name)).to_be_focused()
    page.keyboard.insert_text(content)


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-file-says]")).to_contain_text("Saved")


def test_a_dockerfile_is_written_in_the_page_and_built_in_the_terminal(ada: Page) -> None:
    make(ada, "Dockerfile", "# mine\nFROM busybox\nCMD echo made-$((1+1))\n")
    expect(ada.locator(".files__dirty")).to_be_visible()
    colours = ada.locator(".cm-line span").evaluate_all("spans => spans.map(span => getComputedStyle(span).color)")
    assert len(set(colours)) > 1
    save(ada)
    expect(ada.locator(".files__dirty")).to_be_hidden()
    say(ada, "docker build -q -t mine . && docker run --rm mine")
    expect(screen(ada)).to_contain_text("made-2", timeout=20_000)


def test_the_list_and_the_open_file_follow_what_commands_do(ada: Page) -> None:
    make(ada, "notes.txt", "one")
    save(ada)
    say(ada, "mkdir site; echo two >>notes.txt")
    expect(entry(ada, "site")).to_be_visible()
    expect(text(ada, "notes.txt")).to_contain_text("onetwo")
    entry(ada, "site").click()
    expect(ada.get_by_text("Nothing is here yet.")).to_be_visible()
    ada.get_by_role("button", name="Delete this folder").click()
    ada.get_by_role("dialog", name="Delete this?").get_by_role("button", name="Delete").click()
    expect(entry(ada, "notes.txt")).to_be_visible()
    expect(entry(ada, "site")).to_have_count(0)


def test_an_unsaved_text_outlives_a_reload_and_asks_before_it_overwrites_anothers(ada: Page) -> None:
    make(ada, "compose.yaml", "services:\n")
    save(ada)
    ada.keyboard.insert_text("  web: {}\n")
    ada.reload()
    expect(text(ada, "compose.yaml")).to_contain_text("web: {}")
    expect(ada.locator("[data-file-says]")).to_contain_text("unsaved text from before")
    say(ada, "echo theirs >compose.yaml; echo written")
    expect(screen(ada)).to_contain_text("written")
    ada.get_by_role("button", name="Save", exact=True).click()
    question = ada.get_by_role("dialog", name="The file has changed")
    question.get_by_role("button", name="Go on editing").click()
    ada.keyboard.press("Control+s")
    question.get_by_role("button", name="Overwrite it with mine").click()
    expect(ada.locator("[data-file-says]")).to_contain_text("Saved")
    say(ada, "clear; cat compose.yaml")
    expect(screen(ada)).to_contain_text("web: {}")


def test_a_lost_connection_costs_no_text(ada: Page) -> None:
    make(ada, "script.sh", "echo kept\n")
    ada.route("**/seat/file/**", lambda route: route.abort())
    ada.keyboard.press("Control+s")
    expect(ada.locator("[data-file-says]")).to_contain_text("Your text is kept in this tab.")
    ada.unroute("**/seat/file/**")
    save(ada)
    say(ada, "sh script.sh")
    expect(screen(ada)).to_contain_text("kept")


def test_every_byte_of_a_text_stays_that_was_not_changed(ada: Page) -> None:
    say(
        ada,
        "printf '\\357\\273\\277a\\r\\nb\\r\\nc' >dos; printf 'a\\rb\\nc\\r\\n' >mixed; md5sum dos mixed >sums",
    )
    for name in ("dos", "mixed"):
        entry(ada, name).click()
        expect(text(ada, name)).to_be_focused()
        ada.keyboard.press("Control+Home")
        ada.keyboard.type("x")
        save(ada)
        ada.keyboard.press("Backspace")
        save(ada)
    say(ada, "clear; md5sum -c sums")
    expect(screen(ada)).to_contain_text("dos: OK")
    expect(screen(ada)).to_contain_text("mixed: OK")


def test_what_is_no_text_goes_up_and_down_as_it_is(ada: Page, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40
    (tmp_path / "picture.bin").write_bytes(data)
    chooser = ada.locator("[data-files-folder] input[type=file]")
    chooser.set_input_files(tmp_path / "picture.bin")
    entry(ada, "picture.bin").click()
    expect(ada.get_by_text("This file is not text")).to_be_visible()
    with ada.expect_download() as download:
        ada.locator("[data-file-says]").get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "picture.bin"
    assert download.value.path().read_bytes() == data
    chooser.set_input_files(tmp_path / "picture.bin")
    ada.get_by_role("dialog", name="Replace the file?").get_by_role("button", name="Keep it").click()
    (tmp_path / "large").write_bytes(bytes(4 * 1024 * 1024 + 1))
    chooser.set_input_files(tmp_path / "large")
    expect(ada.get_by_text("large is larger than 4 MiB.")).to_be_visible()


def test_the_content_security_policy_has_nothing_to_complain_of(ada: Page) -> None:
    complaints: list[str] = []
    ada.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    make(ada, "Dockerfile", "FROM busybox\n")
    save(ada)
    assert ada.locator(".cm-gutters").evaluate("gutters => getComputedStyle(gutters).display") == "flex"
    assert complaints == []


@pytest.mark.attack("a seat that answers its page slowly")
def test_a_seat_that_answers_slowly_holds_no_page_up(ada: Page, browser: Browser, live: LiveServer) -> None:
    say(ada, r"cp /bin/busybox /tmp; printf '#!/tmp/busybox sh\nsleep 60\n' >/tmp/slow; chmod +x /tmp/slow")
    say(ada, "mv /bin/sh /bin/kept; ln -s /tmp/slow /bin/sh; echo slo''w")
    expect(screen(ada)).to_contain_text(re.compile(r"\bslow\s"))
    ada.evaluate("""() => {
        window.answered = 0;
        window.first = Promise.race(Array.from({ length: 8 }, async (_, asked) => {
            const { status } = await fetch(`/seat/folder/?path=&asked=${asked}`);
            window.answered += 1;
            return status;
        }));
    }""")
    with join(browser, live, "Ben") as ben:
        assert ben.request.get("/lessons/").ok
        assert ada.evaluate("window.answered") == 0
    assert ada.evaluate("() => window.first") == 504  # it was as slow as it was meant to be
    say(ada, "rm /bin/sh; mv /bin/kept /bin/sh; echo mend''ed")
    expect(screen(ada)).to_contain_text("mended")
