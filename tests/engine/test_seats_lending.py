"""Lending on a real engine: the pool, the queue, what ends a seat."""

from dataclasses import replace
from functools import partial

import pytest

from playground.classroom.models import Learner
from playground.engine.errors import NotFound
from playground.seats import actions, books, reservations
from playground.seats.books import off_loop
from playground.seats.desk import LearnerGone
from playground.seats.models import Seat, SeatRequest
from playground.seats.parties import Parties
from playground.seats.reservations import Stand
from playground.seats.roster import Change
from playground.seats.waiting import GRACE, Queued
from tests.engine.seating import Machine, a_seat, groups_of, seat_at_last, states

pytestmark = pytest.mark.django_db(transaction=True)


# ── Getting a seat ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_warm_seat_is_lent_and_another_one_warmed_up(machine: Machine, ada: Learner) -> None:
    server = await machine.server(warm=1)
    await server.tick()
    warm = await Seat.objects.aget(state=Seat.State.WARM)
    seat = await a_seat(server.seats.lend(ada.pk))
    assert seat.id == warm.id
    assert (server.seats.of_learner(ada.pk), server.seats.learner_of(seat.id)) == (seat, ada.pk)
    await server.tick()
    assert await Seat.objects.filter(state=Seat.State.WARM).acount() == 1


