"""What manage.py doctor says about an engine."""

from dataclasses import replace
from pathlib import Path

import pytest

from playground.engine.images import CatalogueImage
from playground.engine.info import EngineInfo
from playground.gateway.limits import MIB, Limits
from playground.management.commands.doctor import Findings, Row, State, row_of_keys, row_of_ports, rows_of_engine

GOOD = Findings(
    info=EngineInfo(
        version="28.2.2",
        api_version="1.50",
        storage_driver="btrfs",
        cgroup_driver="systemd",
        cgroup_version=2,
        userns=True,
        no_new_privileges=True,
        memory=8192 * MIB,
        cpus=4,
        root_dir="/var/lib/docker",
        disk_quota=True,
    ),
    socket="/run/engine.sock",
    quota_stopped=False,
    has_seat_image=True,
    has_compose=True,
    catalogue=[CatalogueImage("busybox:latest", "sha256:1", "A shell")],
)


def row(found: Findings, subject: str) -> Row:
    return next(row for row in rows_of_engine(found, Limits(), 0) if row.subject == subject)


def test_an_engine_that_has_everything_needs_no_advice() -> None:
    assert {(row.state, row.advice) for row in rows_of_engine(GOOD, Limits(), 0)} == {(State.OK, "")}


@pytest.mark.parametrize(
    ("found", "subject", "state", "advice"),
    [
        (replace(GOOD, info=replace(GOOD.info, cgroup_driver="none")), "cgroups", State.MISSING, "runs as root"),
        (replace(GOOD, info=replace(GOOD.info, userns=False)), "user namespaces", State.WARN, "userns-remap"),
        (replace(GOOD, info=replace(GOOD.info, disk_quota=False)), "disk quota", State.WARN, "btrfs-progs"),
        (replace(GOOD, quota_stopped=True), "disk quota", State.WARN, "own engine"),
        (replace(GOOD, has_seat_image=False), "images", State.MISSING, "manage.py images"),
        (replace(GOOD, has_compose=False), "docker compose", State.WARN, "scripts/setup.sh"),
        (replace(GOOD, catalogue=[]), "images", State.MISSING, "manage.py images"),
    ],
)
def test_what_is_missing_comes_with_what_to_do(found: Findings, subject: str, state: State, advice: str) -> None:
    told = row(found, subject)

    assert told.state is state
    assert advice in told.advice


def test_the_seats_that_fit_come_with_the_memory_and_the_budget_they_are_counted_from() -> None:
    assert "on 8192 MiB: a budget of 256 MiB each" in row(GOOD, "seats that fit").found


def test_a_kernel_with_few_keys_comes_with_the_command_that_gives_more(tmp_path: Path) -> None:
    for name, number in {"maxkeys": 200, "maxbytes": 10**9}.items():
        (tmp_path / name).write_text(f"{number}\n")
    told = row_of_keys(tmp_path)
    assert (told.state, "sysctl -w kernel.keys.maxkeys=" in told.advice) == (State.WARN, True)
    (tmp_path / "maxkeys").write_text("1000000\n")
    assert row_of_keys(tmp_path).state is State.OK


def test_who_runs_the_playground_without_root_is_told_what_learners_cannot_do() -> None:
    assert row_of_ports(root=True).state is State.OK
    told = row_of_ports(root=False)
    assert (told.state, "-p is refused" in told.advice) == (State.WARN, True)
