"""The terminal in a browser: keys, clipboard, links, size, and finding back, with a real shell behind it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from tests.browser.people import expect_prompt, join, open_lesson, say, screen
from tests.live import LiveServer

INPUT = b"\x00"


@pytest.fixture
def ada(browser: Browser, live: LiveServer) -> Iterator[Page]:
    with join(browser, live, "Ada", permissions=["clipboard-read", "clipboard-write"]) as page:
        open_lesson(page)
        page.locator(".xterm-helper-textarea").focus()
        yield page


class Typed:
    """What a page sends to its terminal as if it had been typed."""

    def __init__(self, page: Page) -> None:
        self.frames: list[bytes] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if "/ws/terminal/" in socket.url:
            socket.on("framesent", self._take)

    def _take(self, payload: bytes | str) -> None:
        if isinstance(payload, bytes) and payload.startswith(INPUT):
            self.frames.append(payload[1:])


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def set_clipboard(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


def select(page: Page, text: str) -> None:
    """Double-click on the word, as one does to select it."""
    page.mouse.dblclick(*middle(page.locator(".xterm-rows span", has_text=text).last))


def middle(locator: Locator) -> tuple[float, float]:
    """Where to point at: over the rows lies xterm.js' own layer, which takes the clicks."""
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


# ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ctrl_p_brings_the_last_command_back_and_does_not_print_the_page(ada: Page) -> None:
    ada.evaluate(
        "addEventListener('keydown', event => setTimeout(() => window.stopped = event.defaultPrevented), true)"
    )
    say(ada, "echo once-$((1+1))")
    expect(screen(ada)).to_contain_text("once-2")
    ada.keyboard.press("Control+p")
    expect(screen(ada)).to_contain_text(re.compile(r"once-2.*\$ echo once-\$\(\(1\+1\)\)"))
    assert ada.evaluate("window.stopped") is True


def test_tab_is_the_shells(ada: Page) -> None:
    say(ada, "touch a-file-with-a-long-name")
    ada.keyboard.type("ls -1 a-fi")
    ada.keyboard.press("Tab")
    expect(screen(ada)).to_contain_text("ls -1 a-file-with-a-long-name")
    expect(ada.locator(".xterm-helper-textarea")).to_be_focused()


def test_the_keyboard_can_leave_the_terminal(ada: Page) -> None:
    ada.keyboard.press("Control+Shift+E")
    expect(ada.locator(".xterm-helper-textarea")).not_to_be_focused()


def test_a_click_on_run_replaces_what_was_typed_by_half(ada: Page) -> None:
    ada.keyboard.type("rm -rf somethi")
    ada.keyboard.press("Home")
    ada.get_by_role("button", name="Run: docker images").click()
    expect(screen(ada)).to_contain_text("REPOSITORY")
    expect(screen(ada)).not_to_contain_text("somethi")


# ── Copy and paste ───────────────────────────────────────────────────────────────────────────────────────────────


def test_ctrl_shift_c_copies_and_ctrl_c_interrupts_whatever_is_selected(ada: Page) -> None:
    say(ada, "echo copy$((1+1))me; sleep 1000")
    expect(screen(ada)).to_contain_text("copy2me")
    select(ada, "copy2me")
    ada.keyboard.press("Control+Shift+C")
    assert clipboard(ada) == "copy2me"
    ada.keyboard.press("Control+c")
    expect(screen(ada)).to_contain_text(re.compile(r"\^C.*\$"))


@pytest.mark.parametrize("keys", ["Control+Shift+V", "Control+v"])
def test_one_line_is_pasted_as_it_is(ada: Page, keys: str) -> None:
    set_clipboard(ada, "echo pasted-$((1+1))")
    ada.keyboard.press(keys)
    ada.keyboard.press("Enter")
    expect(screen(ada)).to_contain_text("pasted-2")


def test_several_lines_are_asked_about_before_a_shell_that_would_run_each(ada: Page) -> None:
    typed = "echo first-$((1+1))\necho second-$((1+1))\n"
    set_clipboard(ada, typed)
    ada.keyboard.press("Control+Shift+V")
    bar = ada.get_by_role("alertdialog", name="Paste 2 lines?")
    bar.get_by_role("button", name="Cancel").click()
    expect(bar).to_be_hidden()
    expect(screen(ada)).not_to_contain_text("first")
    ada.keyboard.press("Control+Shift+V")
    bar.get_by_role("button", name="Paste").click()
    expect(screen(ada)).to_contain_text("second-2")
    expect(ada.locator(".xterm-helper-textarea")).to_be_focused()


