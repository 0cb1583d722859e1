"""The same commands through the gateway and straight at an engine of one's own, on two versions of the engine.

What differs stands in differences.toml line by line, and with its reason in docs/explanation/gateway.md.
"""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from playground.engine.client import EngineClient
from tests.engine.faithful.differences import Listed, read_differences
from tests.engine.faithful.player import Player
from tests.engine.faithful.scripts import Script, read_scripts
from tests.engine.faithful.stage import INSTALLED, OLDEST_API, TRIXIE, Release, clean, gateway_over, ones_own, ours

RELEASES = {"installed": INSTALLED, "newer": TRIXIE}
SCRIPTS = {script.name: script for script in read_scripts()}
SEATS_AT_ONCE = 2
Lines = list[list[str]]  # of each command of a script


@dataclass
class Played:
    """With one version of the engine: what the commands of each script have printed."""

    engine: dict[str, str]  # its own answer to `GET /version`
    own: dict[str, Lines] = field(default_factory=dict)
    here: dict[str, Lines] = field(default_factory=dict)


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    """Both at once: the commands wait more than they work."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(RELEASES, pool.map(_play, RELEASES.values()), strict=True))


def _play(release: Release) -> Played:
    with ExitStack() as stack:
        mine = stack.enter_context(ours(release))
        own = stack.enter_context(ones_own(release, mine))
        return asyncio.run(_both_sides(release.cli, mine.socket, own.socket))


async def _both_sides(cli: Path, mine: Path, own: Path) -> Played:
    played, room = Played(await EngineClient(str(mine)).negotiate()), asyncio.Semaphore(SEATS_AT_ONCE)

    async def on_ones_own() -> None:
        for script in SCRIPTS.values():
            played.own[script.name] = await Player(cli, own).play(script)
            await clean(cli, own)

    async with gateway_over(str(mine), f"test-{secrets.token_hex(4)}") as seats:

        async def in_a_seat(script: Script) -> None:
            async with room, seats.one(secrets.token_hex(6)) as socket:
                played.here[script.name] = await Player(cli, socket).play(script)

        await asyncio.gather(on_ones_own(), *map(in_a_seat, SCRIPTS.values()))
    return played


@pytest.mark.parametrize(("release", "name"), [(release, name) for release in RELEASES for name in SCRIPTS])
def test_a_script_prints_what_it_prints_on_an_engine_of_ones_own(
    played: dict[str, Played], release: str, name: str
) -> None:
    differs = _differs(played[release], SCRIPTS[name], Listed(read_differences()))
    assert not differs, "\n".join(["", *differs])


def test_every_line_of_the_list_still_differs(played: dict[str, Played]) -> None:
    listed = Listed(read_differences())
    for one in played.values():
        for script in SCRIPTS.values():
            _differs(one, script, listed)
    assert listed.unseen() == []


def _differs(played: Played, script: Script, listed: Listed) -> list[str]:
    found = []
    for command, own, here in zip(script.commands, played.own[script.name], played.here[script.name], strict=True):
        if lines := listed.unlisted(command.line, own, here):
            found += [f"$ {command.line}", *(f"    {line}" for line in lines)]
    return found


def test_the_two_engines_differ_and_the_newer_one_refuses_older_calls(played: dict[str, Played]) -> None:
    installed, newer = played["installed"].engine, played["newer"].engine
    assert installed["Version"] != newer["Version"]
    assert newer["MinAPIVersion"] == OLDEST_API
