"""Types a lesson's blocks into the real terminals of a seat, as a learner does, and waits as a learner does: for the
prompt, for what a program prints, for a text."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Protocol, Self

from playground.curriculum.typed import Keys, Line, See, Terminal, typed
from playground.seats.alone import Alone
from playground.terminal.frames import Resize
from playground.terminal.line import Line as Attached

LINE_SECONDS = 60.0  # until there is a prompt again
KEYS_SECONDS = 4.0  # for a program that prints nothing
SETTLE_SECONDS = 0.4
REDRAW_SECONDS = 5.0  # a shell that is only just starting may not notice that it should draw its prompt anew
WIDE = Resize(500, 50)  # a shell that breaks lines would draw the line anew in the middle
SHOWN_LINES = 30
KEPT = 64 * 1024  # bytes of what a terminal shows

_AFTER = rb"(?:\x1b\[(?:6n|J))*\Z"  # a shell asks where its cursor is, or clears what is behind it
OWN_PROMPT = re.compile(rb"\x1b\[1;36m[^\x1b\r\n]*\x1b\[0m \$ " + _AFTER)  # as the seat's shrc sets it
ANY_PROMPT = re.compile(rb"\n[^\n]*(?:[$#>] |\[y/N\] )" + _AFTER)  # of a shell in a container, or a question
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|.)|[\r\x00]")


class Stuck(Exception):
    """What was waited for did not come; `shown` is what the terminal shows."""

    def __init__(self, message: str, shown: str) -> None:
        super().__init__(message)
        self.shown = shown


class Wire(Protocol):
    """A terminal's bytes, both ways."""

    async def read(self) -> bytes:
        """What it shows next; b"" when it has ended."""

    async def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Screen:
    """One of the seat's terminals."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._since = bytearray()  # shown since something was typed last
        self._all = bytearray()
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        self.ready = True  # to take another line: it has been seen that something waits for it

    async def _read(self) -> None:
        try:
            while data := await self._wire.read():
                for buffer in (self._since, self._all):
                    buffer += data
                    del buffer[:-KEPT]
                self._news.set()
        finally:
            self._news.set()  # whoever waits for more sees that there is none

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.wait([self._reading])
        self._wire.close()

    def forget(self) -> None:
        """What was shown until now is of no interest any more, but for the prompt."""
        del self._all[: self._all.rfind(b"\n") + 1]

    async def send(self, data: bytes) -> None:
        self._since.clear()
        self.ready = False
        await self._wire.write(data)

    async def line(self, text: str) -> None:
        if not self.ready:
            await self._until(
                lambda: bool(ANY_PROMPT.search(self._since) or OWN_PROMPT.search(self._since)), "there is no prompt"
            )
        await self.send(text.encode() + b"\r")

    async def keys(self, data: bytes) -> None:
        """Once the program has printed something, or has had time to begin."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(KEYS_SECONDS):
                while not self.ready and not self._answer():
                    await self._more()
                await asyncio.sleep(SETTLE_SECONDS)
        await self.send(data)

    async def see(self, text: str) -> None:
        wanted = text.encode()
        await self._until(lambda: wanted in self._answer(), f"`{text}` is not shown")
        self.ready = True

    async def prompt(self) -> None:
        """Of the seat's own shell."""
        await self._until(lambda: bool(OWN_PROMPT.search(self._since)), "the seat's prompt does not come back")
        self.ready = True

    async def prompts(self, seconds: float) -> bool:
        """Whether it shows the seat's prompt by then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not OWN_PROMPT.search(self._since):
                    await self._more()
        return bool(OWN_PROMPT.search(self._since))

    def _answer(self) -> bytes:
        """What came after the echo of what was typed."""
        return bytes(self._since.partition(b"\n")[2])

    async def _until(self, holds: Callable[[], bool], message: str) -> None:
        try:
            async with asyncio.timeout(LINE_SECONDS):
                while not holds():
                    await self._more()
        except TimeoutError:
            raise Stuck(f"{message} after {LINE_SECONDS:.0f} seconds", self.shown()) from None

    async def _more(self) -> None:
        self._news.clear()
        if self._reading.done():
            raise Stuck("the terminal has ended", self.shown())
        await self._news.wait()

    def shown(self) -> str:
        """What a person would have read, the last lines of it."""
        text = _ESCAPES.sub("", self._all.decode(errors="replace"))
        return "\n".join(text.strip("\n").split("\n")[-SHOWN_LINES:])


class Typist:
    """An asynchronous context; `open_screen` is asked once for each terminal, and they close with it."""

    def __init__(self, open_screen: Callable[[int], Awaitable[Screen]]) -> None:
        self._open_screen = open_screen
        self._screens: dict[int, Screen] = {}
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._screen(1)
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._open.aclose()

    async def play(self, script: str) -> str:
        """Returns when every terminal that was used has the seat's prompt again: what they show. Raises Stuck."""
        for screen in self._screens.values():
            screen.forget()
        screen, used = await self._screen(1), {1}
        for item in typed(script):
            match item:
                case Line(text):
                    await screen.line(text)
                case Keys(data):
                    await screen.keys(data)
                case See(text):
                    await screen.see(text)
                case Terminal(number):
                    screen = await self._screen(number)
                    used.add(number)
        for number in sorted(used):
            await self._screens[number].prompt()
        return "\n".join(self._screens[number].shown() for number in sorted(used))

    async def _screen(self, number: int) -> Screen:
        if number not in self._screens:
            screen = await self._open_screen(number)
            self._open.push_async_callback(screen.close)
            await screen.prompt()
            self._screens[number] = screen
        return self._screens[number]


class SeatScreens:
    """The terminals of a seat as the engine has them."""

    def __init__(self, seat: Alone) -> None:
        self._client = seat.client
        self._container = seat.container_id

    async def __call__(self, number: int) -> Screen:
        return await (self._attach() if number == 1 else self._another())

    async def _attach(self) -> Screen:
        """The seat's own shell, as the page has it."""
        line = Attached(self._client, self._container)
        screen = Screen(await line.attach())
        await line.redraw(WIDE)
        if not await screen.prompts(REDRAW_SECONDS):
            await line.redraw(WIDE)
        return screen

    async def _another(self) -> Screen:
        """One more shell beside it."""
        body = {"Cmd": ["sh"], "AttachStdin": True, "AttachStdout": True, "AttachStderr": True, "Tty": True}
        path = f"/containers/{self._container}/exec"
        async with await self._client.request("POST", path, json_body=body) as reply:
            identity = (await (await reply.raise_for_status()).json())["Id"]
        screen = Screen(await self._client.upgrade(f"/exec/{identity}/start", json_body={"Detach": False, "Tty": True}))
        query = {"w": str(WIDE.columns), "h": str(WIDE.rows)}
        async with await self._client.request("POST", f"/exec/{identity}/resize", query=query) as reply:
            await reply.read()
        return screen
