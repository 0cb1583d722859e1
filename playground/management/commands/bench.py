"""manage.py bench: the figures that the playground is built for, each beside the engine alone."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from playground.bench import builds, calls, costs, crowd, maps, pages, prompts, runs, shells, ticks
from playground.bench.figures import TAILS, Row
from playground.bench.stage import Stage, stage
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.engine.images import Mode, ensure_images
from playground.running import running_engine

WIDTH = 120


@dataclass(frozen=True, slots=True)
class Part:
    says: str
    measures: tuple[Callable[[Stage], Awaitable[list[Row]]], ...]
    warm: int = 0  # seats that wait
    seats_max: int = 0
    lesson: str = ""  # in place of the course


PARTS = {
    "typing": Part(_("Keys and output"), (shells.typing,), warm=2),
    "warm": Part(_("Prompts, warm"), (prompts.warm,), warm=2),
    "cold": Part(_("Prompts, cold"), (prompts.cold,)),
    "calls": Part(_("Small calls"), (calls.small_calls,)),
    "runs": Part(_("Runs"), (runs.docker_run,)),
    "builds": Part(_("Builds"), (builds.ten_steps,)),
    "memory": Part(_("Memory"), (costs.idle_seats, costs.stalled_reader)),
    "pages": Part(_("Pages"), (pages.lesson_pages,)),
    "ticks": Part(_("Ticks"), (ticks.class_at_work,), seats_max=ticks.LEARNERS, lesson=ticks.LESSON_TEXT),
    "map": Part(_("The map"), (maps.changes, maps.at_rest), seats_max=maps.LEARNERS + 1),
    "crowd": Part(_("A full house"), (crowd.full_house,), seats_max=crowd.SEATS),
}


class Command(BaseCommand):
    help = "Measure what keys, commands, seats, pages and ticks cost, side by side with the engine alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts")

    def handle(self, *args: Any, only: list[str], **options: Any) -> None:
        try:
            with running_engine(self._say) as socket:
                rows = asyncio.run(self._measure([PARTS[name] for name in only], socket))
        except EngineError as error:
            raise CommandError(str(error)) from error
        Console(width=WIDTH).print(_table(rows))

    async def _measure(self, parts: list[Part], socket: str) -> list[Row]:
        engine, client = Engine(socket), EngineClient(socket)
        try:
            version = await client.negotiate()
            self._say(_("Engine %(version)s at %(socket)s") % {"version": version["Version"], "socket": socket})
            await ensure_images(engine, Mode(settings.IMAGES_MODE), self._say)
            rows: list[Row] = []
            for part in parts:
                self._say(part.says)
                async with stage(engine, client, part.warm, part.seats_max, part.lesson) as here:
                    for measure in part.measures:
                        rows += await measure(here)
            return rows
        finally:
            engine.close()

    def _say(self, text: str) -> None:
        self.stdout.write(f"==> {text}")
        self.stdout.flush()


def _table(rows: list[Row]) -> Table:
    caption = _("p99 of few samples is the worst one; beside a page stands an empty one, in the engine's place")
    table = Table(title=_("The playground beside the engine alone"), caption=caption)
    table.add_column("", no_wrap=True)
    tails = [f"p{tail}" for tail in TAILS]
    for heading in (_("playground"), *tails, _("engine"), *tails):
        table.add_column(heading, justify="right")
    table.add_column(_("aim"), no_wrap=True)
    table.add_column(_("met"))
    for row in rows:
        table.add_row(*row.cells())
    return table
