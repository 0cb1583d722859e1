"""What a seat survives: a server that is killed, one that is stopped, and what others leave or take away."""

from pathlib import Path

import pytest

from playground.classroom.models import Learner
from playground.engine import labels
from playground.engine.images import SEAT_REFERENCE
from playground.seats import actions
from playground.seats.books import off_loop
from playground.seats.models import Seat
from playground.seats.waiting import Queued
from tests.engine.seating import Machine, Server, a_seat, groups_of, states

pytestmark = pytest.mark.django_db(transaction=True)


async def docker(server: Server, seat: Seat, *arguments: str) -> str:
    """What a docker command in the seat says."""
    ran = await server.seats.run(seat.id, ["docker", *arguments], timeout=30)
    assert ran.exit_code == 0, ran.output
    return ran.output.decode().strip()


async def test_after_a_kill_the_same_seat_has_the_same_containers(machine: Machine, ada: Learner) -> None:
    killed = await machine.server(warm=1)
    seat = await a_seat(killed.seats.lend(ada.pk))
    await docker(killed, seat, "run", "-d", "--name", "web", "busybox", "sleep", "1000")
    await killed.tick()
    before = await machine.containers()
    await killed.crash()

    server = await machine.server(warm=1)
    again = await a_seat(server.seats.lend(ada.pk))
    assert (again.id, again.container_id) == (seat.id, seat.container_id)
    assert await docker(server, again, "ps", "--format", "{{.Names}} {{.State}}") == "web running"
    await server.tick()
    assert await machine.containers() == before  # the warm seat, too, is the one that was there


async def test_a_seat_that_was_being_started_by_a_killed_server_is_removed(machine: Machine, ada: Learner) -> None:
    killed = await machine.server()
    half_made = await a_seat(killed.seats.lend(ada.pk))
    await killed.crash()
    await Seat.objects.filter(id=half_made.id).aupdate(state=Seat.State.STARTING, learner=None)

    server = await machine.server()
    await server.tick()
    assert await states(half_made) == ["ended"]
    assert await machine.containers() == {}


@pytest.mark.parametrize("last_step", ["nothing", "containers", "directory"])
async def test_an_end_that_a_kill_broke_off_is_finished(machine: Machine, ada: Learner, last_step: str) -> None:
    killed = await machine.server()
    seat = await a_seat(killed.seats.lend(ada.pk))
    await docker(killed, seat, "run", "-d", "busybox", "sleep", "1000")
    await killed.crash()
    await off_loop(actions.end, ada)
    if last_step != "nothing":
        for container in await machine.containers():
            await machine.engine.remove(container)
    if last_step == "directory":
        remove_directory(machine.rules.sockets / seat.id)

    server = await machine.server()
    await server.tick()
    assert await states(seat) == ["ended"]
    assert await machine.containers() == {}
    assert not left_of(machine, seat)


async def test_what_has_no_row_is_removed_and_other_playgrounds_are_left_alone(
    machine: Machine, ada: Learner, ben: Learner
) -> None:
    first = await machine.server()
    adas, bens = await a_seat(first.seats.lend(ada.pk)), await a_seat(first.seats.lend(ben.pk))
    await docker(first, adas, "run", "-d", "busybox", "sleep", "1000")
    await first.crash()
    await ada.adelete()  # the account goes, and the row of the seat with it
    spec = {
        "Image": SEAT_REFERENCE,
        "Labels": {labels.INSTANCE: f"{machine.rules.instance}-other", labels.SEAT: adas.id},
    }
    neighbour = await machine.engine.create("", spec)

    try:
        await machine.server()
        assert await machine.containers() == {bens.container_id: "running"}
        assert not left_of(machine, adas)
        assert left_of(machine, bens)
        await machine.engine.inspect(neighbour)
    finally:
        await machine.engine.remove(neighbour)


async def test_stopping_with_halt_leaves_nothing_running_and_the_next_start_resumes(
    machine: Machine, ada: Learner
) -> None:
    first = await machine.server(warm=1)
    await first.tick()
    seat = await a_seat(first.seats.lend(ada.pk))
    await first.tick()
    await first.seats.run(seat.id, ["touch", "/root/kept"], timeout=10)
    await docker(first, seat, "run", "-d", "--name", "web", "busybox", "sleep", "1000")
    await first.stop(halt=True)
    assert set((await machine.containers()).values()) == {"exited"}
    assert await Seat.objects.occupying().acount() == 1

    server = await machine.server()
    assert (await a_seat(server.seats.lend(ada.pk))).container_id == seat.container_id
    assert (await server.seats.run(seat.id, ["ls", "/root"], timeout=10)).output == b"kept\n"
    assert (await docker(server, seat, "ps", "-a", "--format", "{{.Names}} {{.State}}")) == "web exited"


async def test_stopping_with_halt_while_nobody_has_a_seat_leaves_no_trace(machine: Machine) -> None:
    server = await machine.server(warm=1)
    await server.tick()
    assert groups_of(machine.rules.instance)
    await server.stop(halt=True)
    assert (groups_of(machine.rules.instance), machine.rules.sockets.exists()) == ([], False)


async def test_stopping_without_halt_leaves_everything_as_it_is(machine: Machine, ada: Learner) -> None:
    server = await machine.server(warm=1)
    await server.tick()
    await server.seats.lend(ada.pk)
    await server.tick()
    before = await machine.containers()
    await server.stop()
    assert await machine.containers() == before
    assert set(before.values()) == {"running"}


async def test_after_a_reboot_the_budget_and_the_socket_are_there_again(machine: Machine, ada: Learner) -> None:
    first = await machine.server()
    seat = await a_seat(first.seats.lend(ada.pk))
    await first.stop(halt=True)
    await first.seats.machine._budgets.remove(seat.id)
    remove_directory(machine.rules.sockets / seat.id)

    server = await machine.server()
    assert left_of(machine, seat)
    assert await docker(server, seat, "ps", "-q") == ""


async def test_nobody_loses_a_seat_while_the_engine_is_away(machine: Machine, ada: Learner, ben: Learner) -> None:
    server = await machine.server(seats_max=1)
    seat = await a_seat(server.seats.lend(ada.pk))
    server.gateway._set_alive(False)
    machine.clock.advance(minutes=31)
    await server.tick()
    assert isinstance(await server.seats.lend(ben.pk), Queued)
    await machine.engine.kill(seat.container_id)

    server.gateway._set_alive(True)  # she could not open a terminal meanwhile: her idle clock starts anew
    await server.seats.settled()
    await server.tick()
    assert await states(seat) == ["lent"]
    assert await machine.containers() == {seat.container_id: "running"}


def remove_directory(directory: Path) -> None:
    for file in directory.iterdir():
        file.unlink()
    directory.rmdir()


def left_of(machine: Machine, seat: Seat) -> list[Path]:
    """Groups and the directory, which name the seat."""
    directories = [path for path in machine.rules.sockets.iterdir() if path.name == seat.id]
    return directories + [path for path in groups_of(machine.rules.instance) if path.name == seat.id]
