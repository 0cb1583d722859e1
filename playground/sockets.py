"""Pages and sockets together, around a running playground: what `manage.py serve` serves."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path, re_path

from playground.asgi import application as pages
from playground.origin import SameOriginOnly, refuse
from playground.pages.consumers import ProgressConsumer
from playground.runtime import Runtime
from playground.terminal.relay import TerminalRelay


def application(runtime: Runtime) -> ProtocolTypeRouter:
    """A socket that has no route, or whose Origin is not ours, is refused with 403 before it opens."""
    # Django's path() is typed for views; channels' router gives it ASGI applications.
    terminal: Any = TerminalRelay(runtime.seats, runtime.client)
    elsewhere: Any = refuse
    routes = URLRouter(
        [
            path("ws/terminal/", terminal),
            path("ws/terminal/<str:seat>/", terminal),
            path("ws/progress/", ProgressConsumer.as_asgi(watch=runtime.watch, budgets=runtime.budgets)),
            re_path("", elsewhere),
        ]
    )
    guarded = SameOriginOnly(AuthMiddlewareStack(routes), settings.CSRF_TRUSTED_ORIGINS)
    return ProtocolTypeRouter({"http": pages, "websocket": guarded})
