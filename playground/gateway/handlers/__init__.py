"""What answers each row of the table of endpoints: one file for each family, one function for each row."""

from playground.gateway.call import Handler
from playground.gateway.handlers import (
    archives,
    build,
    containers,
    events,
    execs,
    imageremoval,
    images,
    lifecycle,
    networks,
    saving,
    streams,
    system,
    volumes,
)
from playground.gateway.policy.routes import ROUTES

_FAMILIES = {
    "archives": archives,
    "build": build,
    "containers": containers,
    "events": events,
    "execs": execs,
    "imageremoval": imageremoval,
    "images": images,
    "lifecycle": lifecycle,
    "networks": networks,
    "saving": saving,
    "streams": streams,
    "system": system,
    "volumes": volumes,
}


def _find(name: str) -> Handler:
    family, _, function = name.partition(".")
    handler: Handler = getattr(_FAMILIES[family], function)
    return handler


HANDLERS: dict[str, Handler] = {route.handler: _find(route.handler) for route in ROUTES if route.handler}