async def test_without_a_warm_seat_one_is_started(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    assert (await server.engine.inspect(seat.container_id))["State"]["Running"]


async def test_a_learner_who_asks_twice_has_one_seat(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    lending = [server.seats._lend(ada.pk, in_turn=False) for _ in range(2)]
    first, second, third = [await a_seat(task) for task in lending] + [await a_seat(server.seats.lend(ada.pk))]
    assert first.id == second.id == third.id
    assert await Seat.objects.acount() == 1


async def test_a_learner_who_has_been_deleted_gets_neither_a_seat_nor_a_place(machine: Machine, ada: Learner) -> None:
    server = await machine.server(warm=0, seats_max=1)
    gone = ada.pk
    await ada.adelete()
    with pytest.raises(LearnerGone):
        await server.seats.lend(gone)
    full = await machine.server(warm=1, seats_max=1)
    await full.tick()
    with pytest.raises(LearnerGone):
        await full.seats.lend(gone)
    assert not await SeatRequest.objects.aexists()


async def test_two_learners_have_a_seat_each(machine: Machine, ada: Learner, ben: Learner) -> None:
    server = await machine.server()
    adas, bens = await a_seat(server.seats.lend(ada.pk)), await a_seat(server.seats.lend(ben.pk))
    assert adas.container_id != bens.container_id
    await server.seats.run(adas.id, ["sh", "-c", "echo Adas > /root/note"], timeout=10)
    assert (await server.seats.run(bens.id, ["cat", "/root/note"], timeout=10)).exit_code == 1


async def test_a_seat_is_a_docker_command_line_without_rights(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    hello = await server.seats.run(seat.id, ["docker", "run", "hello-world"], timeout=30)
    assert (hello.exit_code, b"Hello from Docker!" in hello.output) == (0, True)
    status = (await server.seats.run(seat.id, ["cat", "/proc/self/status"], timeout=10)).output.decode().split("\n")
    assert "CapBnd:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert (await server.seats.run(seat.id, ["hostname"], timeout=10)).output == b"playground\n"


async def test_the_learners_containers_share_the_seats_budget(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    await server.seats.run(seat.id, ["docker", "run", "-d", "busybox", "sleep", "1000"], timeout=30)
    parents = {(await server.engine.inspect(c))["HostConfig"]["CgroupParent"] for c in await machine.containers()}
    assert len(await machine.containers()) == 2
    assert len(parents) == 1


# ── The queue ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_full_machine_gives_places_in_a_queue_that_moves(
    machine: Machine, ada: Learner, ben: Learner, cleo: Learner
) -> None:
    server = await machine.server(seats_max=1)
    adas = await a_seat(server.seats.lend(ada.pk))
    bens, cleos = server.seats.wait(ben.pk), server.seats.wait(cleo.pk)
    four_hours = 240  # that Ada may keep her seat, and then somebody else theirs
    assert await anext(bens) == Queued(1, four_hours)
    assert await anext(cleos) == Queued(2)

    await off_loop(actions.end, ada)
    seat = await seat_at_last(bens)
    assert (seat.learner_id, await anext(cleos)) == (ben.pk, Queued(1, four_hours))
    assert await states(adas, seat) == ["ended", "lent"]
    with pytest.raises(StopAsyncIteration):
        await anext(bens)
    await cleos.aclose()


async def test_nobody_passes_those_who_wait(machine: Machine, ada: Learner, ben: Learner, cleo: Learner) -> None:
    server = await machine.server(seats_max=1)
    await server.seats.lend(ada.pk)
    bens = server.seats.wait(ben.pk)
    await anext(bens)
    await off_loop(actions.end, ada)
    assert isinstance(await server.seats.lend(cleo.pk), Queued)
    assert (await seat_at_last(bens)).learner_id == ben.pk


async def test_who_went_away_loses_the_place_after_a_while(machine: Machine, ada: Learner, ben: Learner) -> None:
    server = await machine.server(seats_max=1)
    await server.seats.lend(ada.pk)
    assert isinstance(await server.seats.lend(ben.pk), Queued)
    await server.tick()
    assert await SeatRequest.objects.acount() == 1
    machine.clock.advance(minutes=GRACE.total_seconds() / 60)
    await server.tick()
    assert await SeatRequest.objects.acount() == 0


# ── What is kept for a party ─────────────────────────────────────────────────────────────────────────────────────────


async def test_a_partys_seats_wait_for_its_people_whoever_asks_first_and_go_when_it_is_over(
    machine: Machine, ada: Learner, ben: Learner, cleo: Learner
) -> None:
    """Ben is of the party; Ada and Cleo are not."""
    party = 7
    machine.parties = Parties(lambda learners: dict.fromkeys({ben.pk}.intersection(learners), party))
    server = await machine.server(seats_max=3, warm=0)
    await off_loop(reservations.reserve, party, 2)
    await off_loop(partial(reservations.warm, party, up=True))
    await server.tick()
    stand = Stand(seats=2, warm=2, held=0, ready=2, missing=0)
    assert await off_loop(reservations.stand, party, machine.parties) == stand

    adas, cleos = await a_seat(server.seats.lend(ada.pk)), server.seats.wait(cleo.pk)
    assert adas.lent_at
    assert await anext(cleos) == Queued(1, 240)
    warm = {seat.id async for seat in Seat.objects.filter(state=Seat.State.WARM)}
    assert len(warm) == 2
    bens = await a_seat(server.seats.lend(ben.pk))
    assert bens.id in warm
    await server.tick()
    assert await states(adas, bens) == ["lent", "lent"]
    assert await off_loop(reservations.stand, party, machine.parties) == replace(stand, held=1, ready=1)

    await off_loop(reservations.release, party)
    assert (await seat_at_last(cleos)).id in warm
    await off_loop(actions.end, cleo)
    await server.tick()
    await server.tick()
    assert await Seat.objects.occupying().acount() == 2


async def test_warm_seats_that_nobody_asks_for_any_more_end(machine: Machine) -> None:
    server = await machine.server(seats_max=3, warm=1)
    await off_loop(reservations.reserve, 7, 2)
    await off_loop(partial(reservations.warm, 7, up=True))
    await server.tick()
    await off_loop(reservations.release, 7)
    await server.tick()
    await server.tick()
    assert await Seat.objects.filter(state=Seat.State.WARM).acount() == 1
    assert len(await machine.containers()) == 1
    assert {seat.ended_why async for seat in Seat.objects.filter(state=Seat.State.ENDED)} == {"unused"}


async def test_a_seat_that_ended_before_its_turn_to_start_is_not_made(machine: Machine) -> None:
    server = await machine.server()
    [seat] = await off_loop(books.rows_to_start, machine.rules.instance, server.seats.pool.capacity)
    await off_loop(books.condemn, [seat.id], Seat.Why.LEARNER)
    await server.tick()
    assert await states(seat) == ["ended"]
    await server.seats.pool.start(seat)
    assert await machine.containers() == {}


# ── The end ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_idle_and_expired_seats_end_and_others_stay(
    machine: Machine, ada: Learner, ben: Learner, cleo: Learner
) -> None:
    server = await machine.server()
    seats = [await a_seat(server.seats.lend(learner.pk)) for learner in (ada, ben, cleo)]
    adas, bens, cleos = seats
    await Seat.objects.filter(id=bens.id).aupdate(ends_at=machine.clock())
    machine.clock.advance(minutes=29)
    await server.seats.seen(cleos.id)
    machine.clock.advance(minutes=1)
    await server.tick()

    assert await states(*seats) == ["ended", "ended", "lent"]
    reasons = [row.ended_why async for row in Seat.objects.filter(id__in=[adas.id, bens.id]).order_by("lent_at")]
    assert reasons == ["idle", "time"]
    assert list(await machine.containers()) == [cleos.container_id]
    assert {path.name for path in machine.rules.sockets.iterdir()} == {cleos.id}
    assert not [path for path in groups_of(machine.rules.instance) if path.name in (adas.id, bens.id)]


async def test_a_learner_hears_of_the_end_before_it_comes(machine: Machine, ada: Learner) -> None:
    server, told = await machine.server(), list[Change]()
    server.seats.on_change(told.append)
    seat = await a_seat(server.seats.lend(ada.pk))
    assert seat.seen_at
    machine.clock.advance(minutes=26)
    await server.tick()
    machine.clock.advance(minutes=4)
    await server.tick()
    assert told == [
        Change(seat.id, ada.pk, "lent", seat.ends_at),
        Change(seat.id, ada.pk, "soon", seat.seen_at + machine.rules.idle),
        Change(seat.id, ada.pk, "ended", why="idle"),
    ]
    with pytest.raises(NotFound):
        await server.seats.run(seat.id, ["true"], timeout=1)


async def test_a_learner_who_gave_the_seat_back_gets_a_fresh_one(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    first = await a_seat(server.seats.lend(ada.pk))
    await off_loop(actions.end, ada)
    await server.tick()
    second = await a_seat(server.seats.lend(ada.pk))
    assert second.id != first.id
    assert list(await machine.containers()) == [second.container_id]


# ── The shell ended ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_after_exit_the_same_container_runs_again(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    await server.seats.run(seat.id, ["touch", "/root/kept"], timeout=10)
    await server.engine.kill(seat.container_id)
    await server.seats.revive(seat)
    assert (await server.seats.run(seat.id, ["ls", "/root"], timeout=10)).output == b"kept\n"


async def test_a_terminal_that_is_gone_is_made_anew_in_the_same_seat(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    lost = seat.container_id
    await server.engine.remove(lost)
    await server.seats.revive(seat)
    assert seat.container_id != lost
    assert (await Seat.objects.aget(id=seat.id)).container_id == seat.container_id
    assert await machine.containers() == {seat.container_id: "running"}


async def test_a_terminal_whose_shell_was_deleted_is_made_anew_in_the_same_seat(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    broken = seat.container_id
    await server.seats.run(seat.id, ["rm", "-rf", "/bin", "/lib"], timeout=10)
    await server.engine.kill(broken)
    await server.seats.revive(seat)
    assert await machine.containers() == {seat.container_id: "running"}
    assert (await server.seats.run(seat.id, ["sh", "-c", "docker ps"], timeout=10)).exit_code == 0


async def test_an_ended_seat_is_not_revived(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    await off_loop(actions.end, ada)
    await server.tick()
    with pytest.raises(NotFound):
        await server.seats.revive(seat)
    assert await machine.containers() == {}
