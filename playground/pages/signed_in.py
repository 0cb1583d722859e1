"""A socket lives no longer than the session that it was opened in: whoever signs out in one tab has none open in
another, and on another device they go on."""

from collections import Counter
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.layers import get_channel_layer

from playground import bells
from playground.origin import Application, Receive, Scope, Send
from playground.sessions import GROUP, stay_of
from playground.terminal.carrying import race

ENDED = 4401  # close code: the session has ended, on this page or on another
_HEARD = "sessions_channel"


@dataclass(frozen=True, slots=True)
class Stay:
    """Whose a socket is, and which of their sessions."""

    learner_id: int
    name: str  # "" where the session is older than stays are

    def is_over(self, bell: Mapping[str, Any]) -> bool:
        """Whether it is this one that `sessions` tells of."""
        if self.learner_id not in bell["learners"]:
            return False
        if bell["but"]:
            return bool(self.name != bell["but"])
        return not bell["only"] or self.name in ("", bell["only"])


_open: Counter[Stay] = Counter()  # sockets in this process


def elsewhere(learner_id: int, stay: str) -> bool:
    """Whether the learner has a page with a socket open in another session. From any thread."""
    return any(one.learner_id == learner_id and one.name != stay for one in list(_open))


def while_signed_in(application: Application) -> Application:
    """With the learner in its scope, as channels' own stack has it."""
    return _Hearing(AuthMiddlewareStack(_Closing(application)))


class _Hearing:
    """Listens before it is asked who this is: an end in between would be heard by nobody."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        channel = await get_channel_layer().new_channel()
        await bells.hear(GROUP, channel)
        try:
            await self._application({**scope, _HEARD: channel}, receive, send)
        finally:
            await bells.hear_no_more(GROUP, channel)


class _Over(Exception):
    """The session has ended."""


class _Door:
    """What the application says, until it is shut. Nothing that it says while it is ended gets through."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.is_shut = False

    async def send(self, message: Any) -> None:
        if self.is_shut:
            return
        self.is_shut = message["type"] == "websocket.close"
        await self._send(message)


class _Closing:
    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = scope["user"]
        if not user.is_authenticated:
            await self._application(scope, receive, send)
            return
        stay, door = Stay(user.pk, stay_of(scope["session"])), _Door(send)
        _open[stay] += 1
        try:
            await race(self._run(scope, receive, door), _until_over(stay, scope[_HEARD], door))
        except _Over:
            await send({"type": "websocket.close", "code": ENDED})
        finally:
            _open[stay] -= 1
            if not _open[stay]:
                del _open[stay]

    async def _run(self, scope: Scope, receive: Receive, door: _Door) -> None:
        await self._application(scope, receive, door.send)


async def _until_over(stay: Stay, channel: str, door: _Door) -> None:
    """For ever where the application has closed the socket itself."""
    async with aclosing(bells.rings(GROUP, channel)) as rings:
        async for bell in rings:
            if stay.is_over(bell) and not door.is_shut:
                door.is_shut = True
                raise _Over
