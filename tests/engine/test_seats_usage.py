"""What a seat uses, from the kernel's own counters and the gateway's, while its learner works."""

import asyncio
import os

import pytest

from playground.classroom.models import Learner
from playground.gateway.limits import MIB
from playground.pages.budget import Spent, meters
from playground.seats.usage import Usage
from tests.engine.seating import Machine, Server, a_seat, said

pytestmark = pytest.mark.django_db(transaction=True)

HELD = 16 * MIB
FILL = 'BEGIN { s = "x"; while (length(s) < 16 * 1024 * 1024) s = s s; print "held"; system("sleep 1000") }'


async def docker(socket: str, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        "docker",
        *arguments,
        env={"PATH": os.environ["PATH"], "DOCKER_HOST": f"unix://{socket}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output
    return output.decode()


async def usage(server: Server, seat: str) -> Usage:
    return (await server.seats.machine.usage([seat]))[seat]


async def test_the_sum_of_what_a_learner_started_is_seen_to_rise_and_fall(machine: Machine, ada: Learner) -> None:
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    socket = str(machine.rules.sockets / seat.id / "docker.sock")
    idle = await usage(server, seat.id)
    assert idle.processes >= 1  # its shell

    await docker(socket, "run", "-d", "--name", "web", "busybox", "awk", FILL)
    await said(server.engine, server.gateway.state(seat.id).containers[0].id, b"held")
    await docker(socket, "commit", "web", "mine")
    await docker(socket, "volume", "create", "data")
    full, state = await usage(server, seat.id), server.gateway.state(seat.id)
    assert 0.9 * HELD <= full.memory - idle.memory < 1.5 * HELD  # the terminal may give some back meanwhile
    assert full.processes > idle.processes
    assert full.cpu > idle.cpu
    shown = meters(Spent(seat.id, state, full), 0.0, machine.rules.limits)
    assert [shown[name][0] for name in ("containers", "images", "networks", "volumes")] == [1, 2, 0, 1]
    assert state.image_bytes == sum(built.size for built in server.gateway._tables[seat.id].built.values())

    await docker(socket, "rm", "-f", "web")
    assert (await usage(server, seat.id)).memory < idle.memory + HELD / 2
    assert await server.seats.machine.usage(["0" * 12]) == {}
    await server.stop()
