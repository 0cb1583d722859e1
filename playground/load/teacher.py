"""Tess: makes a classroom through her pages and keeps its roster open. How she looks on stands in `watching.py`."""

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator
from typing import Self

import websockets

from playground.bench.stage import Stage
from playground.bench.tabs import connect, now
from playground.load.browser import Browser
from playground.load.faults import Faults, Gone
from playground.load.lag import RosterLag

NAME, PASSWORD = "tess", secrets.token_urlsafe()
PATIENCE = 30.0  # seconds for a learner to turn up on the roster
CODE = re.compile(r"/c/([A-Z0-9-]+)/")
# A learner's line of the roster: the number and the name in its link, and the count of steps.
ROW = re.compile(r'<th scope="row"><a href="\?to=(\d+)[^>]*>([^<]*)</a>.*?roster__done">(\d+)/', re.DOTALL)


class Teacher:
    def __init__(self, browser: Browser, faults: Faults, classroom: str, code: str) -> None:
        self.browser = browser
        self.classroom = classroom  # its number, as it stands in addresses
        self.code = code
        self.lag = RosterLag()
        self.numbers: dict[str, int] = {}  # learner's name -> number
        self._faults = faults
        self._looked = asyncio.Event()

    @classmethod
    async def with_classroom(cls, stage: Stage, browser: Browser, faults: Faults) -> Self:
        """Of all lessons, in their order."""
        await stage.manage("createteacher", NAME, "--name", "Tess", typed=f"{PASSWORD}\n")
        await browser.submit(await browser.get("/sign-in/"), username=NAME, password=PASSWORD)
        page = await browser.submit(await browser.get("/classrooms/new/"), name="Load")
        found = CODE.search(page.text)
        if found is None:
            faults.add("the classroom's page names no code")
            raise Gone(page.path)
        return cls(browser, faults, page.path.strip("/").rpartition("/")[2], found[1])

    async def watch_roster(self) -> None:
        """As its page does, until cancelled."""
        async with await connect(self.browser, self.browser, f"/ws/classrooms/{self.classroom}/") as socket:
            try:
                await self._look()
                async for _changed in socket:
                    await self._look()
            except websockets.ConnectionClosed:
                self._faults.add(f"the roster's socket closed with {socket.close_code}")

    async def number_of(self, learner: str) -> int:
        """As soon as the roster has them. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            async for _ in self._looks():
                if learner in self.numbers:
                    break
        return self.numbers[learner]

    async def caught_up(self, seconds: float) -> None:
        """The roster shows all that was ticked; it is a fault if that takes longer."""
        try:
            async with asyncio.timeout(seconds):
                async for _ in self._looks():
                    if not self.lag.waiting:
                        break
        except TimeoutError:
            self._faults.add(f"the roster does not show {self.lag.waiting} ticks after {seconds:.0f} s")

    async def _looks(self) -> AsyncIterator[None]:
        while True:
            yield
            self._looked.clear()
            await self._looked.wait()

    async def _look(self) -> None:
        with contextlib.suppress(Gone):  # counted; the next look may be better
            self._read((await self.browser.get(f"/classrooms/{self.classroom}/roster/")).text)

    def _read(self, html: str) -> None:
        at = now()
        for number, name, done in ROW.findall(html):
            self.numbers[name] = int(number)
            self.lag.shows(name, int(done), at)
        self._looked.set()
