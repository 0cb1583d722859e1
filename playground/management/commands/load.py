"""manage.py load: a class of learners and their teacher on a server of its own, as their browsers would be."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from playground.bench.figures import Row
from playground.bench.stage import MANY_JOINS, stage
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.engine.images import Mode, ensure_images
from playground.load.figures import TAILS, cells
from playground.load.hour import Outcome, Plan, hold
from playground.load.pace import PACES
from playground.pages.course import course
from playground.running import running_engine

WIDTH = 120
HUMAN = "human"  # the pace that the aims are for
LOG = "load.log"  # in the data directory
LONG_ENOUGH = 5.0  # minutes after which memory may be judged


class Command(BaseCommand):
    help = "Have a class join, work through the first lesson and leave, and say what that was like; exit 1 if not well."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--learners", type=int, default=30, help="who join at once (default: %(default)s)")
        parser.add_argument("--pace", choices=PACES, default=HUMAN, help="how fast they type and think")
        parser.add_argument("--minutes", type=float, default=0, help="one class after another for so long")

    def handle(self, *args: Any, learners: int, pace: str, minutes: float, **options: Any) -> None:
        if not course().lessons:
            raise CommandError(_("There is no lesson to work through: manage.py lessons lint says why."))
        plan = Plan(course().lessons[0], learners, PACES[pace], 60 * minutes)
        try:
            with running_engine(self._say) as socket:
                outcome = asyncio.run(self._hold(plan, socket))
        except EngineError as error:
            raise CommandError(str(error)) from error
        rows = outcome.figures.rows(judged=pace == HUMAN, stays_flat=minutes >= LONG_ENOUGH)
        self._report(outcome, rows)

    async def _hold(self, plan: Plan, socket: str) -> Outcome:
        engine, client = Engine(socket), EngineClient(socket)
        again = plan.seconds > 0  # seats of one class end while the next one has come
        seats, joins = (2 * plan.learners, MANY_JOINS) if again else (plan.learners, settings.JOINS_PER_HOUR)
        try:
            await client.negotiate()
            await ensure_images(engine, Mode(settings.IMAGES_MODE), self._say)
            self._say(_("Waiting for %(count)d warm seats") % {"count": plan.learners})
            async with stage(engine, client, plan.learners, seats, joins=joins) as here:
                return await hold(here, plan, self._say)
        finally:
            engine.close()

    def _report(self, outcome: Outcome, rows: list[Row]) -> None:
        Console(width=WIDTH).print(_table(rows))
        self._say(_("%(finished)d of %(came)d finished") % {"finished": outcome.finished, "came": outcome.came})
        for fault in outcome.faults:
            self._say(_("went wrong: %(what)s") % {"what": fault})
        for thing in outcome.left:
            self._say(_("was left: %(what)s") % {"what": thing})
        missed = [row.what for row in rows if row.aim and not row.aim.met]
        if outcome.faults or outcome.left or missed or outcome.finished < outcome.came:
            kept = settings.DATA_DIR / LOG
            kept.write_text(outcome.log)
            raise CommandError(_("Not well: see above. The server's log: %(file)s") % {"file": kept})
        self._say(_("No error, and nothing is left"))

    def _say(self, text: str) -> None:
        self.stdout.write(f"==> {text}")
        self.stdout.flush()


def _table(rows: list[Row]) -> Table:
    table = Table(title=_("A class at work"))
    table.add_column("", no_wrap=True)
    for heading in (_("median"), *(f"p{tail}" for tail in TAILS[:-1]), _("worst")):
        table.add_column(heading, justify="right")
    table.add_column(_("aim"), no_wrap=True)
    table.add_column(_("met"))
    for row in rows:
        table.add_row(*cells(row))
    return table
