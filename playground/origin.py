"""Who may open a WebSocket: pages of this site only. Cookies alone do not say so, since browsers send them along."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Close before accepting: the server answers the handshake with 403."""
    await send({"type": "websocket.close"})


class SameOriginOnly:
    """Passes a socket on when its one Origin is the site's own scheme-less host and port, or a trusted origin."""

    def __init__(self, application: Application, trusted: Iterable[str] = ()) -> None:
        self._application = application
        self._trusted = frozenset(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        application = self._application if self._allows(scope) else refuse
        await application(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        origins = _header(scope, b"origin")
        hosts = _header(scope, b"host")
        if len(origins) != 1 or len(hosts) != 1:
            return False
        domain, _ = split_domain_port(hosts[0])
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return False
        scheme, separator, rest = origins[0].partition("://")
        same = bool(separator) and scheme in {"http", "https"} and rest.lower() == hosts[0].lower()
        return same or origins[0] in self._trusted


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]
