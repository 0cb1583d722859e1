"""Each wish for the host straight before the engine, which grants it, and through the gateway, which does not.

The first half is why the second one means something. Containers are made here and never started. What this machine's
engine does not grant, for reasons of its own, is told apart: it is tried before the recording engine alone.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.gateway.limits import Limits
from tests.engine.gateway.learners import Learner
from tests.engine.terminals import IMAGE
from tests.unit.gateway.attacks.tries import request
from tests.unit.gateway.attacks.wishes import HOST_WISHES, Wish
from tests.unit.gateway.learner import Learner as Socket

# What some engine refuses by itself, by a part of the body: for want of a GPU, a plugin, a kernel's option, a file.
ENGINES_OWN_NO = (
    '{"Privileged": true}', '"Source": "/var/run/docker.sock"', '"BIND"', '"VolumeDriver"', '"DeviceRequests"',
    '"other"',
    '"CpuRealtimeRuntime"', '"StorageOpt"', '"KernelMemory"', '"Cgroup"', '"systempaths=', '"path"', '"OomKillDisable"',
    '"IPAMConfig"', '"Links"', '"MacAddress"',
)  # fmt: skip
SPELLINGS = [(attack, wish) for attack, wishes in HOST_WISHES.items() for wish in wishes]


def granted(wish: Wish) -> bool:
    return not any(word in json.dumps(wish) for word in ENGINES_OWN_NO)


@pytest.fixture
def limits() -> Limits:
    return Limits(makes_per_second=0)  # all of them at once


@pytest.fixture
async def straight(engine_client: EngineClient, engine: Engine, instance: str) -> AsyncIterator[dict[str, str]]:
    marks = {labels.INSTANCE: instance, "attack": secrets.token_hex(4)}
    yield marks
    await asyncio.gather(*(engine.remove(container["Id"]) for container in await engine.containers(marks)))
    await engine.remove_volume("attack-v1")


@pytest.mark.attack("wishes that a bare engine grants")
async def test_the_engine_alone_grants_what_the_gateway_refuses(
    ada: Learner, engine: Engine, engine_client: EngineClient, straight: dict[str, str]
) -> None:
    await ada.ok("pull", "-q", "busybox")

    async def try_both(attack: str, wish: Wish) -> None:
        body = {"Image": IMAGE, **wish, "Labels": {**wish.get("Labels", {}), **straight}}
        async with at_once, await engine_client.request("POST", "/containers/create", json_body=body) as reply:
            said = await reply.json()
        assert reply.status == 201 or not granted(wish), (attack, wish, said)
        asked = request("POST /v1.41/containers/create", {"Image": "busybox"} | wish)
        assert (await Socket(ada.socket).send(asked))[0].status == 403, (attack, wish)

    at_once = asyncio.Semaphore(6)
    await asyncio.gather(*(try_both(*spelling) for spelling in SPELLINGS))
    assert await engine.containers({labels.SEAT: ada.seat}) == []
    assert len(await engine.containers(straight)) >= sum(granted(wish) for _, wish in SPELLINGS)
