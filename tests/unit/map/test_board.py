"""What open pages are told; the states and facts are the test's own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from playground.gateway.facts import Fact
from playground.gateway.state import ContainerState, State
from playground.map.board import MapBoard, Update

ADA, BEN = 1, 2
WEB = ContainerState("c" * 64, "web", "busybox", "sha256:1", "running", None)
SEATS = {"a-seat": ADA, "b-seat": BEN}
LONG = 3600.0


class Engine:
    def __init__(self) -> None:
        self.states: dict[int, State] = {ADA: State(), BEN: State(networks=("bens",))}

    def board(self, pace: float = 0.0, every: float = LONG) -> MapBoard:
        return MapBoard(self.states.get, SEATS.get, lambda: ["busybox"], pace, every)


@pytest.fixture
def engine() -> Engine:
    return Engine()


def fact(seat: str, action: str = "ps") -> Fact:
    return Fact(seat, action, "call", 1.0)


async def next_of(updates: AsyncGenerator[Update, None]) -> Update:
    async with asyncio.timeout(60):
        return await anext(updates)


async def test_a_page_hears_what_there_is_and_then_what_happens(engine: Engine) -> None:
    board = engine.board()
    async with aclosing(board.follow(ADA)) as told:
        first = await next_of(told)
        assert first.as_json() == {
            "picture": {"stacks": (), "networks": (), "volumes": ()},
            "moments": [],
            "gone": [],
            "hub": ["busybox"],
        }
        engine.states[ADA] = State(containers=(WEB,))
        board.on_fact(fact("a-seat", "start"))
        update = await next_of(told)
        assert update.picture is not None
        assert update.picture.stacks[0].images[0].containers[0].name == "web"
        assert [moment.command for moment in update.news.moments] == ["docker start"]


async def test_nobody_hears_of_another_learners_seat(engine: Engine) -> None:
    board = engine.board()
    async with aclosing(board.follow(ADA)) as adas, aclosing(board.follow(BEN)) as bens:
        await next_of(adas)
        first = await next_of(bens)
        assert first.picture is not None
        assert first.picture.networks == ("bens",)
        waiting = asyncio.ensure_future(anext(adas))
        board.on_fact(fact("b-seat"))
        assert [moment.command for moment in (await next_of(bens)).news.moments] == ["docker ps"]
        assert not waiting.done()
        board.on_fact(fact("a-seat", "info"))
        assert [moment.command for moment in (await waiting).news.moments] == ["docker info"]


async def test_what_comes_in_quick_succession_comes_together(engine: Engine) -> None:
    board = engine.board(pace=0.01)
    async with aclosing(board.follow(ADA)) as told:
        await next_of(told)
        for _ in range(30):
            board.on_fact(fact("a-seat"))
        assert len((await next_of(told)).news.moments) == 30


async def test_what_no_fact_tells_of_is_seen_all_the_same(engine: Engine) -> None:
    async with aclosing(engine.board(every=0.001).follow(ADA)) as told:
        await next_of(told)
        del engine.states[ADA]
        assert (await next_of(told)).picture is None


async def test_nothing_is_kept_for_those_who_have_left(engine: Engine) -> None:
    board = engine.board()
    async with aclosing(board.follow(ADA)) as told:
        await next_of(told)
        assert set(board._followers) == {ADA}
    assert not board._followers
    board.on_fact(fact("a-seat"))
    assert not board._followers
