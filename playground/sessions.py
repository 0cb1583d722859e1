"""Sessions, as Django keeps them in the database, with two things more: who hears of a session's end, and that one
which is used does not run out.

A session has another key after each signing in and each new password. What stays the same from signing in to signing
out is its `stay`, by which a socket knows whether it is its own session that has ended.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase

from playground import bells

GROUP = "sessions"  # of the channel layer
STAY, RENEWED = "stay", "renewed"  # what a session remembers
RENEW_AFTER = 24 * 3600  # seconds: a write for each request would be too many


class SessionStore(db.SessionStore):
    """`settings.SESSION_ENGINE`."""

    def _validate_session_key(self, key: Any) -> bool:
        """What no session's key is like is not looked for: anybody can put a zero byte in a cookie, and PostgreSQL
        takes it for a fault."""
        good = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs do not have it
        return bool(good and key.isascii() and key.isalnum())

    def flush(self) -> None:
        """Signing out, signing in as somebody else, and the first request after the password has changed elsewhere."""
        learner_id, stay = self.get(SESSION_KEY), stay_of(self)
        super().flush()
        if learner_id:
            transaction.on_commit(partial(_ring, [int(learner_id)], only=stay))


def stay_of(session: SessionBase) -> str:
    """ "" for a session that is older than stays are."""
    return str(session.get(STAY, ""))


def end_all(learners: Iterable[int], but: str = "") -> None:
    """For when these learners are gone or their passwords are others: their sessions hold no more, all but the stay
    `but`. To be called when the rows say so."""
    _ring(list(learners), but=but)


def _ring(learners: list[int], only: str = "", but: str = "") -> None:
    message = {"type": "sessions.ended", "learners": learners, "only": only, "but": but}
    async_to_sync(bells.ring)(GROUP, message)


def renewing(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a session ends so long after it was last used, and not after it began. It is written once a day."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        answer = get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session and time.time() - session.get(RENEWED, 0) > RENEW_AFTER:
            _remember(session)
        return answer

    return middleware


@receiver(user_logged_in)
def _begin(request: HttpRequest | None, **_: Any) -> None:
    if request is not None:
        _remember(request.session)


def _remember(session: SessionBase) -> None:
    session.setdefault(STAY, secrets.token_urlsafe(12))
    session[RENEWED] = int(time.time())
