"""manage.py doctor: what this machine gives the playground, and what to do about what is missing."""

import asyncio
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from playground.engine import find, keyrings, labels
from playground.engine.api import Engine
from playground.engine.errors import EngineError, NotFound
from playground.engine.images import SEAT_REFERENCE, CatalogueImage, catalogue
from playground.engine.info import EngineInfo, quota_has_stopped
from playground.gateway.limits import MIB, Limits
from playground.seats.capacity import how_many

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class State(StrEnum):
    OK = "ok"
    WARN = "warn"  # it works, with less than it could give
    MISSING = "missing"  # no learner gets a seat without it


COLOURS = {State.OK: "green", State.WARN: "yellow", State.MISSING: "red"}


@dataclass(frozen=True, slots=True)
class Row:
    subject: str
    state: State
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an engine that answers has."""

    info: EngineInfo
    socket: str
    quota_stopped: bool
    has_seat_image: bool
    has_compose: bool
    catalogue: list[CatalogueImage]


class Command(BaseCommand):
    help = "Show what this machine gives, and what to do about what is missing. Exits 1 when something needed is."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [*_engine_rows(), *_machine_rows()]
        table = Table(_("what"), "", _("found"), _("what to do"))
        for row in rows:
            table.add_row(row.subject, f"[{COLOURS[row.state]}]{row.state}[/]", row.found, row.advice)
        Console().print(table)
        if any(row.state is State.MISSING for row in rows):
            sys.exit(1)


def _engine_rows() -> Iterable[Row]:
    try:
        socket = find.find(settings.ENGINE_SOCKET, settings.RUN_DIR)
        if socket is not None:
            return rows_of_engine(asyncio.run(_look(socket)), settings.LIMITS, settings.SEATS_MAX)
        advice = _("Run make run: it starts the playground's own, or says what to install.")
        return [Row(_("engine"), State.MISSING, _("none answers"), advice)]
    except EngineError as error:
        return [Row(_("engine"), State.MISSING, _("none to use"), str(error))]


async def _look(socket: str) -> Findings:
    engine = Engine(socket)
    try:
        info = await engine.info()
        try:
            seat_labels = (await engine.inspect_image(SEAT_REFERENCE))["Config"]["Labels"]
        except NotFound:
            seat_labels = None
        stopped = info.storage_driver == "btrfs" and quota_has_stopped(info.root_dir)
        has_compose = labels.COMPOSE in (seat_labels or {})
        return Findings(info, socket, stopped, seat_labels is not None, has_compose, await catalogue(engine))
    finally:
        engine.close()


def rows_of_engine(found: Findings, limits: Limits, seats_max: int) -> list[Row]:
    info = found.info
    return [
        Row(_("engine"), State.OK, f"Docker Engine {info.version}, API {info.api_version}, {found.socket}"),
        _cgroups(info),
        _user_namespace(info),
        Row(
            _("no new privileges"),
            State.OK,
            _("for every container") if info.no_new_privileges else _("set by the playground on each container"),
        ),
        _disk_quota(found),
        _images(found),
        _compose(found.has_compose),
        _seats(info, limits, seats_max),
    ]


def _cgroups(info: EngineInfo) -> Row:
    found = _("version %(version)d, driver %(driver)s") % {"version": info.cgroup_version, "driver": info.cgroup_driver}
    if info.cgroup_driver == "none":
        return Row(_("cgroups"), State.MISSING, found, _("A seat needs a budget: use an engine that runs as root."))
    return Row(_("cgroups"), State.OK, found)


def _user_namespace(info: EngineInfo) -> Row:
    if info.userns:
        return Row(_("user namespaces"), State.OK, _("root in a container is nobody outside"))
    advice = _('Set "userns-remap": "default" in /etc/docker/daemon.json, or use the playground\'s own engine.')
    return Row(_("user namespaces"), State.WARN, _("root in a container is root outside"), advice)


def _disk_quota(found: Findings) -> Row:
    subject, driver = _("disk quota"), found.info.storage_driver
    if found.quota_stopped:
        advice = _(
            "Use the playground's own engine: this kernel's older btrfs quota breaks when a container is removed."
        )
        return Row(subject, State.WARN, _("%(driver)s, but the kernel stopped counting") % {"driver": driver}, advice)
    if found.info.disk_quota:
        return Row(subject, State.OK, _("hard, for each container (%(driver)s)") % {"driver": driver})
    advice = _("A learner can fill the engine's disk: use the playground's own engine with btrfs-progs installed.")
    return Row(subject, State.WARN, _("none (%(driver)s)") % {"driver": driver}, advice)


def _images(found: Findings) -> Row:
    names = ", ".join(image.reference for image in found.catalogue)
    if found.has_seat_image and found.catalogue:
        return Row(_("images"), State.OK, _("the seat's; catalogue: %(names)s") % {"names": names})
    advice = _("Run manage.py images; make run does it, too.")
    return Row(_("images"), State.MISSING, names or _("none"), advice)


def _compose(has_it: bool) -> Row:
    if has_it:
        return Row(_("docker compose"), State.OK, _("in every seat"))
    advice = _(
        "Run scripts/setup.sh where apt reaches Debian's packages, or install the plugin; then manage.py images."
    )
    return Row(_("docker compose"), State.WARN, _("not in the seat image"), advice)


def _seats(info: EngineInfo, limits: Limits, seats_max: int) -> Row:
    seats = how_many(seats_max, info.memory, limits.memory)
    words = {"seats": seats, "memory": info.memory // MIB, "budget": limits.memory // MIB}
    found = _(
        "%(seats)d at once on %(memory)d MiB: a budget of %(budget)d MiB each, seldom used in full; 5 MiB when idle"
    )
    return Row(_("seats that fit"), State.OK, found % words)


def _machine_rows() -> list[Row]:
    return [
        Row(_("kernel"), State.OK, f"{platform.release()}: {_disk_file_systems()}"),
        row_of_keys(keyrings.SETTINGS),
        row_of_ports(os.geteuid() == 0),
        _rights(os.geteuid() == 0, shutil.which("apt-get") is not None),
        _chromium(next(filter(None, map(shutil.which, CHROMIUM)), None)),
    ]


def _disk_file_systems() -> str:
    known = {line.split()[-1] for line in Path("/proc/filesystems").read_text().splitlines()}
    return ", ".join(sorted(known & {"btrfs", "xfs"})) or _("neither btrfs nor xfs loaded")


def row_of_keys(settings: Path) -> Row:
    """Of an engine that is not our own nobody else raises them."""
    if all(int((settings / name).read_text()) >= wanted for name, wanted in keyrings.ENOUGH.items()):
        return Row(_("keys of the kernel"), State.OK, _("enough for many containers"))
    wanted = " ".join(f"kernel.keys.{name}={number}" for name, number in keyrings.ENOUGH.items())
    advice = _("sysctl -w %(wanted)s; the playground's own engine sees to it.") % {"wanted": wanted}
    return Row(
        _("keys of the kernel"), State.WARN, _("enough for some 200 containers of all learners together"), advice
    )


def row_of_ports(root: bool) -> Row:
    """See gateway/publishing.py: sockets are opened inside of containers' networks."""
    if root:
        return Row(_("published ports"), State.OK, _("in learners' terminals, and behind a link on the page"))
    advice = _(
        "Run the playground as root on the engine's machine: -p is refused otherwise, and steps with it stay open."
    )
    return Row(_("published ports"), State.WARN, _("none without root"), advice)


def _rights(root: bool, debian: bool) -> Row:
    if root and debian:
        return Row(_("installing"), State.OK, _("root, with apt-get"))
    advice = _("Nothing to do while an engine answers; otherwise have docker.io and busybox-static installed.")
    return Row(_("installing"), State.WARN, _("no rights, or not Debian"), advice)


def _chromium(path: str | None) -> Row:
    if path:
        return Row(_("browser for the tests"), State.OK, path)
    return Row(_("browser for the tests"), State.WARN, _("none"), _("Only for make test, which installs chromium."))
