"""manage.py seat: a fresh seat in one's own terminal; manage.py seat run FILE: a shell script in one."""

import asyncio
import os
import signal
import sys
import termios
import tty
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from playground.engine.client import Wire
from playground.engine.errors import EngineError
from playground.engine.find import find
from playground.seats.alone import alone, run_script
from playground.seats.rules import Rules
from playground.terminal.frames import Resize
from playground.terminal.line import Line, typeable

INTERRUPTED = 130


class Command(BaseCommand):
    help = "Open a fresh seat in this terminal, or run a shell script in one. Nothing of the seat is left afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=["run"], help="run a script instead of opening a terminal")
        parser.add_argument("file", nargs="?", type=Path, help="the script, for sh")

    def handle(self, *args: Any, action: str | None, file: Path | None, **options: Any) -> None:
        if (action is None) != (file is None):
            raise CommandError(_("Say which script to run: manage.py seat run FILE"))
        try:
            sys.exit(asyncio.run(_until_ended(_run(_read(file)) if file else _open())))
        except (KeyboardInterrupt, asyncio.CancelledError):
            sys.exit(INTERRUPTED)
        except EngineError as error:
            raise CommandError(str(error)) from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": file, "why": error.strerror}) from error


async def _until_ended(work: Any) -> int:
    """SIGTERM and a closed terminal end the seat as Ctrl-C does."""
    task = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return int(await task)


def _socket() -> str:
    if found := find(settings.ENGINE_SOCKET, settings.RUN_DIR):
        return found
    raise CommandError(_("No engine answers. Start one with: manage.py engine"))


async def _run(script: bytes) -> int:
    def write(output: bytes) -> None:
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()

    async with alone(_socket(), Rules.from_settings()) as seat:
        return await run_script(seat, script, write)


async def _open() -> int:
    if not sys.stdin.isatty():
        raise CommandError(_("This needs a terminal. For a script: manage.py seat run FILE"))
    async with alone(_socket(), Rules.from_settings()) as seat:
        line = Line(seat.client, seat.container_id)
        wire = await line.attach()
        with _raw(sys.stdin.fileno()):
            await line.redraw(_size())
            await _talk(line, wire)
        return await line.exit_code() or 0


async def _talk(line: Line, wire: Wire) -> None:
    """Until process 1 ends."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Queue[bytes] = asyncio.Queue()
    resized = asyncio.Event()

    async def send() -> None:
        while True:
            await wire.write(typeable(await typed.get()))

    async def resize() -> None:
        while await resized.wait():
            resized.clear()
            await line.resize(_size())

    def read() -> None:
        if keys := os.read(sys.stdin.fileno(), 4096):
            typed.put_nowait(keys)
        else:  # the terminal was closed
            loop.remove_reader(sys.stdin.fileno())

    loop.add_reader(sys.stdin.fileno(), read)
    loop.add_signal_handler(signal.SIGWINCH, resized.set)
    helpers = [asyncio.create_task(send()), asyncio.create_task(resize())]
    try:
        while output := await wire.read():
            sys.stdout.buffer.write(output)
            sys.stdout.buffer.flush()
    finally:
        loop.remove_reader(sys.stdin.fileno())
        loop.remove_signal_handler(signal.SIGWINCH)
        for helper in helpers:
            helper.cancel()
        wire.close()


@contextmanager
def _raw(descriptor: int) -> Iterator[None]:
    """Each key goes to the seat as it is, Ctrl-C too."""
    before = termios.tcgetattr(descriptor)
    tty.setraw(descriptor)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _size() -> Resize:
    size = os.get_terminal_size(sys.stdout.fileno())
    return Resize(size.columns, size.lines)
