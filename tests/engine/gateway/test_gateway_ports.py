"""Published ports: at localhost in the learner's own terminal, and nowhere else (attack F 100)."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.gateway import netns
from playground.gateway.limits import Limits
from playground.gateway.server import Gateway
from playground.seats import container
from playground.seats.cgroups import Budgets
from tests.engine.gateway.learners import Learner

PORT = 18089  # none that anything else would take
AT_ONCE = 4
REFUSED = "Connection refused"


@dataclass
class Terminal:
    """A seat's own, which the learner's CLI here does not need but the ports do."""

    engine: Engine
    id: str

    async def sh(self, script: str) -> str:
        """What it printed, its errors too."""
        ran = await self.engine.exec(self.id, ["sh", "-c", f"({script}) 2>&1"], timeout=30)
        return ran.output.decode().strip()

    async def tries(self, port: int = PORT, host: str = "localhost") -> str:
        return await self.sh(f"wget -qO- http://{host}:{port}/word")

    async def fetch(self, port: int = PORT, host: str = "localhost") -> str:
        """Once the program in the container listens: as with any engine, its port stands there before."""
        ask = f"word=$(wget -qO- http://{host}:{port}/word 2>/dev/null)"
        return await self.sh(f'for i in $(seq 100); do {ask}; [ "$word" ] && break; sleep 0.1; done; echo $word')


@pytest.fixture
def limits() -> Limits:
    return Limits(port_connections=AT_ONCE)


@pytest.fixture
async def adas(ada: Learner, engine: Engine, budgets: Budgets, instance: str) -> AsyncIterator[Terminal]:
    async for terminal in _terminal(ada, engine, budgets, instance):
        yield terminal


@pytest.fixture
async def bens(ben: Learner, engine: Engine, budgets: Budgets, instance: str) -> AsyncIterator[Terminal]:
    async for terminal in _terminal(ben, engine, budgets, instance):
        yield terminal


async def _terminal(learner: Learner, engine: Engine, budgets: Budgets, instance: str) -> AsyncIterator[Terminal]:
    learner.socket.parent.parent.chmod(0o711)
    spec = container.spec(
        instance=instance, seat=learner.seat, cgroup_parent=budgets.parent(learner.seat),
        socket_dir=learner.socket.parent, limits=Limits(), disk_quota=False,
    )  # fmt: skip
    identity = await engine.create(labels.terminal_name(learner.seat), spec)
    await engine.start(identity)
    await learner.ok("pull", "-q", "busybox")
    yield Terminal(engine, identity)
    await engine.remove(identity)


def serving(word: str, address: str = "80") -> list[str]:
    return ["busybox", "sh", "-c", f"echo {word} > /tmp/word; exec httpd -f -p {address} -h /tmp"]


async def listens(terminal: Terminal, port: int = PORT) -> bool:
    return f":{port} " in await terminal.sh("netstat -ltn")


async def until_it_listens(terminal: Terminal, listening: bool) -> None:
    """It follows an event of the engine's."""
    async with asyncio.timeout(20):
        while await listens(terminal) != listening:
            pass


def host_listens() -> set[int]:
    found = set()
    for file in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(file).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if state == "0A":
                found.add(int(local.rpartition(":")[2], 16))
    return found


