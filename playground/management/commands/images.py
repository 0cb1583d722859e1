"""manage.py images: put the seat image and the catalogue on the engine, and list the catalogue."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from playground.engine import find
from playground.engine.api import Engine
from playground.engine.errors import EngineError
from playground.engine.images import CatalogueImage, Mode, ensure_images


class Command(BaseCommand):
    help = "Pull or assemble the seat image and the images that learners may pull."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mode",
            type=Mode,
            choices=list(Mode),
            default=settings.IMAGES_MODE,
            help="auto: make what is missing or outdated; online: renew all from the registry; offline: never ask it",
        )

    def handle(self, *args: Any, mode: Mode, **options: Any) -> None:
        try:
            socket = find.find(settings.ENGINE_SOCKET, settings.RUN_DIR)
            if socket is None:
                raise CommandError(_("No engine answers. Start one with: make run, or manage.py engine"))
            images = asyncio.run(self._ensure(socket, mode))
        except (EngineError, TimeoutError) as error:
            raise CommandError(str(error)) from error
        for image in images:
            self.stdout.write(
                f"{image.reference:24} {image.image_id.removeprefix('sha256:')[:12]}  {image.description}"
            )

    async def _ensure(self, socket: str, mode: Mode) -> list[CatalogueImage]:
        engine = Engine(socket)
        try:
            return await ensure_images(engine, mode, self.stdout.write)
        finally:
            engine.close()
