"""Visits as an ASGI application: who may look on at a learner's terminals, and why a look ends."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playground.terminal.browser import Browser, Receive, Send
from playground.terminal.carrying import race
from playground.terminal.frames import SUBPROTOCOL
from playground.terminal.relay import CLOSE_CODES as OF_A_TERMINAL
from playground.terminal.relay import TOO_MANY, TerminalRelay
from playground.terminal.shells import FIRST, MOST
from playground.terminal.visitor import Visitor, VisitOver
from playground.terminal.visits import Taken, Visit

log = logging.getLogger(__name__)

# A visitor who does not read, or reads slowly, must not hold up the learner's terminal: so much, in so many seconds.
LEAST, PATIENCE = 64 * 1024, 5.0
RECHECK = 5.0  # seconds: who may look on no more is shown no more
MOST_SOCKETS = 16  # of one visitor
LARGEST_ID = 2**63 - 1  # of a row; more digits would be an error of the database
TAKEN = 4409
CLOSE_CODES: Mapping[type[Exception], int] = {**OF_A_TERMINAL, VisitOver: 4413}

# The numbers of visitor, classroom and learner -> the name that the learner is told; None: they may not look on.
Admit = Callable[[int, int, int], Awaitable[str | None]]


class VisitRelay:
    """For `/ws/visits/<classroom>/<learner>/<number>/`, the number being the terminal's."""

    def __init__(self, terminals: TerminalRelay, admit: Admit) -> None:
        self._ground, self._admit = terminals.ground, admit
        self._open: Counter[int] = Counter()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()  # the connect message, which says nothing more than the scope
        user, asked = scope["user"], scope["url_route"]["kwargs"]
        numbers = FIRST <= asked["number"] <= MOST and max(asked["classroom"], asked["learner"]) <= LARGEST_ID
        well_formed = SUBPROTOCOL in scope["subprotocols"] and numbers
        name = None
        if user.is_authenticated and well_formed:
            name = await self._admit(user.pk, asked["classroom"], asked["learner"])
        if name is None:
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        browser = Browser(receive, send, PATIENCE, LEAST)
        if self._open[user.pk] >= MOST_SOCKETS:
            await browser.close(TOO_MANY)
            return
        self._open[user.pk] += 1
        try:
            await self._look_on(browser, user.pk, asked, name)
        finally:
            self._open[user.pk] -= 1
            if not self._open[user.pk]:
                del self._open[user.pk]

    async def _look_on(self, browser: Browser, user_id: int, asked: Mapping[str, int], name: str) -> None:
        try:
            async with self._ground.visits.begin(asked["learner"], user_id, name) as visit:
                visitor = Visitor(self._ground, browser, visit, asked["number"])
                await race(visitor.run(), self._while_allowed(visit, asked["classroom"]))
        except Taken:
            await browser.close(TAKEN)
        except tuple(CLOSE_CODES) as error:
            log.info("A visit's terminal is closed: %s %s", type(error).__name__, error)
            await browser.close(CLOSE_CODES[type(error)])

    async def _while_allowed(self, visit: Visit, classroom: int) -> None:
        name: str | None = visit.name
        while name is not None:
            await asyncio.sleep(RECHECK)
            name = await self._admit(visit.visitor_id, classroom, visit.learner_id)
        await self._ground.visits.end(visit)
        raise VisitOver
