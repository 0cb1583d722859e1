"""What a page is told of the budget; the looks at the machine are the test's own."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import aclosing
from dataclasses import replace

import pytest

from playground.engine.errors import EngineError
from playground.gateway.limits import MIB, Limits
from playground.gateway.state import ContainerState, State
from playground.pages import words
from playground.pages.budget import BudgetBoard, Meters, Spent, meters
from playground.seats.usage import Usage

ADA, BEN = 1, 2
WEB = ContainerState("c1", "web", "busybox", "sha256:1", "running", None)
SPENT = Spent("a-seat", State(containers=(WEB,), image_count=2, image_bytes=MIB + 1), Usage(64 * MIB, 5, 10.0))


class Machine:
    """Seats by learner, and who was asked for."""

    def __init__(self) -> None:
        self.seats = {ADA: SPENT, BEN: replace(SPENT, seat="b-seat")}
        self.asked: asyncio.Queue[set[int]] = asyncio.Queue()
        self.fault: Exception | None = None

    async def look(self, learner_ids: Collection[int]) -> Mapping[int, Spent]:
        self.asked.put_nowait(set(learner_ids))
        if self.fault:
            raise self.fault
        return {learner: spent for learner, spent in self.seats.items() if learner in learner_ids}


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
async def board(machine: Machine) -> AsyncIterator[BudgetBoard]:
    board = BudgetBoard(machine.look, Limits(), every=0.001)
    yield board
    await board.stop()


def test_each_meter_has_its_limit() -> None:
    assert meters(SPENT, 0.25, Limits(cpus=0.5)) == {
        "memory": (64, 256),
        "cpu": (50, 100),
        "processes": (5, 256),
        "disk": (2, 512),
        "containers": (1, 12),
        "images": (2, 20),
        "networks": (0, 4),
        "volumes": (0, 4),
    }


def test_what_cannot_be_measured_has_no_meter() -> None:
    assert set(meters(replace(SPENT, usage=None), 0.0, Limits())) == {
        "disk", "containers", "images", "networks", "volumes",
    }  # fmt: skip


def test_every_meter_has_words_and_all_words_have_a_meter() -> None:
    assert {one.key for one in words.budget()} == set(meters(SPENT, 0.0, Limits()))


async def test_a_follower_hears_what_there_is_and_then_only_changes(machine: Machine, board: BudgetBoard) -> None:
    async with aclosing(board.follow(ADA)) as told:
        assert (await anext(told))["containers"] == (1, 12)
        hears: asyncio.Task[Meters] = asyncio.ensure_future(anext(told))
        for _ in range(5):
            await machine.asked.get()
        assert not hears.done()

        machine.seats[ADA] = replace(SPENT, state=State())
        assert (await hears)["containers"] == (0, 12)


async def test_busy_cores_are_those_since_the_last_look(machine: Machine, board: BudgetBoard) -> None:
    async with aclosing(board.follow(ADA)) as told:
        assert (await anext(told))["cpu"] == (0, 100)
        machine.seats[ADA] = replace(SPENT, usage=Usage(64 * MIB, 5, 1000.0))
        assert (await anext(told))["cpu"] == (100, 100)


async def test_without_a_seat_the_meters_go(machine: Machine, board: BudgetBoard) -> None:
    async with aclosing(board.follow(ADA)) as told:
        await anext(told)
        del machine.seats[ADA]
        assert await anext(told) == {}


async def test_only_those_whose_page_is_open_are_looked_at(machine: Machine, board: BudgetBoard) -> None:
    async with asyncio.timeout(60), aclosing(board.follow(ADA)) as adas:
        await anext(adas)
        assert await machine.asked.get() == {ADA}
        async with aclosing(board.follow(BEN)) as bens:
            await anext(bens)
        while await machine.asked.get() != {ADA, BEN}:
            pass
        while await machine.asked.get() != {ADA}:
            pass


async def test_a_look_that_fails_is_told_in_the_log_and_taken_again(
    machine: Machine, board: BudgetBoard, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.timeout(60), aclosing(board.follow(ADA)) as told:
        await anext(told)
        machine.fault = EngineError("no answer")
        hears: asyncio.Task[Meters] = asyncio.ensure_future(anext(told))
        while "no answer" not in caplog.text:
            await machine.asked.get()
        machine.fault = None
        machine.seats[ADA] = replace(SPENT, state=State())
        assert (await hears)["containers"] == (0, 12)


async def test_a_look_that_never_can_is_an_error_in_the_log(
    machine: Machine, board: BudgetBoard, caplog: pytest.LogCaptureFixture
) -> None:
    machine.fault = LookupError("a mistake in the code")
    async with asyncio.timeout(60), aclosing(board.follow(ADA)) as told:
        hears = asyncio.ensure_future(anext(told))
        while "a mistake in the code" not in caplog.text:  # noqa: ASYNC110 (nothing tells of it)
            await asyncio.sleep(0)

        machine.fault = None
        async with aclosing(board.follow(BEN)) as bens:
            assert (await anext(bens))["containers"] == (1, 12)
        assert (await hears)["containers"] == (1, 12)
