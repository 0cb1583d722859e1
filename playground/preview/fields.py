"""The header fields that pass between a browser and a published port. Only what is named here does. Pure."""

from collections.abc import Iterable
from urllib.parse import urlsplit

Fields = list[tuple[bytes, bytes]]

# Nothing of the person: no cookie, no authorization, no address, no referrer.
_ASKED = frozenset(
    b"accept accept-language accept-encoding cache-control content-type if-match if-modified-since if-none-match "
    b"if-range if-unmodified-since pragma range user-agent x-requested-with".split()
)
# Nothing that would hold beyond the one answer: no cookie, no login, no order to the browser about this whole site.
_ANSWERED = frozenset(
    b"accept-ranges age allow cache-control content-disposition content-encoding content-language content-range "
    b"content-type etag expires last-modified retry-after vary".split()
)
# Without allow-same-origin a page is of an origin of its own, whoever's address it has: no cookie, no storage and no
# answer of this site is within its reach. Its own pictures, scripts and data are another origin's to it then, so they
# must be readable by any. An opener policy would keep browsers from showing a sandboxed page at all; links to it
# say noopener instead.
WALLS: Fields = [
    (b"content-security-policy", b"sandbox allow-scripts allow-forms allow-modals; frame-ancestors 'none'"),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"x-robots-tag", b"noindex"),
]


def asked(fields: Iterable[tuple[bytes, bytes]], port: int, size: int) -> Fields:
    """What the port is asked with."""
    host = b"localhost" if port == 80 else b"localhost:%d" % port
    passed = [(name, value) for name, value in fields if name in _ASKED]
    length = [(b"content-length", b"%d" % size)] if size else []
    return [(b"host", host), *passed, *length, (b"connection", b"close")]


def answered(fields: Iterable[tuple[bytes, bytes]], port: int, home: str) -> Fields:
    """What the browser is answered with; `home` is the preview's own address."""
    passed = [(name, value) for name, value in fields if name in _ANSWERED]
    places = [location(value.decode("latin-1"), port, home) for name, value in fields if name == b"location"]
    moved = [(b"location", places[0].encode("latin-1"))] if places and places[0] else []
    return [*passed, *moved, *WALLS]


def location(asked_for: str, port: int, home: str) -> str:
    """Where a redirect leads in the preview; "" for one that leads out of it."""
    if "\\" in asked_for:  # which browsers take for a slash
        return ""
    try:
        parts = urlsplit(asked_for)
        elsewhere = parts.scheme or parts.netloc
        own = parts.hostname in ("localhost", "127.0.0.1") and (parts.port or 80) == port
    except ValueError:
        return ""
    if elsewhere and not (parts.scheme in ("", "http") and own):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    if not elsewhere and not parts.path.startswith("/"):
        return f"{parts.path}{query}"
    return f"{home}{parts.path.lstrip('/')}{query}"
