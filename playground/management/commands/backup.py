"""`manage.py backup`: all that is kept, in one file; with --restore, from one."""

import os
import sqlite3
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from playground import environ
from playground.keeping.backups import KEY, BadBackup, back_up, restore
from playground.ports import PortTaken, check_port


class Command(BaseCommand):
    help = "Write all that is kept into one file, while the server runs or not; or put it back while it does not run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: a new one in the data directory, by the time")
        parser.add_argument(
            "--restore", action="store_true", help="put back what FILE has; what is there is saved first"
        )

    def handle(self, *, file: Path | None, restore: bool, **options: object) -> None:
        if connection.vendor != "sqlite":
            raise CommandError(_("This is for SQLite. For PostgreSQL use pg_dump, and keep the secret key with it."))
        if restore and file is None:
            raise CommandError(_("Say which file to restore."))
        file = file or _by_the_time("backup")
        try:
            if restore:
                self._restore(file)
            else:
                self._back_up(file)
        except FileExistsError as error:
            raise CommandError(_("%(file)s is there already. Choose another name.") % {"file": file}) from error
        except (BadBackup, OSError, sqlite3.Error) as error:
            raise CommandError(str(error)) from error

    def _back_up(self, file: Path) -> None:
        back_up(_database(), settings.SECRET_KEY, file)
        self.stdout.write(_("Saved in %(file)s. Keep it where nobody else can read it.") % {"file": file})

    def _restore(self, file: Path) -> None:
        try:
            check_port(settings.HOST, settings.PORT)
        except PortTaken as error:
            raise CommandError(_("Stop the playground first: something listens on its port.")) from error
        if _database().exists():
            self._back_up(_by_the_time("before-restore"))
        key = restore(file, _database(), MigrationLoader(None).disk_migrations.keys())
        self._keep_key(key)
        call_command("migrate", verbosity=0)
        self.stdout.write(_("Restored. Start the playground again."))

    def _keep_key(self, key: str) -> None:
        own = settings.DATA_DIR / KEY
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(key)
        if environ.text("PLAYGROUND_SECRET_KEY") not in ("", key):
            text = _(
                "PLAYGROUND_SECRET_KEY is not the backup's, which is in %(file)s: with it guests are not known again."
            )
            self.stderr.write(text % {"file": own})


def _database() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _by_the_time(name: str) -> Path:
    """A file of the data directory."""
    file: Path = settings.DATA_DIR / f"{name}-{timezone.now():%Y%m%d-%H%M%S}.tar.gz"
    return file
