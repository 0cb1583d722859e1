"""Detach keys: `ctrl-p,ctrl-q`, `a`, `ctrl-[` …"""

import re

from playground.gateway.policy.errors import bad

_KEYS = re.compile(r"(?:[a-zA-Z]|ctrl-[a-z@\[\\\]^_])(?:,(?:[a-zA-Z]|ctrl-[a-z@\[\\\]^_])){0,7}")


def check_detach_keys(text: str) -> str:
    if text and not _KEYS.fullmatch(text):
        raise bad(f"Invalid detach keys ({text[:40]}): use letters and ctrl-<letter>, separated by commas")
    return text