def test_several_lines_are_bracketed_for_a_program_that_asks_for_it(ada: Page) -> None:
    say(ada, "printf '\\033[?2004hready-%d\\n' 2; cat -v")
    expect(screen(ada)).to_contain_text("ready-2")
    set_clipboard(ada, "one\ntwo")
    ada.keyboard.press("Control+Shift+V")
    ada.keyboard.press("Enter")
    expect(screen(ada)).to_contain_text("^[[200~one")
    expect(screen(ada)).to_contain_text("two^[[201~")


@pytest.mark.attack("output that speaks to the browser")
def test_a_program_may_set_the_clipboard_but_not_read_it(ada: Page) -> None:
    typed = Typed(ada)
    ada.reload()
    expect_prompt(ada)
    say(ada, "printf '\\033]52;c;aGVsbG8=\\007\\033]52;c;?\\007'; echo done-$((1+1))")
    expect(screen(ada)).to_contain_text("done-2")
    ada.wait_for_function("navigator.clipboard.readText().then(text => text === 'hello')")
    assert b"\x1b]52" not in b"".join(typed.frames)


# ── What comes back ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.attack("output that speaks to the browser")
def test_after_a_reload_the_scrollback_is_there_and_nothing_was_typed_by_the_terminal_itself(ada: Page) -> None:
    for number in range(3):  # the shell asks at each prompt where the cursor is
        say(ada, f"echo line-{number}-$((1+1))")
        expect(screen(ada)).to_contain_text(f"line-{number}-2")
    typed = Typed(ada)
    ada.reload()
    expect_prompt(ada)
    for number in range(3):
        expect(screen(ada)).to_contain_text(f"line-{number}-2")
    assert typed.frames == []


def test_a_terminal_comes_back_by_itself_when_the_server_does(ada: Page, live: LiveServer) -> None:
    say(ada, "kept=$((1+1)); echo is-$kept")
    expect(screen(ada)).to_contain_text("is-2")
    live.kill()
    state = ada.locator(".terminal__state")
    expect(state).to_have_attribute("data-state", "reconnecting")
    live.start()
    expect(state).to_have_attribute("data-state", "open", timeout=20_000)
    say(ada, "echo kept-$kept")
    expect(screen(ada)).to_contain_text("kept-2")


def test_exit_gives_a_fresh_shell_and_says_so(ada: Page) -> None:
    say(ada, "exit 3")
    expect(screen(ada)).to_contain_text("The shell has ended with code 3. Here is a fresh one.")
    say(ada, "echo fresh-$((1+1))")
    expect(screen(ada)).to_contain_text("fresh-2")


def test_a_second_tab_shows_the_same_terminal(ada: Page) -> None:
    other = ada.context.new_page()
    open_lesson(other)
    say(other, "echo shared-$((1+1))")
    expect(screen(ada)).to_contain_text("shared-2")


# ── What it shows ────────────────────────────────────────────────────────────────────────────────────────────────


def test_much_more_output_than_one_window_of_credit_arrives(ada: Page) -> None:
    say(ada, "yes 'a line among very many others' | head -n 50000; echo end-$((1+1))")
    expect(screen(ada)).to_contain_text("end-2", timeout=30_000)


def test_the_shell_follows_the_size_of_the_window(ada: Page) -> None:
    ada.set_viewport_size({"width": 1000, "height": 500})
    say(ada, "stty size > small; cat small")
    expect(screen(ada)).to_contain_text(re.compile(r"cat small\s*\d+ \d+"))
    ada.set_viewport_size({"width": 1600, "height": 1000})
    say(
        ada,
        "stty size > large; cat large; test $(cut -d' ' -f2 large) -gt $(cut -d' ' -f2 small) && echo wider-$((1+1))",
    )
    expect(screen(ada)).to_contain_text("wider-2")


