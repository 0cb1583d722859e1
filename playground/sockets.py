"""Pages and sockets together, around a running playground: what `manage.py serve` serves."""

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path, re_path, reverse

from playground.asgi import application as pages
from playground.asgi import at_seats
from playground.classroom import visiting
from playground.origin import Receive, SameOriginOnly, Scope, Send, refuse
from playground.pages.consumers import ProgressConsumer
from playground.pages.roster_consumer import RosterConsumer
from playground.pages.signed_in import while_signed_in
from playground.pages.views.files import FILES
from playground.preview.application import Preview
from playground.preview.links import PREFIX
from playground.runtime import Runtime
from playground.terminal.relay import TerminalRelay
from playground.terminal.visit_relay import VisitRelay


def application(runtime: Runtime) -> ProtocolTypeRouter:
    """A socket that has no route, or whose Origin is not ours, is refused with 403 before it opens. What learners
    publish passes by the pages and all that comes with them."""
    # Django's path() is typed for views; channels' router gives it ASGI applications.
    relay = TerminalRelay(runtime.seats, runtime.client, on_typed=runtime.watch.stirred)
    terminal: Any = relay
    visit: Any = VisitRelay(relay, visiting.admit)
    elsewhere: Any = refuse
    routes = URLRouter(
        [
            path("ws/terminal/", terminal),
            path("ws/terminal/<str:seat>/", terminal),
            path("ws/terminals/<int:number>/", terminal),
            path("ws/visits/<int:classroom>/<int:learner>/<int:number>/", visit),
            path(
                "ws/progress/",
                ProgressConsumer.as_asgi(
                    watch=runtime.watch, ports_of=runtime.ports_of, budgets=runtime.budgets, maps=runtime.maps
                ),
            ),
            path("ws/classrooms/<int:classroom>/", RosterConsumer.as_asgi()),
            re_path("", elsewhere),
        ]
    )
    guarded = SameOriginOnly(while_signed_in(routes), settings.CSRF_TRUSTED_ORIGINS)
    previews = AuthMiddlewareStack(Preview(runtime.seats.learner_of, runtime.gateway.dial))

    doors = {reverse("folder"), reverse("file")}

    async def http(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["raw_path"].startswith(PREFIX.encode()):
            application: Any = previews
        else:  # the path as Django reads it: an escaped letter leads to no other threads
            application = at_seats if scope["path"] in doors else pages
        await application({**scope, FILES: runtime.files}, receive, send)

    return ProtocolTypeRouter({"http": http, "websocket": guarded})