@pytest.mark.usefixtures("every_cli")
async def test_a_published_port_is_at_ones_own_localhost_and_nowhere_else(
    ada: Learner, ben: Learner, adas: Terminal, bens: Terminal, engine: Engine, gateway: Gateway
) -> None:
    assert PORT not in host_listens()
    await ada.ok("run", "-d", "--name", "web", "-p", f"{PORT}:80", *serving("adas"))
    assert [await adas.fetch(host=host) for host in ("localhost", "127.0.0.1")] == ["adas", "adas"]
    assert PORT not in host_listens()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", PORT)

    await ben.ok("run", "-d", "--name", "spy", "busybox", "sleep", "600")
    assert REFUSED in await bens.tries()
    ip = (await engine.inspect(ada.container("web").id))["NetworkSettings"]["Networks"]  # type: ignore[union-attr]
    hosts = ["127.0.0.1", *(endpoint["IPAddress"] for endpoint in ip.values())]
    for host in hosts:
        for port in (PORT, 80):
            ask = f'printf "GET /word HTTP/1.0\\r\\n\\r\\n" | nc -w 2 {host} {port}'
            assert (await ben.docker("exec", "spy", "sh", "-c", ask)).out == ""

    await ben.ok("run", "-d", "--name", "web", "-p", f"127.0.0.1:{PORT}:80", *serving("bens"))
    assert (await adas.fetch(), await bens.fetch()) == ("adas", "bens")
    assert (gateway.published(ada.seat), gateway.published(ben.seat)) == ((PORT,), (PORT,))
    async with gateway.dial(ben.seat, PORT) as side:
        side.writer.write(b"GET /word HTTP/1.0\r\n\r\n")
        assert (await side.reader.read()).endswith(b"bens\n")

    assert (await ada.ok("port", "web")).splitlines()[0] == f"80/tcp -> 0.0.0.0:{PORT}"
    assert f"0.0.0.0:{PORT}->80/tcp" in await ada.ok("ps", "--format", "{{.Ports}}")
    assert await ben.ok("ps", "--format", "{{.Ports}}", "--filter", f"publish={PORT}") == f"127.0.0.1:{PORT}->80/tcp"
    on_engine = await engine.inspect(ada.container("web").id)  # type: ignore[union-attr]
    assert not on_engine["HostConfig"]["PortBindings"]
    assert not on_engine["HostConfig"]["PublishAllPorts"]
    assert await ada.ok("inspect", "-f", "{{json .Config.Labels}}", "web") == "{}"


async def test_a_port_that_is_taken_is_an_error_of_the_start(ada: Learner, adas: Terminal) -> None:
    await ada.ok("run", "-d", "--name", "web", "-p", f"{PORT}:80", *serving("first"))
    ran = await ada.docker("run", "-d", "--name", "two", "-p", f"{PORT}:80", *serving("second"))
    assert ran.code == 125
    assert "driver failed programming external connectivity on endpoint two (" in ran.err
    assert f"Bind for 0.0.0.0:{PORT} failed: port is already allocated" in ran.err
    assert await ada.ok("ps", "-a", "--filter", "status=created", "--format", "{{.Names}}:{{.Ports}}") == "two:"
    assert (await ada.docker("run", "--rm", "-p", f"{PORT}:80", "busybox")).code == 125
    assert len((await ada.ok("ps", "-aq")).split()) == 2
    await ada.ok("rm", "-f", "web")
    await ada.ok("start", "two")
    assert await adas.fetch() == "second"

    await adas.sh(f"nc -l -p {PORT + 1} >/dev/null </dev/null &")
    ran = await ada.docker("run", "-d", "--name", "three", "-p", f"{PORT + 1}:80", "busybox", "httpd", "-f")
    assert f"listen tcp4 0.0.0.0:{PORT + 1}: bind: address already in use" in ran.err
    ran = await ada.docker("run", "-d", "-p", "192.0.2.1:80:80", "busybox", "httpd", "-f")
    assert "bind: cannot assign requested address" in ran.err


async def test_ports_left_open_are_found_and_shown(ada: Learner, adas: Terminal) -> None:
    await ada.ok("run", "-d", "--name", "any", "-P", "--expose", "80", *serving("all"))
    await ada.ok("run", "-d", "--name", "one", "-p", "80", *serving("one"))
    await ada.ok("run", "-d", "--name", "range", "-p", f"{PORT}-{PORT + 3}:80", *serving("range"))
    await ada.ok("run", "-d", "--name", "low", "-p", "22:22", *serving("low", "22"))
    for name, word in (("any", "all"), ("one", "one"), ("range", "range"), ("low", "low")):
        port = int((await ada.ok("port", name)).splitlines()[0].rpartition(":")[2])
        assert await adas.fetch(port) == word
    await ada.ok("run", "-d", "--name", "none", "--network", "none", "-p", "81:80", *serving("none"))
    assert await ada.ok("port", "none") == await ada.ok("ps", "-f", "name=none", "--format", "{{.Ports}}") == ""
    await ada.ok("run", "-d", "--name", "shy", "-p", "82:80", *serving("shy", "127.0.0.1:80"))
    assert "error getting response" in await adas.tries(82)
    assert REFUSED in await adas.tries(81)


