"""`docker events`: what happened to the seat's own objects. There is one subscription to the engine (follow.py), and
what is remembered of it, not the engine, answers --since."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from typing import Any

from playground.gateway.call import Call, Flow
from playground.gateway.policy.errors import bad
from playground.gateway.policy.filters import Filters, check_known, has_labels, parse_filters

_OF_STATS = {"type": ("container",)}  # what `docker stats` asks, before it lists containers
_FILTERS = frozenset({"container", "daemon", "event", "image", "label", "network", "scope", "type", "volume"})


async def events(call: Call) -> Flow:
    filters = parse_filters(call.query.get("filters", ""))
    check_known(filters, _FILTERS)
    since, until = _moment(call, "since"), _moment(call, "until")
    call.note.flags = {"filter": {key: list(values) for key, values in filters.items()}}
    if filters == _OF_STATS:
        call.invocation.watches_events = call.note.held_back = True
    return Flow(_lines(call, filters, since, until))


def _moment(call: Call, key: str) -> float | None:
    text = call.query.get(key, "")
    if not text:
        return None
    if len(text) > 24 or not text.replace(".", "", 1).isdecimal() or not text.isascii():
        raise bad(f"{key} must be a time in seconds")
    return float(text)


async def _lines(call: Call, filters: Filters, since: float | None, until: float | None) -> AsyncGenerator[bytes, None]:
    with call.owned.listen() as queue:
        past = list(call.owned.events) if since is not None else []
        yield b""  # the head goes out now
        for event in past:
            at = event["timeNano"] / 1e9
            if (since or 0) <= at <= (until or at) and passes(event, filters):
                yield _line(event)
        while True:
            left = None if until is None else max(0.0, until - time.time())
            try:
                async with asyncio.timeout(left):
                    event = await queue.get()
            except TimeoutError:
                return
            if passes(event, filters):
                yield _line(event)


def _line(event: dict[str, Any]) -> bytes:
    return json.dumps(event).encode() + b"\n"


def passes(event: dict[str, Any], filters: Filters) -> bool:
    attributes = event["Actor"]["Attributes"]
    looks = {
        "type": [event["Type"]],
        "event": [event["Action"], event["Action"].partition(":")[0]],
        "scope": [event["scope"]],
        "container": [event["Actor"]["ID"], attributes.get("name", "")] if event["Type"] == "container" else [],
        "image": [event["Actor"]["ID"], attributes.get("image", attributes.get("name", ""))],
        "network": [event["Actor"]["ID"], attributes.get("name", "")] if event["Type"] == "network" else [],
        "volume": [event["Actor"]["ID"]] if event["Type"] == "volume" else [],
        "daemon": [],
    }
    if not has_labels(attributes, filters.get("label", ())):
        return False
    return all(any(_fits(value, key, looks[key]) for value in filters[key]) for key in filters if key != "label")


def _fits(value: str, key: str, looks: list[str]) -> bool:
    if key == "container":
        return value in looks or (len(value) >= 4 and bool(looks) and looks[0].startswith(value))
    if key == "image":
        return value in looks or f"{value}:latest" in looks or value in [look.partition(":")[0] for look in looks]
    return value in looks
