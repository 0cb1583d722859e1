"""What needs an engine of its own: a canary that listens on every address of the engine's machine (attack F 93), and a
disk that counts what a volume holds (attack J 145)."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import pytest

from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.engine.own import OwnEngine
from playground.gateway.limits import MIB, Limits
from tests.conftest import images_on
from tests.engine.gateway.learners import Learner

CANARY = """
import socket, threading
def bound(kind, port):
    server = socket.socket(socket.AF_INET6, kind)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("::", port))
    return server
def questions(server):
    while True:
        print("question", server.recvfrom(512)[1][0], flush=True)
threading.Thread(target=questions, args=(bound(socket.SOCK_DGRAM, 53),), daemon=True).start()
calls = bound(socket.SOCK_STREAM, 2375)
calls.listen()
print("ready", flush=True)
while True:
    connection, peer = calls.accept()
    connection.close()
    print("call", peer[0], flush=True)
"""
CALL = "import socket; socket.create_connection(('127.0.0.1', 2375))"


@pytest.fixture(scope="module")
def engine_socket(private_engine: OwnEngine) -> str:
    return str(private_engine.socket)


@pytest.fixture(scope="module")
def instance() -> str:
    return "test-own"


@pytest.fixture(scope="module")
def catalogue_images(engine_socket: str) -> list[CatalogueImage]:
    return images_on(engine_socket)


@pytest.fixture
def limits() -> Limits:
    return Limits(volume_disk=8 * MIB, container_disk=16 * MIB)


@pytest.fixture
async def on_the_engines_machine(private_engine: OwnEngine) -> list[str]:
    return ["nsenter", f"--net=/proc/{private_engine.pid()}/ns/net"]


async def output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    return (await process.communicate())[0].decode()


@pytest.fixture
async def canary(on_the_engines_machine: list[str]) -> AsyncIterator[asyncio.StreamReader]:
    await output(*on_the_engines_machine, "ip", "link", "set", "lo", "up")
    await output(*on_the_engines_machine, "ip", "address", "replace", "127.0.0.99/8", "dev", "lo")
    process = await asyncio.create_subprocess_exec(
        *on_the_engines_machine, sys.executable, "-c", CANARY, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    yield process.stdout
    process.kill()
    await process.wait()


async def call(learner: Learner, container: str, host: str) -> None:
    await learner.docker("exec", container, "nc", "-w", "2", host, "2375")


async def gateway_of(engine: Engine, network: str) -> str:
    """The address that the engine's machine has, or would have, on a network: the first one of its subnet."""
    (found,) = [one for one in await engine.networks({}) if one["Name"] == network]
    base, _, last = found["IPAM"]["Config"][0]["Subnet"].partition("/")[0].rpartition(".")
    return f"{base}.{int(last) + 1}"


@pytest.mark.attack("the machine's addresses")
async def test_nothing_of_a_container_reaches_the_engines_machine(
    ada: Learner,
    engine: Engine,
    engine_client: EngineClient,
    canary: asyncio.StreamReader,
    on_the_engines_machine: list[str],
) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("network", "create", "mine")
    await ada.ok("run", "-d", "--name", "spy", "busybox", "sleep", "600")
    await ada.ok("network", "connect", "mine", "spy")
    shown = json.loads(await output(*on_the_engines_machine, "ip", "-json", "address"))
    addresses = [one["local"] for link in shown for one in link["addr_info"] if one["family"] == "inet"]
    assert "127.0.0.99" in addresses
    gateways = [await gateway_of(engine, f"pg-{ada.seat}-{name}") for name in ("bridge", "mine")]
    assert not set(gateways) & set(addresses)
    for host in (*addresses, *gateways, "192.0.2.1"):
        await call(ada, "spy", host)
    assert await ada.ok("exec", "spy", "cat", "/proc/net/if_inet6") == ""
    await ada.docker("exec", "spy", "nslookup", "canary.example")
    await output(*on_the_engines_machine, sys.executable, "-c", CALL)
    assert await canary.readline() == b"call ::ffff:127.0.0.1\n"  # the first that it hears of is our own


async def test_a_merely_internal_network_does_reach_it(
    ada: Learner, engine: Engine, engine_client: EngineClient, canary: asyncio.StreamReader
) -> None:
    """So that the test above has teeth."""
    body = {"Name": "plain", "Internal": True, "CheckDuplicate": True}
    async with await engine_client.request("POST", "/networks/create", json_body=body) as reply:
        network = (await (await reply.raise_for_status()).json())["Id"]
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("create", "--name", "spy", "busybox", "sleep", "600")
    identity = ada.container("spy")
    assert identity is not None
    async with await engine_client.request(
        "POST", f"/networks/{network}/connect", json_body={"Container": identity.id}
    ) as reply:
        await reply.raise_for_status()
    await ada.ok("start", "spy")
    await call(ada, "spy", await gateway_of(engine, "plain"))
    assert (await canary.readline()).startswith(b"call ")
    await ada.ok("rm", "-f", "spy")
    await engine.remove_network(network)


FILL = "dd if=/dev/zero of=/data/big bs=1M count=14; wc -c < /data/big"
MANY = "i=0; while true > /data/$i && [ $i -lt 60000 ]; do i=$((i+1)); done; echo $i"


@pytest.mark.attack("a full disk")
async def test_a_volume_holds_no_more_than_its_share(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    ran = await ada.docker("run", "--rm", "-v", "data:/data", "busybox", "sh", "-c", FILL)
    assert "Disk quota exceeded" in ran.err
    assert int(ran.out) <= 8 * MIB
    await ada.ok("run", "--rm", "-v", "data:/data", "busybox", "rm", "/data/big")
    assert await ada.ok(
        "run", "--rm", "-v", "data:/data", "busybox", "sh", "-c", "echo kept > /data/a; cat /data/a"
    ) == ("kept")
    assert await ada.ok("volume", "rm", "data") == "data"


@pytest.mark.attack("a full disk")
async def test_names_of_files_count_too(ada: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    ran = await ada.docker("run", "--rm", "-v", "data:/data", "busybox", "sh", "-c", MANY)
    assert "Disk quota exceeded" in ran.err
    assert int(ran.out) < 60000