async def test_a_port_comes_and_goes_with_its_container(ada: Learner, adas: Terminal, gateway: Gateway) -> None:
    changes: list[str] = []
    gateway.on_ports(changes.append)
    await ada.ok("network", "create", "mine")
    await ada.ok("run", "-d", "--name", "web", "-p", f"{PORT}:80", *serving("hi"))
    for again in (["restart", "-t", "0", "web"], ["network", "connect", "mine", "web"]):
        await ada.ok(*again)
        assert await adas.fetch() == "hi"
    await ada.ok("network", "disconnect", "bridge", "web")
    assert await adas.fetch() == "hi"
    await ada.ok("kill", "web")
    await ada.ok("wait", "web")
    await until_it_listens(adas, False)
    assert REFUSED in await adas.tries()
    await ada.ok("start", "web")
    assert await adas.fetch() == "hi"
    await ada.ok("rm", "-f", "web")
    await until_it_listens(adas, False)
    assert set(changes) == {ada.seat}
    assert gateway.published(ada.seat) == ()


async def test_ports_outlive_the_gateway_and_the_terminal(
    ada: Learner,
    adas: Terminal,
    engine: Engine,
    gateway: Gateway,
    successor: Gateway,
    budgets: Budgets,
    folder: Path,
) -> None:
    await ada.ok("run", "-d", "--name", "any", "-p", "80", *serving("any"))
    await ada.ok("run", "-d", "--name", "web", "-p", f"{PORT}:80", *serving("hi"))
    await engine.kill(adas.id)
    await engine.wait(adas.id, 10)
    await engine.start(adas.id)
    await until_it_listens(adas, True)
    assert await adas.fetch() == "hi"

    ports = await ada.ok("port", "any")
    before = gateway.state(ada.seat)
    await gateway.stop()
    assert not await listens(adas)
    await successor.start()
    await successor.open(ada.seat, folder / ada.seat, budgets.parent(ada.seat))
    await until_it_listens(adas, True)
    assert await adas.fetch() == "hi"
    assert successor.state(ada.seat) == before
    assert await ada.ok("port", "any") == ports
    await successor.clear(ada.seat)
    assert successor.published(ada.seat) == ()
    await successor.stop()
    assert not await listens(adas)


async def test_connections_are_carried_both_ways_to_their_ends_and_bounded(ada: Learner, adas: Terminal) -> None:
    await ada.ok("run", "-d", "--name", "echo", "-p", f"{PORT}:80", "busybox", "nc", "-ll", "-p", "80", "-e", "cat")
    size = await adas.sh(f"dd if=/dev/zero bs=64k count=64 2>/dev/null | nc 127.0.0.1 {PORT} | wc -c")
    assert int(size) == 64 * 64 * 1024
    many = asyncio.create_task(adas.sh(f"for i in $(seq 12); do (echo $i; sleep 1) | nc 127.0.0.1 {PORT} & done; wait"))
    most = 0
    while not many.done():
        seen = await ada.ok("exec", "echo", "sh", "-c", "netstat -tn | grep -c ':80 .*ESTABLISHED' || true")
        most = max(most, int(seen))
    assert 0 < most <= 3 * AT_ONCE  # each has two ends there, and some end while others begin
    assert sorted((await many).split()) == sorted(map(str, range(1, 13)))


async def test_only_a_process_of_the_container_leads_into_its_network(adas: Terminal, engine: Engine) -> None:
    pid = (await engine.inspect(adas.id))["State"]["Pid"]
    with pytest.raises(ProcessLookupError):
        netns.stream_socket(os.getpid(), adas.id, socket.AF_INET)
    with pytest.raises(ProcessLookupError):
        netns.stream_socket(pid, "f" * 64, socket.AF_INET)
    inside = netns.stream_socket(pid, adas.id, socket.AF_INET)
    with inside, socket.socket() as outside:
        inside.bind(("127.0.0.1", PORT))
        outside.bind(("127.0.0.1", PORT))  # another network altogether
    await engine.kill(adas.id)
    await engine.wait(adas.id, 10)
    with pytest.raises(ProcessLookupError):
        netns.stream_socket(pid, adas.id, socket.AF_INET)
