"""How somebody takes the course in a browser: types solves into the page's terminals, and answers its questions."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, WebSocket, expect

from playground.authoring.typist import ANY_PROMPT, OWN_PROMPT
from playground.checks.kinds import Check
from playground.checks.words.inside import Answer
from playground.curriculum.model import Quiz, Step
from playground.curriculum.typed import KEYS, Keys, Line, See, Terminal, typed
from playground.terminal.frames import Output

PATIENCE = 60_000  # milliseconds; a stop alone may take ten seconds
_ADDRESS = re.compile(r"/ws/terminals?/(?:(\d)/)?$")
_NAMED = {"enter": "Enter", "tab": "Tab", "escape": "Escape", "space": "Space", "up": "ArrowUp", "down": "ArrowDown"}
_NAMES = {data: f"Control+{name[-1]}" for name, data in KEYS.items()} | {
    KEYS[name]: key for name, key in _NAMED.items()
}


class Screen:
    """What one of the page's terminals is sent, since something was typed last."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self.since = b""
        self.ready = self.begun = False
        socket.on("framereceived", self._take)

    def _take(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and frame[0] == Output.opcode:
            self.since += frame[1:]

    def until(self, holds: Callable[[], bool]) -> None:
        if not holds():
            self._socket.wait_for_event("framereceived", lambda frame: holds(), timeout=PATIENCE)
        self.ready = True

    def prompt(self) -> None:
        """Of the seat's own shell."""
        self.until(lambda: bool(OWN_PROMPT.search(self.since)))

    def any_prompt(self) -> None:
        self.until(lambda: bool(ANY_PROMPT.search(self.since) or OWN_PROMPT.search(self.since)))

    def shows(self, text: str = "") -> None:
        """Or anything at all, after the echo of what was typed: a key that comes before the program does ends it
        before it has asked the engine for anything."""
        self.until(lambda: text.encode() in self._answer() and bool(self._answer()))

    def _answer(self) -> bytes:
        return self.since.partition(b"\n")[2]


class Hands:
    """On a page's terminals. Made before the page is opened: it listens to what comes."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._screens: dict[int, Screen] = {}
        page.on("websocket", self._open)

    def _open(self, socket: WebSocket) -> None:
        if found := _ADDRESS.search(socket.url):
            self._screens[int(found[1] or 1)] = Screen(socket)

    def play(self, script: str) -> None:
        """As `lessons test` does it, on the page: back at the seat's prompt everywhere."""
        number, used = self._turn_to(1), {1}
        for item in typed(script):
            screen = self._screens[number]
            match item:
                case Line(text):
                    if not screen.ready:
                        screen.any_prompt()
                    self._type(screen, text)
                case Keys(data):
                    if not screen.ready:
                        screen.shows()
                    self._press(screen, data)
                case See(text):
                    screen.shows(text)
                case Terminal(asked):
                    number = self._turn_to(asked)
                    used.add(number)
        for number in used:
            self._screens[number].prompt()

    def _turn_to(self, number: int) -> int:
        expect(self._page.locator(".terminal__state")).to_have_attribute("data-state", "open", timeout=PATIENCE)
        tab = self._page.get_by_role("tab", name=f"Terminal {number}")
        if number > max(self._screens):
            self._page.get_by_role("button", name="New terminal").click()
            expect(tab).to_be_visible()
        elif tab.is_visible():  # with one terminal there are no tabs
            tab.click()
        self._page.locator(".terminal__screen:not([data-behind]) .xterm-helper-textarea").focus()
        if not self._screens[number].begun:
            self._screens[number].prompt()
            self._screens[number].begun = True
        return number

    def _type(self, screen: Screen, text: str) -> None:
        screen.since, screen.ready = b"", False
        self._page.keyboard.type(text)
        self._page.keyboard.press("Enter")

    def _press(self, screen: Screen, data: bytes) -> None:
        screen.since, screen.ready = b"", False
        for name in _names(data):
            self._page.keyboard.press(name)


def _names(data: bytes) -> list[str]:
    """What a browser calls these keys; the longer codes begin with a shorter one."""
    names = []
    while data:
        code = max((code for code in _NAMES if data.startswith(code)), key=len)
        names.append(_NAMES[code])
        data = data[len(code) :]
    return names


def answer(page: Page, step: Step) -> None:
    """All questions of the step that is shown."""
    shown = page.locator(f".step[data-step={step.id}]")
    for goal in step.goals:
        form = shown.locator(f'form[data-key="{goal.key}"]')
        if isinstance(goal, Quiz):
            for place in goal.right:
                form.locator(f'input[value="{place}"]').check()
        elif isinstance(goal, Check) and isinstance(goal.word, Answer):
            form.get_by_role("textbox").fill(goal.word.accept[0])
        else:
            continue
        form.get_by_role("button", name="Answer").click()
