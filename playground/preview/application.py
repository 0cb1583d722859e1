"""A learner's published port in the browser, as an ASGI application for /preview/<token>/….

Whatever a learner serves is shown under this site's own address, so each answer puts it behind walls (fields.py) and
says nothing of the person who looks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from playground.engine.errors import EngineError
from playground.gateway.carrying import Pace, Side
from playground.preview import fields, pages
from playground.preview.exchange import Exchange, NoAnswer, NoRequest, Request
from playground.preview.links import PREFIX, Place, place_of

log = logging.getLogger(__name__)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LARGEST_BODY = 1024 * 1024
AT_ONCE = 8  # of one seat
RATE = 4 * 1024 * 1024  # bytes a second of one seat's: they go through the one process of all seats
SILENCE, WHOLE = 15.0, 60.0  # seconds: between two parts of an answer, and for all of it
Dial = Callable[[str, int], AbstractAsyncContextManager[Side]]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class _Visits:
    """To one seat, now."""

    count: int = 0
    pace: Pace = field(default_factory=lambda: Pace(RATE))


class Preview:
    """`learner_of` knows whose a seat is, `dial` connects to a port of a seat."""

    def __init__(
        self, learner_of: Callable[[str], int | None], dial: Dial, silence: float = SILENCE, whole: float = WHOLE
    ) -> None:
        self._learner_of = learner_of
        self._dial = dial
        self._silence = silence
        self._whole = whole
        self._visits: dict[str, _Visits] = {}  # by seat

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        token, slash, rest = scope["raw_path"].decode("latin-1").removeprefix(PREFIX).partition("/")
        place = place_of(token)
        if place is None or self._learner_of(place.seat) != place.learner_id or not _may_look(scope, place):
            await pages.answer(send, pages.gone())
        elif not slash:
            await pages.move(send, f"{PREFIX}{token}/")
        elif scope["method"] not in METHODS:
            await pages.answer(send, pages.unknown_method())
        else:
            visits = self._visits.setdefault(place.seat, _Visits())
            if visits.count >= AT_ONCE:
                await pages.answer(send, pages.too_many())
                return
            visits.count += 1
            try:
                await self._show(scope, receive, send, place, f"{PREFIX}{token}/", rest)
            finally:
                visits.count -= 1
                if not visits.count:
                    del self._visits[place.seat]

    async def _show(
        self, scope: Mapping[str, Any], receive: Receive, send: Send, place: Place, home: str, rest: str
    ) -> None:
        body = await _read(receive)
        if body is None:
            await pages.answer(send, pages.too_large())
            return
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        request = Request(
            method=scope["method"],
            target=b"/" + rest.encode("latin-1") + query,
            fields=fields.asked(scope["headers"], place.port, len(body)),
            body=body,
        )
        passing = asyncio.ensure_future(self._pass(send, place, home, request))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((passing, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (passing, leaving):
                task.cancel()
            await asyncio.gather(passing, leaving, return_exceptions=True)
        if not passing.cancelled():
            passing.result()

    async def _pass(self, send: Send, place: Place, home: str, request: Request) -> None:
        begun = False
        try:
            async with asyncio.timeout(self._whole), self._dial(place.seat, place.port) as side:
                exchange = Exchange(side, self._silence, self._visits[place.seat].pace)
                head = await exchange.ask(request)
                told = fields.answered(head.headers, place.port, home)
                await send({"type": "http.response.start", "status": head.status_code, "headers": told})
                begun = True
                async for chunk in exchange.chunks():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except (NoRequest, NoAnswer, OSError, EngineError) as error:
            log.debug("no preview of seat %s: %s", place.seat, error)
            if not begun:
                await pages.answer(send, pages.no_answer(error, place.port))
                return
        await send({"type": "http.response.body", "body": b""})


def _may_look(scope: Mapping[str, Any], place: Place) -> bool:
    """Not somebody else who is signed in here: a learner cannot show a page of theirs to others as this site's. And not
    a page of this site itself, but to open it: else what a learner serves could be slipped in as a script of ours."""
    user = scope["user"]
    if user.is_authenticated and user.pk != place.learner_id:
        return False
    told = dict(scope["headers"])
    inside = told.get(b"sec-fetch-site") == b"same-origin" and told.get(b"sec-fetch-mode") != b"navigate"
    return not inside and b"service-worker" not in told


async def _read(receive: Receive) -> bytes | None:
    """None where it is more than may be sent."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            return None
    return body


async def _left(receive: Receive) -> None:
    """Returns when the browser has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
