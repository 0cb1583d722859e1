"""Signals a learner may name: by name with or without SIG, or by number."""

import signal

from playground.gateway.policy.errors import bad

_NUMBERS = {item.name.removeprefix("SIG"): int(item) for item in signal.Signals}
_KNOWN = frozenset(_NUMBERS.values())


def check_signal(text: str) -> str:
    """The signal's number as text, which every engine reads alike; "" stays the container's own default."""
    if text == "":
        return ""
    upper = text.upper().removeprefix("SIG")
    number = _NUMBERS.get(upper, int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0)
    if number not in _KNOWN:
        raise bad(f"Invalid signal: {text[:40]}")
    return str(number)


def signal_name(number: str) -> str:
    """`9` → `KILL`, for facts."""
    return signal.Signals(int(number)).name.removeprefix("SIG") if number else ""
