"""What is kept, saved while it is in use, and put back; on databases of two rows, and once by the command itself."""

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from playground.keeping.backups import KEY, BadBackup, back_up, restore
from tests.live import NOT_OURS

KNOWN = [("classroom", "0001_initial")]


@contextlib.contextmanager
def opened(database: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(database)) as rows, rows:
        yield rows


def names(database: Path) -> list[str]:
    with opened(database) as rows:
        return [name for (name,) in rows.execute("SELECT name FROM learner ORDER BY name")]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Ada is in it."""
    path = tmp_path / "db.sqlite3"
    with opened(path) as rows:
        rows.execute("PRAGMA journal_mode=WAL")
        rows.execute("CREATE TABLE django_migrations (app, name)")
        rows.execute("CREATE TABLE learner (name)")
        rows.executemany("INSERT INTO django_migrations VALUES (?, ?)", KNOWN)
        rows.execute("INSERT INTO learner VALUES ('Ada')")
    return path


def test_what_was_lost_after_a_backup_comes_back_and_what_came_goes(database: Path, tmp_path: Path) -> None:
    back_up(database, "a key", tmp_path / "saved")
    with opened(database) as rows:
        rows.execute("UPDATE learner SET name = 'Ben'")

    assert restore(tmp_path / "saved", database, KNOWN) == "a key"
    assert names(database) == ["Ada"]


def test_a_backup_on_a_new_machine_makes_the_database(database: Path, tmp_path: Path) -> None:
    back_up(database, "a key", tmp_path / "saved")
    restore(tmp_path / "saved", tmp_path / "new.sqlite3", KNOWN)
    assert names(tmp_path / "new.sqlite3") == ["Ada"]


def test_somebody_who_writes_meanwhile_is_not_in_the_way(database: Path, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(database)) as writer:
        writer.execute("INSERT INTO learner VALUES ('Ben')")  # in a transaction that is still open
        back_up(database, "a key", tmp_path / "saved")
        writer.commit()
    restore(tmp_path / "saved", database, KNOWN)
    assert names(database) == ["Ada"]


def test_nobody_else_can_read_it_and_nothing_is_left_beside_it(database: Path, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    back_up(database, "a key", tmp_path / "saved")
    restore(tmp_path / "saved", database, KNOWN)
    assert stat.S_IMODE((tmp_path / "saved").stat().st_mode) == 0o600
    assert set(tmp_path.iterdir()) - before - {tmp_path / "saved"} <= {
        tmp_path / "db.sqlite3-wal",
        tmp_path / "db.sqlite3-shm",
    }


def test_a_file_that_is_there_is_not_overwritten(database: Path, tmp_path: Path) -> None:
    (tmp_path / "saved").write_text("the only copy")
    with pytest.raises(FileExistsError):
        back_up(database, "a key", tmp_path / "saved")
    assert (tmp_path / "saved").read_text() == "the only copy"


def cut_off(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])


def of_another_program(saved: Path) -> None:
    (other := saved.with_name("other")).write_text("holiday pictures")
    with tarfile.open(saved, "w:gz") as tar:
        tar.add(other, "other")


def without_a_database(saved: Path) -> None:
    (key := saved.with_name(KEY)).write_text("a key")
    with tarfile.open(saved, "w:gz") as tar:
        tar.add(key, KEY)
        tar.add(key, "db.sqlite3")


@pytest.mark.parametrize("spoil", [cut_off, of_another_program, without_a_database])
def test_what_is_no_backup_changes_nothing(database: Path, tmp_path: Path, spoil: object) -> None:
    back_up(database, "a key", tmp_path / "saved")
    assert callable(spoil)
    spoil(tmp_path / "saved")
    with pytest.raises(BadBackup):
        restore(tmp_path / "saved", database, KNOWN)
    assert names(database) == ["Ada"]


def test_a_backup_of_a_newer_playground_is_refused_and_says_so(database: Path, tmp_path: Path) -> None:
    back_up(database, "a key", tmp_path / "saved")
    with pytest.raises(BadBackup, match=r"newer playground, with classroom\.0001_initial"):
        restore(tmp_path / "saved", database, [])


def test_an_operator_moves_a_playground_to_another_machine(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    manage(old, "migrate")
    manage(old, "shell", "-c", "from playground.classroom.models import Learner; Learner.objects.create_user('ada')")
    manage(old, "backup", str(tmp_path / "saved"))
    new.mkdir()
    (new / "db.sqlite3").touch()

    manage(new, "backup", "--restore", str(tmp_path / "saved"))

    with opened(new / "db.sqlite3") as rows:
        assert rows.execute("SELECT username FROM classroom_learner").fetchall() == [("ada",)]
    assert (new / KEY).read_text() == (old / KEY).read_text()
    assert len(list(new.glob("before-restore-*"))) == 1


def manage(data: Path, *arguments: str) -> str:
    """Run `manage.py` as an operator does, on a data directory and a port of its own."""
    outside = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment = {**outside, "PLAYGROUND_DATA_DIR": str(data), "PLAYGROUND_PORT": "0"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
