"""Checks that look into a seat: they run there, and not for ever."""

import asyncio
from pathlib import Path

import pytest

from playground.checks import kinds, watch
from playground.checks.models import Trip
from playground.checks.watch import Watch
from playground.classroom.models import Learner
from playground.curriculum.course import load
from tests.engine.seating import Machine, a_seat
from tests.unit.curriculum.lessons import HEAD

STEPS = """
## Inside {#inside}

```check
shell: '[ "$(hostname)" = playground ] && [ -S /run/playground/docker.sock ]'
```

```sh solve
true
```

## For ever {#for-ever}

```check
shell: {run: sleep 1000, exit_code: 124}
```

```sh solve
true
```

## Look {#look}

```check
did: ps
```

```sh solve
docker ps
```
"""


pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_shell_check_runs_in_the_seat_and_ends_in_time_and_what_the_engine_refuses_is_a_trip(
    machine: Machine, ada: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "01-look").mkdir()
    (tmp_path / "01-look" / "lesson.md").write_text(HEAD + STEPS)
    monkeypatch.setattr(watch, "PROBE_SECONDS", 0.5)
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    ticked: asyncio.Queue[str] = asyncio.Queue()
    standings: asyncio.Queue[int] = asyncio.Queue()

    async def on_progress(learner_id: int, lesson: str, step: str) -> None:
        ticked.put_nowait(step)

    async def no_log(learner_id: int, container: str) -> None:
        raise AssertionError("no check here reads a log")

    watching = Watch(
        load(tmp_path, kinds.parse),
        state_of=lambda learner_id: server.gateway.state(seat.id),
        run_in_seat=lambda learner_id, argv, timeout: server.seats.run(seat.id, argv, timeout),
        log_of=no_log,
        learner_of_seat=server.seats.learner_of,
        on_progress=on_progress,
        on_standing=standings.put_nowait,
    )
    server.gateway.subscribe(watching.on_fact)
    try:
        await watching.open_step(ada.pk, "look", "inside")
        async with asyncio.timeout(30):
            assert await ticked.get() == "inside"
            assert await ticked.get() == "for-ever"
            assert await standings.get() == ada.pk  # the page was opened
            for words in (["stop", "nobody"], ["stop", "no-other"], ["logs", "nobody"], ["inspect", "nobody"]):
                await server.seats.run(seat.id, ["docker", *words], 10.0)
            while await Trip.objects.filter(step="look").acount() < 2:
                assert await standings.get() == ada.pk
        trips = Trip.objects.order_by("what").values_list("what", "count")
        assert [trip async for trip in trips] == [("no such container", 3), ("no such object", 1)]
    finally:
        watching.close(ada.pk)
        await watching.stop()
    async with asyncio.timeout(60):
        while b"sleep 1000" in (await server.seats.run(seat.id, ["ps"], 5.0)).output:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
