"""manage.py lessons: lint, new, test and coverage, for those who write lessons."""

import asyncio
import logging
import os
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console

from playground.authoring import show, skeleton
from playground.authoring.desk import Looked, UnknownLesson, look
from playground.authoring.trials import hold, trials
from playground.curriculum.course import FILE
from playground.curriculum.model import Lesson
from playground.curriculum.syllabus import coverage
from playground.engine.api import Engine
from playground.engine.errors import EngineError
from playground.engine.images import Mode, ensure_images, read_plans
from playground.running import running_engine
from playground.seats.rules import Rules

SEATS_EACH = 2  # for each processor: half of a rehearsal is waiting for stops and exits


class Command(BaseCommand):
    help = "Write lessons: lint them, make a new one, try them in real seats, see what the course covers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        lint = actions.add_parser("lint", help="name every mistake with its file and line; exit 1 if there is one")
        lint.add_argument("lesson", nargs="?", default="", help="a slug or a path; all lessons without")
        new = actions.add_parser("new", help="make a lesson to start from, after the last one")
        new.add_argument("slug")
        new.add_argument("--title", default="")
        test = actions.add_parser("test", help="type the solves and the wrong ways into real seats")
        test.add_argument("lesson", nargs="?", default="", help="a slug or a path; all lessons without")
        test.add_argument("--step", default="", help="this step alone, by its id or its number")
        test.add_argument(
            "--quick", action="store_true", help="one fresh seat for each lesson, not for each of its steps"
        )
        test.add_argument(
            "--jobs", type=int, default=SEATS_EACH * (os.cpu_count() or 1), help="seats at once (%(default)s)"
        )
        actions.add_parser("coverage", help="row by row of the syllabus, the steps that teach it; exit 1 on a gap")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            {"lint": self._lint, "new": self._new, "test": self._test, "coverage": self._coverage}[action](options)
        except (UnknownLesson, EngineError) as error:
            raise CommandError(str(error)) from error

    def _lint(self, options: dict[str, Any]) -> None:
        looked = _look(options["lesson"])
        self._report(looked)
        count = len(looked)
        self.stdout.write(ngettext("%d lesson, no mistakes", "%d lessons, no mistakes", count) % count)

    def _new(self, options: dict[str, Any]) -> None:
        directory = settings.LESSONS_DIR
        try:
            folder = directory / skeleton.folder(options["slug"], [path.name for path in directory.iterdir()])
        except ValueError as error:
            raise CommandError(str(error)) from error
        folder.mkdir()
        (folder / FILE).write_text(skeleton.text(options["slug"], options["title"]), encoding="utf-8")
        self.stdout.write(os.path.relpath(folder / FILE))

    def _coverage(self, options: dict[str, Any]) -> None:
        rows = coverage(_lessons(_look("")))
        Console().print(show.coverage(rows))
        if gaps := [row for row, steps in rows.items() if not steps]:
            raise CommandError(_("Not taught: %(rows)s") % {"rows": ", ".join(map(str, gaps))})

    def _test(self, options: dict[str, Any]) -> None:
        looked = _look(options["lesson"])
        self._report(looked)
        planned = trials(_lessons(looked), options["step"], fresh=not options["quick"])
        if not planned:
            raise CommandError(_("There is no step `%(step)s`") % {"step": options["step"]})
        files = {each.lesson.slug: os.path.relpath(each.file) for each in looked if each.lesson}
        logging.getLogger("playground.gateway").setLevel(logging.ERROR)  # refusals are what wrong ways are about
        with running_engine(self.stdout.write) as socket:
            asyncio.run(_images(socket, self.stdout.write))
            with show.bar(planned) as tick:
                outcomes = asyncio.run(hold(socket, Rules.from_settings(), planned, max(1, options["jobs"]), tick))
        for line in show.report(outcomes, files):
            self.stdout.write(line)
        problems = sum(len(outcome.problems) for outcome in outcomes)
        if problems:
            raise CommandError(ngettext("%d problem", "%d problems", problems) % problems)
        self.stdout.write(_("All keep their promises"))

    def _report(self, looked: Sequence[Looked]) -> None:
        """Nothing where there are no errors."""
        errors = [error for each in looked for error in each.errors]
        for error in errors:
            self.stdout.write(str(error))
        if errors:
            raise CommandError(ngettext("%d mistake", "%d mistakes", len(errors)) % len(errors))


def _look(asked: str) -> list[Looked]:
    return look(settings.LESSONS_DIR, [plan.name for plan in read_plans() if plan.description], asked)


def _lessons(looked: Sequence[Looked]) -> list[Lesson]:
    return [each.lesson for each in looked if each.lesson]


async def _images(socket: str, say: Any) -> None:
    engine = Engine(socket)
    try:
        await ensure_images(engine, Mode(settings.IMAGES_MODE), say)
    finally:
        engine.close()
