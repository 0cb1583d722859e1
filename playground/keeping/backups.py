"""All that is kept, in one file that only its owner can read: the database, and the key without which guests, who have
no password, would not be known again. Taken while the server runs, put back while it does not. For SQLite.
"""

import contextlib
import io
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Collection
from pathlib import Path

DATABASE, KEY = "db.sqlite3", "secret-key"
LARGEST_KEY = 4096  # bytes


class BadBackup(Exception):
    """Says what is wrong with the file."""


def back_up(database: Path, key: str, target: Path) -> None:
    """What is written meanwhile is in it or not, whole. Raises FileExistsError, and other OSErrors."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:  # its mode is 0700
        copy, packed = Path(folder) / DATABASE, Path(folder) / "packed"
        _copy(database, copy)
        with tarfile.open(packed, "w:gz") as tar:
            tar.add(copy, DATABASE)
            entry = tarfile.TarInfo(KEY)
            entry.size, entry.mode = len(key.encode()), 0o600
            tar.addfile(entry, io.BytesIO(key.encode()))
        packed.chmod(0o600)
        os.link(packed, target)  # unlike a rename, never over a file that is there


def restore(source: Path, database: Path, known: Collection[tuple[str, str]]) -> str:
    """Make the database what the backup has; returns the key. `known` are this playground's migrations, (app, name): a
    backup with others is of a newer one. Raises BadBackup before anything is changed, and OSError."""
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as folder:
        unpacked = Path(folder) / DATABASE
        key = _unpack(source, unpacked)
        _check(unpacked, known)
        _copy(unpacked, database)
    return key


def _copy(source: Path, target: Path) -> None:
    """SQLite's own way, whatever is written meanwhile, its log of changes included."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as one,
        contextlib.closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other)


def _unpack(source: Path, target: Path) -> str:
    try:
        with tarfile.open(source, "r:gz") as tar:
            database, key = tar.extractfile(DATABASE), tar.extractfile(KEY)
            if database is None or key is None:
                raise BadBackup("This is no backup of a playground.")
            with target.open("wb") as file:
                while part := database.read(1024 * 1024):
                    file.write(part)
            return key.read(LARGEST_KEY).decode()
    except (tarfile.TarError, zlib.error, EOFError, KeyError, UnicodeDecodeError) as error:
        raise BadBackup(f"This is no backup of a playground, or it is cut off: {error}") from error


def _check(database: Path, known: Collection[tuple[str, str]]) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as rows:
            (state,) = rows.execute("PRAGMA integrity_check").fetchone()
            applied = set(rows.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"The database in it cannot be read: {error}") from error
    if state != "ok":
        raise BadBackup(f"The database in it is damaged: {state}")
    if newer := sorted(applied - set(known)):
        raise BadBackup(f"It is of a newer playground, with {'.'.join(newer[0])}. Update this one first.")
