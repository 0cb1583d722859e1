"""An image's layers as an engine names them, to say which of them go with it, and its digest."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any


def digest(image_id: str) -> str:
    """What an image's manifest would be called in a registry. There is none here: it is made up, always the same."""
    return f"sha256:{hashlib.sha256(image_id.encode()).hexdigest()}"


def chain(inspected: Mapping[str, Any]) -> list[str]:
    """The id of each layer together with all beneath it, the lowest first."""
    found: list[str] = []
    for digest in (inspected.get("RootFS") or {}).get("Layers") or ():
        both = hashlib.sha256(f"{found[-1]} {digest}".encode()).hexdigest() if found else ""
        found.append(f"sha256:{both}" if found else digest)
    return found


def unused(gone: Mapping[str, Any], staying: Iterable[Mapping[str, Any]]) -> list[str]:
    """The layers of an image that no other one has, the topmost first."""
    needed = {layer for image in staying for layer in chain(image)}
    return [layer for layer in reversed(chain(gone)) if layer not in needed]