@pytest.mark.attack("output that speaks to the browser")
def test_a_link_opens_in_a_tab_that_knows_nothing_of_this_one(ada: Page, live: LiveServer) -> None:
    say(ada, f"clear; echo {live.url}/lessons/")
    link = ada.locator(".xterm-rows span", has_text=re.compile(r"^http")).first
    ada.mouse.move(*middle(link))
    with ada.context.expect_page() as opened:
        ada.mouse.click(*middle(link))
    opened.value.wait_for_url("**/lessons/")
    assert opened.value.evaluate("window.opener") is None


def test_the_terminal_is_searched(ada: Page) -> None:
    say(ada, "echo needle-$((1+1)); seq 200")
    expect(screen(ada)).to_contain_text("200")
    expect(screen(ada)).not_to_contain_text("needle-2")
    ada.keyboard.press("Control+Shift+F")
    expect(ada.get_by_role("searchbox", name="Search the terminal")).to_be_focused()
    ada.keyboard.type("needle-2")
    ada.keyboard.press("Enter")
    expect(screen(ada)).to_contain_text("needle-2")


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_stands_out_from_the_background(ada: Page, dark: bool) -> None:
    ratios = ada.evaluate(
        """async dark => {
          const { colours, CONTRAST } = await import("/static/terminal/theme.js");
          const light = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16) / 255)
            .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
          const { background, ...rest } = colours(dark);
          return Object.entries(rest)
            .filter(([name]) => !/selection|Accent|^black$/.test(name))
            .map(([name, hex]) => [name, (Math.max(light(hex), light(background)) + 0.05) /
                                         (Math.min(light(hex), light(background)) + 0.05)])
            .filter(([, ratio]) => ratio < CONTRAST);
        }""",
        dark,
    )
    assert ratios == []


def test_the_content_security_policy_has_nothing_to_complain_of(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, "Ada") as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        open_lesson(page)
        say(page, "printf '\\033[38;2;250;120;20mcoloured\\033[0m-%d' 2")
        expect(screen(page)).to_contain_text("coloured-2")
        assert complaints == []


# ── Its further tools ────────────────────────────────────────────────────────────────────────────────────────────


def more(page: Page, tool: str) -> Locator:
    """A tool of the menu, which is opened for it."""
    menu = page.locator("#terminal-more")
    if not menu.is_visible():
        page.get_by_role("button", name="More tools").click()
    return menu.get_by_role("button", name=tool)


def test_the_output_of_the_last_command_is_copied_whole_and_nothing_else(ada: Page) -> None:
    say(ada, "echo before")
    say(ada, "seq 3; printf 'x%.0s' $(seq 300); echo; clear=no")
    expect(screen(ada)).to_contain_text("xxx")
    ada.keyboard.press("Enter")
    more(ada, "Copy the last output").click()
    expect(ada.get_by_text("The last command's output is copied.")).to_be_visible()
    assert clipboard(ada) == "1\n2\n3\n" + "x" * 300


def test_a_command_block_shows_that_its_command_has_run(ada: Page) -> None:
    block = ada.locator(".command").filter(has=ada.get_by_role("button", name="Run: docker images"))
    block.get_by_role("button", name="Run: docker images").click()
    expect(block).to_have_attribute("data-ran", "done")
    expect(block.locator(".run")).to_have_accessible_description("It has run.")


def test_a_bell_is_seen(ada: Page) -> None:
    ada.evaluate(
        "addEventListener('animationstart', ({ animationName }) => (window.rang ||= animationName === 'ring'))"
    )
    say(ada, "printf '\\a'")
    ada.wait_for_function("() => window.rang")


def test_the_terminal_fills_the_screen_and_goes_back(ada: Page) -> None:
    lesson = ada.get_by_role("article")
    more(ada, "Full screen").click()
    expect(lesson).to_be_hidden()
    say(ada, "echo full-$((1+1))")
    expect(screen(ada)).to_contain_text("full-2")
    more(ada, "Full screen").click()
    expect(lesson).to_be_visible()


def test_what_a_screen_reader_needs_is_turned_on_once(ada: Page) -> None:
    more(ada, "For screen readers").click()
    ada.reload()
    expect_prompt(ada)
    say(ada, "echo read-$((1+1))")
    expect(ada.locator(".xterm-accessibility-tree")).to_contain_text("read-2")
    more(ada, "For screen readers").click()
