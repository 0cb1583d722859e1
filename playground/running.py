"""An engine for as long as a command takes: the one that answers, or the playground's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import gettext as _

from playground.engine import find
from playground.engine.own import OwnEngine


@contextmanager
def running_engine(say: Callable[[str], None]) -> Iterator[str]:
    """Its socket. One that is started here is stopped at the end, one that was there is left alone.

    Raises EngineError."""
    if socket := find.find(settings.ENGINE_SOCKET, settings.RUN_DIR):
        say(_("Engine: the one at %(socket)s") % {"socket": socket})
        yield socket
        return
    own = OwnEngine(settings.STATE_DIR, settings.RUN_DIR, settings.ENGINE_DISK)
    say(_("Engine: starting the playground's own"))
    own.start(say)
    try:
        yield str(own.socket)
    finally:
        say(_("Engine: stopping"))
        own.stop()
