"""Joining as a guest: a display name, a session, and nothing else."""

import ipaddress
import secrets

from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest

from playground.classroom.models import Learner

_HOUR = 3600


def join(request: HttpRequest, display_name: str) -> Learner:
    """A new guest, signed in on this browser. The session cookie is the only way back in."""
    learner = Learner(username=f"guest-{secrets.token_hex(8)}", display_name=display_name)
    learner.set_unusable_password()
    learner.save()
    login(request, learner, backend="django.contrib.auth.backends.ModelBackend")
    return learner


def may_try(request: HttpRequest) -> bool:
    """Counts an attempt to join from this address; False once there were too many within the hour.

    A classroom sits behind one address, so the limit is for scripts and not for people.
    """
    key = f"joins:{_address(request)}"
    cache.add(key, 0, _HOUR)
    try:
        return cache.incr(key) <= settings.JOINS_PER_HOUR
    except ValueError:  # the hour ended between the two calls
        return True


def _address(request: HttpRequest) -> str:
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
