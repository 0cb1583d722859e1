"""manage.py serve: pages, terminals, gateway and seats in one process, on an engine that is there."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from playground import assets
from playground.ports import PortTaken, check_port


class Command(BaseCommand):
    help = "Serve the playground: pages, terminals, gateway and seats, in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (default: %(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            check_port(host, port)
        except PortTaken as error:
            raise CommandError(str(error)) from error
        assets.collect()  # before the pages are imported, which look at once what there is to serve
        # Imported here because it installs the event loop's reactor, which no other command needs.
        from playground.runtime import build
        from playground.serving import serve

        def say(text: str) -> None:
            self.stdout.write(text)
            self.stdout.flush()

        serve(
            host,
            port,
            build(),
            on_serving=lambda: say(_("Serving pages; seats follow when the engine answers")),
            on_ready=lambda: say(_("Ready on http://%(host)s:%(port)d") % {"host": host, "port": port}),
        )
