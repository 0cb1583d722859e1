"""How often an address may try something within an hour: join, sign in, ask for a mail.

A classroom sits behind one address, so the limits are for scripts and not for people.
"""

import ipaddress
from collections.abc import Mapping
from typing import Literal

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

_HOUR = 3600


def may_try(request: HttpRequest, what: Literal["join", "code", "sign-in", "mail"]) -> bool:
    """Counts one more try from this address; False once there were too many within the hour."""
    key = f"tries:{what}:{address(request)}"
    cache.add(key, 0, _HOUR)
    try:
        return cache.incr(key) <= settings.JOINS_PER_HOUR
    except ValueError:  # the hour ended between the two calls
        return True


def address(request: HttpRequest) -> str:
    """Who to count: the peer, or behind our own proxy the address that the proxy wrote last; IPv6 by its /64."""
    raw = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        raw = request.META.get("HTTP_X_FORWARDED_FOR", raw).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def username(request: HttpRequest | None, credentials: Mapping[str, str] | None) -> str:
    """Whose password is being guessed: in whatever case the name was typed, it is one account."""
    typed = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return typed.casefold()
