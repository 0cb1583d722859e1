"""A command in a running container: what it gets, what comes back, and when it ends."""

from collections.abc import AsyncIterator

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.errors import Conflict, NotFound
from playground.engine.execs import TIMED_OUT
from playground.engine.images import SEAT_REFERENCE, CatalogueImage


@pytest.fixture
async def container(engine: Engine, instance: str, catalogue_images: list[CatalogueImage]) -> AsyncIterator[str]:
    spec = {
        "Image": SEAT_REFERENCE,
        "Tty": True,
        "OpenStdin": True,
        "Labels": {labels.INSTANCE: instance, labels.ROLE: labels.ROLE_HELPER},
        "HostConfig": {"NetworkMode": "none", "CapDrop": ["ALL"]},
    }
    made = await engine.create("", spec)
    await engine.start(made)
    yield made
    await engine.remove(made)


async def test_a_command_gives_its_output_its_errors_and_its_exit_code(engine: Engine, container: str) -> None:
    ran = await engine.exec(container, ["sh", "-c", "echo out; echo err >&2; exit 3"])

    assert ran.exit_code == 3
    assert sorted(ran.output.splitlines()) == [b"err", b"out"]


async def test_a_command_reads_all_of_its_input_while_it_writes(engine: Engine, container: str) -> None:
    text = b"0123456789abcde\n" * 100_000

    ran = await engine.exec(container, ["cat"], stdin=text, limit=len(text) + 1)

    assert ran == (0, text)


async def test_output_beyond_the_limit_is_dropped_and_the_exit_code_still_comes(engine: Engine, container: str) -> None:
    ran = await engine.exec(container, ["sh", "-c", "head -c 1000000 /dev/zero; exit 5"], limit=1000)

    assert ran == (5, b"\0" * 1000)


async def test_a_command_that_takes_too_long_is_killed_with_its_children(engine: Engine, container: str) -> None:
    ran = await engine.exec(container, ["sh", "-c", "echo begun; sleep 12345 & sleep 12345"], timeout=3.0)

    assert ran == (TIMED_OUT, b"begun\n")
    # The kernel ends them a moment after the signal was sent: the shell waits until none has a command line.
    none_left = "while grep -qs '1234[5]' /proc/[0-9]*/cmdline; do :; done"
    assert (await engine.exec(container, ["sh", "-c", none_left])).exit_code == 0


async def test_a_command_that_does_not_exist_ends_as_the_shell_has_it(engine: Engine, container: str) -> None:
    assert (await engine.exec(container, ["no-such-command"])).exit_code in {126, 127}


async def test_a_stopped_container_runs_nothing(engine: Engine, container: str) -> None:
    await engine.kill(container)

    with pytest.raises(Conflict):
        await engine.exec(container, ["true"])


async def test_a_container_that_is_gone_runs_nothing(engine: Engine, container: str) -> None:
    await engine.remove(container)

    with pytest.raises(NotFound):
        await engine.exec(container, ["true"])
