"""The browser terminals as an ASGI application: who may open one, and why one is closed.

Plain ASGI rather than a channels consumer, which costs three times the CPU for each key, and without a step on the
thread that views and the ORM share once a terminal is open: pages that are slow must not make typing slow.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from playground.engine.client import EngineClient
from playground.seats.roster import Change
from playground.terminal.browser import PATIENCE, Browser, Receive, Send, Stalled
from playground.terminal.desk import Desk
from playground.terminal.flow import FlowError
from playground.terminal.frames import SUBPROTOCOL, FrameError
from playground.terminal.ground import Ground
from playground.terminal.session import SeatEnded, Session
from playground.terminal.shells import FIRST, MOST, Closed, Shells
from playground.terminal.visits import Visits

log = logging.getLogger(__name__)

MOST_SOCKETS = 16  # of one learner: all of a seat's terminals in each of four windows
TOO_MANY = 4429
CLOSE_CODES: Mapping[type[Exception], int] = {
    FrameError: 4400, FlowError: 4400, Stalled: 4408, SeatEnded: 4410, Closed: 4412,
}  # fmt: skip


class TerminalRelay:
    """For `/ws/terminal/`, the first of the learner's own seat; `/ws/terminals/<number>/`, that one of it; and
    `/ws/terminal/<seat>/`, the first of that seat if it is the learner's own."""

    def __init__(
        self,
        desk: Desk,
        client: EngineClient,
        patience: float = PATIENCE,
        on_typed: Callable[[int], None] = lambda learner_id: None,
    ) -> None:
        self._desk = desk
        self._patience = patience
        self._open: dict[int, set[Session]] = {}
        self.shells = Shells(desk, client, self._terminals_changed)
        self.visits = Visits(lambda learner_id: self._open.get(learner_id, ()))
        self.ground = Ground(desk, self.shells, self.visits, client, on_typed)
        desk.on_change(self._seat_changed)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()  # the connect message, which says nothing more than the scope
        learner_id = self._admitted(scope)
        if learner_id is None:
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        browser = Browser(receive, send, self._patience)
        sessions = self._open.setdefault(learner_id, set())
        if len(sessions) >= MOST_SOCKETS:
            await browser.close(TOO_MANY)
            return
        number = scope["url_route"]["kwargs"].get("number", FIRST)
        session = Session(self.ground, browser, learner_id, number)
        sessions.add(session)
        try:
            await self.visits.welcome(learner_id, session)
            await self._run(session, browser)
        finally:
            sessions.discard(session)
            if not sessions:
                self._open.pop(learner_id, None)
            self.visits.wake(learner_id)

    def _admitted(self, scope: Mapping[str, Any]) -> int | None:
        """The learner who asks, if they may have what they ask for."""
        user = scope["user"]
        if not user.is_authenticated or SUBPROTOCOL not in scope["subprotocols"]:
            return None
        learner_id: int = user.pk
        asked = scope["url_route"]["kwargs"]
        if not FIRST <= asked.get("number", FIRST) <= MOST:
            return None
        seat = asked.get("seat")
        return learner_id if seat is None or self._desk.learner_of(seat) == learner_id else None

    async def _run(self, session: Session, browser: Browser) -> None:
        try:
            await session.run()
        except tuple(CLOSE_CODES) as error:
            log.info("A terminal is closed: %s %s", type(error).__name__, error)
            if isinstance(error, SeatEnded):
                await browser.notice("ended", why=str(error))
            await browser.close(CLOSE_CODES[type(error)])

    def _seat_changed(self, change: Change) -> None:
        if change.kind == "ended":
            self.shells.forget(change.seat)
        for session in self._open.get(change.learner, ()):
            session.seat_changed(change)
        self.visits.wake(change.learner)

    def _terminals_changed(self, learner_id: int) -> None:
        for session in self._open.get(learner_id, ()):
            session.terminals_changed()
        self.visits.wake(learner_id)
