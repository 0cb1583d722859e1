"""Terminals and long streams through the gateway, with the real CLI on a real pty."""

import asyncio
import signal

import pytest

from playground.gateway.limits import Limits
from tests.engine.gateway.learners import Learner


@pytest.fixture
def limits() -> Limits:
    return Limits(upgrades=2)


@pytest.fixture
async def busybox(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")


DETACH = "\x10\x11"  # Ctrl-P Ctrl-Q


@pytest.mark.usefixtures("every_cli", "busybox")
async def test_a_terminal_can_be_left_and_taken_up_again(ada: Learner) -> None:
    async with ada.terminal("run", "-it", "--name", "web", "busybox") as screen:
        await screen.until("/ # ")
        screen.type("echo $((6 * 7)); tty\n")
        await screen.until("42")
        await screen.until("/dev/pts/")
        await screen.until("/ # ")
        screen.type(DETACH)
        assert await screen.ended() == 0
    assert (await ada.told("detach")).name == "web"
    run = await ada.told("run")
    assert (run.flags["interactive"], run.flags["tty"]) == (True, True)
    assert await ada.ok("ps", "--format", "{{.Names}}") == "web"
    async with ada.terminal("attach", "web") as screen:
        screen.type("echo $((7 * 8))\n")
        await screen.until("56")
        screen.type("exit 5\n")
        assert await screen.ended() == 5
    assert not (await ada.told("attach")).part_of_run
    web = ada.container("web")
    assert web is not None
    assert (web.status, web.exit_code) == ("exited", 5)


@pytest.mark.usefixtures("every_cli", "busybox")
async def test_an_exec_has_a_terminal_of_its_own(ada: Learner) -> None:
    await ada.ok("run", "-d", "--name", "web", "busybox", "sleep", "600")
    async with ada.terminal("exec", "-it", "web", "sh") as screen:
        await screen.until("/ # ")
        screen.type("echo $((6 * 7)); exit 7\n")
        await screen.until("42")
        assert await screen.ended() == 7


@pytest.mark.usefixtures("every_cli", "busybox")
async def test_logs_are_followed_to_their_end(ada: Learner) -> None:
    script = "echo one; until [ -e /go ]; do sleep 0.05; done; echo two"
    await ada.ok("run", "-d", "--name", "talk", "busybox", "sh", "-c", script)
    async with ada.process("logs", "-f", "talk") as logs:
        assert logs.stdout is not None
        assert await logs.stdout.readline() == b"one\n"
        assert (await ada.told("logs")).flags["follow"]
        await ada.docker("exec", "talk", "touch", "/go")  # the container may end before it, and take it along: 137
        assert await logs.stdout.read() == b"two\n"


@pytest.mark.usefixtures("busybox")
async def test_the_end_of_the_input_does_not_end_the_output(ada: Learner) -> None:
    ran = await ada.docker("run", "-i", "--rm", "busybox", "sh", "-c", "cat; sleep 0.2; echo after", stdin=b"before\n")
    assert ran == (0, "before\nafter\n", "")


@pytest.mark.usefixtures("busybox")
async def test_a_learner_who_hangs_up_leaves_no_stream_behind(ada: Learner) -> None:
    await ada.ok("run", "-d", "--name", "quiet", "busybox", "sleep", "600")
    for _ in range(4):  # two at once are allowed
        async with ada.process("attach", "quiet") as attached:
            await ada.told("attach")
            ada.facts.clear()
            attached.send_signal(signal.SIGKILL)
        await asyncio.wait_for(_until_attachable(ada), 30)


async def _until_attachable(ada: Learner) -> None:
    while (await ada.docker("exec", "quiet", "true")).code != 0:
        continue
    ada.facts.clear()


@pytest.mark.usefixtures("busybox")
@pytest.mark.attack("output that nobody reads")
async def test_a_learner_who_does_not_read_holds_the_container_back(ada: Learner) -> None:
    """The flood stands still: what the container has written does not grow while nobody reads it."""
    async with ada.process("run", "--rm", "--name", "flood", "busybox", "sh", "-c", FLOOD) as flood:
        assert flood.stdout is not None
        await flood.stdout.readexactly(10)
        await ada.told("run")
        written, before = await _written(ada), -1
        while written != before:
            written, before = await _written(ada), written
        assert written < 4096


FLOOD = "i=0; while dd if=/dev/zero bs=1024 count=16 2>/dev/null; do i=$((i + 16)); echo $i > /count; done"


async def _written(ada: Learner) -> int:
    """KiB"""
    await asyncio.sleep(0.3)
    return int(await ada.ok("exec", "flood", "cat", "/count") or 0)
