"""manage.py engine: the playground's own engine in the foreground, for operators who want it apart from the server."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from playground.engine.errors import EngineError
from playground.engine.own import OwnEngine


class Command(BaseCommand):
    help = "Run the playground's own engine until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        action = parser.add_mutually_exclusive_group()
        action.add_argument("--status", action="store_true", help="say whether it runs; exit 1 when it does not")
        action.add_argument("--stop", action="store_true", help="stop the one that runs, and its containers")

    def handle(self, *args: Any, status: bool, stop: bool, **options: Any) -> None:
        own = OwnEngine(settings.STATE_DIR, settings.RUN_DIR, settings.ENGINE_DISK)
        try:
            if status:
                self._status(own)
            elif stop:
                own.stop()
            else:
                self._run(own)
        except EngineError as error:
            raise CommandError(str(error)) from error

    def _status(self, own: OwnEngine) -> None:
        if not own.answers():
            raise CommandError(_("The playground's own engine does not run."))
        self._say_where(own)

    def _run(self, own: OwnEngine) -> None:
        if not own.start(self.stdout.write):
            raise CommandError(_("It runs already. Stop it with: manage.py engine --stop"))
        self._say_where(own)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            own.wait()
            raise CommandError(_("The engine ended by itself. Its log: %(log)s") % {"log": own.log})
        except KeyboardInterrupt:
            self.stdout.write(_("Stopping the engine and its containers"))
        finally:
            own.stop()

    def _say_where(self, own: OwnEngine) -> None:
        self.stdout.write(
            _("The engine answers on unix://%(socket)s (process %(pid)s)") % {"socket": own.socket, "pid": own.pid()}
        )
