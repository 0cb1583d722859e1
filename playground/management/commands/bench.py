"""manage.py bench: the figures that the playground is built for, each beside the engine alone."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from playground.bench import costs, prompts, runs, shells
from playground.bench.figures import Row
from playground.bench.stage import stage
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.engine.images import Mode, ensure_images
from playground.running import running_engine

WAITING = 2  # warm seats
WIDTH = 110


class Command(BaseCommand):
    help = "Measure echo, output, prompts, runs and memory, side by side with the engine alone."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with running_engine(self._say) as socket:
                rows = asyncio.run(self._measure(socket))
        except EngineError as error:
            raise CommandError(str(error)) from error
        Console(width=WIDTH).print(_table(rows))

    async def _measure(self, socket: str) -> list[Row]:
        engine, client = Engine(socket), EngineClient(socket)
        try:
            version = await client.negotiate()
            self._say(_("Engine %(version)s at %(socket)s") % {"version": version["Version"], "socket": socket})
            await ensure_images(engine, Mode(settings.IMAGES_MODE), self._say)
            rows: list[Row] = []
            async with stage(engine, socket, WAITING) as here:
                self._say(_("Keys and output"))
                rows += await shells.typing(here, client)
            async with stage(engine, socket, WAITING) as here:
                self._say(_("Prompts, warm"))
                rows += await prompts.warm(here, client, WAITING)
            async with stage(engine, socket, 0) as here:
                self._say(_("Prompts, cold"))
                rows += await prompts.cold(here, client)
                self._say(_("Runs"))
                rows += await runs.docker_run(here, socket)
                self._say(_("Memory"))
                rows += await costs.idle_seats(here)
                rows += await costs.stalled_reader(here)
            return rows
        finally:
            engine.close()

    def _say(self, text: str) -> None:
        self.stdout.write(f"==> {text}")
        self.stdout.flush()


def _table(rows: list[Row]) -> Table:
    table = Table(title=_("The playground beside the engine alone"), caption=_("p99 of few samples is the worst one"))
    table.add_column("", no_wrap=True)
    for heading in (_("playground"), "p99", _("engine"), "p99"):
        table.add_column(heading, justify="right")
    table.add_column(_("aim"), no_wrap=True)
    table.add_column(_("met"))
    for row in rows:
        table.add_row(*row.cells())
    return table
