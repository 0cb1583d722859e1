"""manage.py run: the whole playground from nothing: an engine, its images, the database, and the server."""

import asyncio
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from playground import assets
from playground.engine.api import Engine
from playground.engine.errors import EngineError
from playground.engine.images import Mode, ensure_images
from playground.ports import PortTaken, check_port
from playground.running import running_engine

Say = Callable[[str], None]


class Command(BaseCommand):
    help = "Start the playground: an engine if none answers, its images, the database, and the server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (default: %(default)s)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        started = time.monotonic()
        try:
            check_port(host, port)
            with running_engine(self._step) as socket:
                self._images(socket)
                self._database()
                assets.collect()
                self._serve(host, port, socket, started)
        except (PortTaken, EngineError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:  # before the server had its own way of ending
            raise CommandError(_("Stopped."), returncode=130) from None

    def _images(self, socket: str) -> None:
        async def ensure() -> int:
            engine = Engine(socket)
            try:
                return len(await ensure_images(engine, Mode(settings.IMAGES_MODE), self._step))
            finally:
                engine.close()

        count = asyncio.run(ensure())
        self._step(_("Images: the seat's, and %(count)d in the catalogue") % {"count": count})

    def _database(self) -> None:
        call_command("migrate", verbosity=0)
        self._step(_("Database: up to date"))

    def _serve(self, host: str, port: int, socket: str, started: float) -> None:
        # Imported here because it installs the event loop's reactor, which the steps above must not share.
        from playground.runtime import build
        from playground.serving import serve

        def ready() -> None:
            took = {"seconds": time.monotonic() - started}
            self._step(_("Seats: warm, after %(seconds).1f s; Ctrl-C stops all that was started") % took)
            self._step(_("Ready on http://%(host)s:%(port)d") % {"host": host, "port": port})

        serve(host, port, build(socket), on_serving=lambda: None, on_ready=ready)

    def _step(self, text: str) -> None:
        self.stdout.write(f"==> {text}")
        self.stdout.flush()
