"""Sessions in the database, by keys as Django makes them."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: Any) -> bool:
        """What no session's key is like is not looked for: anybody can put a zero byte in a cookie, and PostgreSQL
        takes it for a fault."""
        good = super()._validate_session_key(key)  # type: ignore[misc]  # the stubs do not have it
        return bool(good and key.isascii() and key.isalnum())
