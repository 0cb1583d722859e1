"""manage.py serve: pages, terminals, gateway and seats in one process, on an engine that is there."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Serve the playground: pages, terminals, gateway and seats, in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (default: %(default)s)")
        parser.add_argument(
            "--port", type=int, default=settings.PORT, help="port to listen on, 0 for a free one (default: %(default)s)"
        )

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        # Imported here because it installs the event loop's reactor, which no other command needs.
        from playground.runtime import build
        from playground.serving import serve

        def ready(bound_port: int) -> None:
            self.stdout.write(_("Ready on http://%(host)s:%(port)s") % {"host": host, "port": bound_port})
            self.stdout.flush()

        serve(host, port, build(), ready)
