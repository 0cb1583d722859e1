"""Who waits for whom, without a seat: what happens in one is in tests/engine/test_files_in_seats.py."""

import asyncio

import pytest

from playground.engine.execs import Ran
from playground.files.files import ANYTHING, MOST_WAITING, Content, Files
from playground.files.refusals import Refused, Why

ADA, BEN = 1, 2


@pytest.mark.attack("too much of a file")
async def test_one_learner_has_one_thing_done_at_a_time_and_a_short_line_and_nobody_else_waits() -> None:
    go_on = asyncio.Event()
    at_work: list[str] = []

    async def run(seat_id: str, argv: list[str], timeout: float, stdin: bytes, limit: int) -> Ran:
        at_work.append(seat_id)
        if seat_id == "adas":
            await go_on.wait()
        return Ran(0, b"")

    files = Files({ADA: "adas", BEN: "bens"}.get, run)
    asked = [asyncio.create_task(files.list(ADA, "")) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)  # all of them have asked
    await files.list(BEN, "")
    with pytest.raises(Refused) as refused:
        await files.list(ADA, "")
    assert (refused.value.why, at_work) == (Why.BUSY, ["adas", "bens"])

    go_on.set()
    await asyncio.gather(*asked)
    await files.list(ADA, "")
    assert at_work.count("adas") == MOST_WAITING + 1


async def test_a_change_is_told_and_a_look_is_not() -> None:
    async def run(seat_id: str, argv: list[str], timeout: float, stdin: bytes, limit: int) -> Ran:
        return Ran(0, b"")

    changed: list[int] = []
    files = Files({ADA: "adas"}.get, run, on_change=changed.append)
    await files.list(ADA, "")
    await files.read(ADA, "note")
    assert changed == []
    await files.write(ADA, "note", Content(b"hello"), over=ANYTHING)
    await files.make_folder(ADA, "notes")
    await files.remove(ADA, "note")
    assert changed == [ADA] * 3
