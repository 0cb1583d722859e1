"""`-p` and `-P`: how they are read, which ports a start gets, and that the engine hears of none (attack F 100)."""

from typing import Any

import pytest

from playground.engine import labels
from playground.gateway.limits import Limits
from playground.gateway.policy import published
from playground.gateway.policy.create import ImageFacts, read_create, run_flags
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.published import EPHEMERAL, Published, Wish, give
from playground.gateway.server import Gateway
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine


def binding(host_port: Any = "", host_ip: Any = "", port: str = "80/tcp") -> dict[str, Any]:
    return {port: [{"HostIp": host_ip, "HostPort": host_port}]}


def read(bindings: Any) -> tuple[Wish, ...]:
    return published.bindings(bindings, "PortBindings")


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bindings", "wish"),
    [
        (binding(), Wish(80)),
        (binding("0"), Wish(80)),
        (binding("8080"), Wish(80, "", 8080, 8080)),
        (binding("8080-8090"), Wish(80, "", 8080, 8090)),
        (binding("8080", "127.0.0.1"), Wish(80, "127.0.0.1", 8080, 8080)),
        (binding("8080", "::1"), Wish(80, "::1", 8080, 8080)),
        (binding("65535", port="65535"), Wish(65535, "", 65535, 65535)),
        ({"80/tcp": [{"hostip": None, "HOSTPORT": "81"}]}, Wish(80, "", 81, 81)),
        ({"80/tcp": [None]}, Wish(80)),
    ],
)
def test_a_binding_is_read_as_the_engine_reads_it(bindings: Any, wish: Wish) -> None:
    assert read(bindings) == (wish,)


def test_no_binding_is_nothing_to_publish() -> None:
    assert read({"80/tcp": None, "81/tcp": []}) == ()


HOSTILE: list[Any] = [
    {"80/tcp": 0}, binding(0), binding(False), binding("80", 0),
    [], "80", 80, {"80/tcp": "8080"}, {"80/tcp": {"HostPort": "80"}}, {"80/tcp": ["80"]}, {"80/tcp": [[]]},
    *(binding(port=port) for port in ("0/tcp", "65536/tcp", "-1/tcp", "80-90/tcp", "", "tcp", "8 0", "٨٠/tcp", "80/",
                                      "080080/tcp", "80/TCP", "80/tcp/tcp", "1e2/tcp", "0x50/tcp", "9" * 400)),
    *(binding(port) for port in ("65536", "-1", "81-80", "0-65535", "1-65536", "80,81", " 80", "80\n", "٨٠", "8e1",
                                 "1-2-3", "-", "80-", 8080, ["80"], True, {"a": 1}, "8" * 400)),
    *(binding("80", host_ip) for host_ip in ("host", "127.1", "0x7f000001", "2130706433", "127.0.0.1 ", "127.0.0.1/8",
                                             "[::1]", "localhost", 2130706433, ["127.0.0.1"], "1" * 400)),
    {"80/tcp": [{"HostPort": "80", "Device": "eth0"}]},
    {f"{port}/tcp": [{}] for port in range(1, 66)},
    {"80/tcp": [{}] * 65000},
]  # fmt: skip


@pytest.mark.parametrize("bindings", HOSTILE, ids=lambda bindings: repr(bindings)[:50])
def test_a_binding_that_cannot_be_meant_is_a_400(bindings: Any) -> None:
    with pytest.raises(Refused) as refusal:
        read(bindings)
    assert refusal.value.status == 400


@pytest.mark.parametrize("port", ["53/udp", "53/sctp", "53/x"])
def test_only_tcp_is_published(port: str) -> None:
    with pytest.raises(Refused, match="tcp ports only"):
        read(binding(port=port))
    with pytest.raises(Refused, match="-P publishes tcp ports only"):
        published.settled((), True, ["80/tcp", port], ())


def test_every_exposed_port_without_a_binding_gets_one_with_P() -> None:
    body = {"Image": "x", "ExposedPorts": {"80/tcp": {}, "90": {}}, "HostConfig": {"PublishAllPorts": True}}
    body["HostConfig"]["PortBindings"] = binding("8080")  # type: ignore[index]
    asked = read_create(body)
    wishes = asked.wishes(ImageFacts(exposed=("443/tcp", "90/tcp")), {EPHEMERAL[0]})
    assert wishes == (
        Wish(80, "", 8080, 8080),
        Wish(90, usual=EPHEMERAL[1], by_all=True),
        Wish(443, usual=EPHEMERAL[2], by_all=True),
    )
    assert published.read(published.write(wishes)) == wishes
    assert published.asked(wishes) == {"PortBindings": binding("8080"), "PublishAllPorts": True}
    assert run_flags(asked)["publish"] == ["8080:80"]


def test_a_container_in_anothers_network_publishes_nothing() -> None:
    host = {"NetworkMode": "container:web", "PortBindings": binding("80")}
    with pytest.raises(Refused, match="port publishing and the container type network mode"):
        read_create({"Image": "x", "HostConfig": host})


# ── What a start gets ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_port_stands_at_both_families_unless_an_address_is_named() -> None:
    assert give([Wish(80, "", 80, 80)], (), ipv6=True) == (Published(80, "0.0.0.0", 80), Published(80, "::", 80))
    assert give([Wish(80, "", 80, 80)], (), ipv6=False) == (Published(80, "0.0.0.0", 80),)
    assert give([Wish(80, "127.0.0.1", 80, 80)], (), ipv6=True) == (Published(80, "127.0.0.1", 80),)


def test_a_port_that_another_one_has_is_refused_in_the_engines_words() -> None:
    with pytest.raises(Refused, match=r"Bind for 0\.0\.0\.0:8080 failed: port is already allocated"):
        give([Wish(80, "", 8080, 8080)], {("::", 8080)}, ipv6=True)
    with pytest.raises(Refused, match=r"Bind for 0\.0\.0\.0:8080 failed: port is already allocated"):
        give([Wish(80, "", 8080, 8080), Wish(81, "", 8080, 8080)], (), ipv6=False)


def test_an_open_port_is_the_usual_one_or_the_next_that_is_free() -> None:
    def got(wish: Wish, *taken: int) -> int:
        return give([wish], {("0.0.0.0", port) for port in taken}, ipv6=True)[0].host_port

    assert got(Wish(80, usual=32770)) == 32770
    assert got(Wish(80, usual=32770), 32770, 32768) == 32769
    assert got(Wish(80, "", 8080, 8082), 8080) == 8081
    with pytest.raises(Refused, match="all ports are allocated"):
        got(Wish(80, "", 8080, 8081), 8080, 8081)
    with pytest.raises(Refused, match="all ports are allocated"):
        got(Wish(80, usual=32768), *EPHEMERAL)


@pytest.mark.parametrize("host_ip", ["192.0.2.1", "172.17.0.1", "::ffff:127.0.0.1", "fe80::1%eth0", "10.0.0.1"])
def test_an_address_that_the_terminal_does_not_have_cannot_be_bound(host_ip: str) -> None:
    (wish,) = read(binding("80", host_ip))
    with pytest.raises(Refused, match="cannot assign requested address"):
        give([wish], (), ipv6=True)


# ── What the engine hears ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def limits() -> Limits:
    return Limits(ports=2)


@pytest.fixture
def _root(monkeypatch: pytest.MonkeyPatch, upstream: RecordingEngine) -> None:
    """On the engine's machine, with no terminal that runs."""
    monkeypatch.setattr("os.geteuid", lambda: 0)
    upstream.answers["GET /containers/pg-ada/json"] = (404, {"message": "No such container: pg-ada"})


ATTACK = [
    {"PortBindings": binding("22", port="22/tcp")},
    {"portbindings": binding("80", "127.0.0.1", "8000/tcp")},
    {"PublishAllPorts": True},
]


@pytest.mark.usefixtures("_root")
@pytest.mark.parametrize("host", ATTACK, ids=str)
async def test_the_engine_is_asked_to_publish_nothing(
    ada: Learner, upstream: RecordingEngine, host: dict[str, Any]
) -> None:
    body = {"Image": "busybox", "ExposedPorts": {"8000/tcp": {}}, "HostConfig": host}
    assert (await ada.post("/containers/create", body)).status == 201
    (made,) = [seen.body for seen in upstream.seen if seen.line == "POST /v1.41/containers/create"]
    assert {"portbindings", "publishallports"}.isdisjoint(key.lower() for key in made["HostConfig"])
    assert len(published.read(made["Labels"][labels.ASKED_PORTS])) == 1


@pytest.mark.usefixtures("_root")
async def test_ports_are_shown_while_the_container_runs(ada: Learner, ben: Learner, gateway: Gateway) -> None:
    body = {"Image": "busybox", "HostConfig": {"PortBindings": binding("8080", "127.0.0.1")}}
    identity = (await ada.post("/containers/create?name=pub", body)).json["Id"]
    assert gateway.published("ada") == ()
    assert (await ada.post("/containers/pub/start")).status == 204
    assert (gateway.published("ada"), gateway.published("ben")) == ((8080,), ())
    found = (await ada.get("/containers/pub/json")).json
    assert found["HostConfig"]["PortBindings"] == binding("8080", "127.0.0.1")
    assert found["NetworkSettings"]["Ports"] == binding("8080", "127.0.0.1")
    assert labels.ASKED_PORTS not in found["Config"]["Labels"]
    listed = {one["Id"]: one["Ports"] for one in (await ada.get("/containers/json?all=1")).json}
    assert listed[identity] == [{"IP": "127.0.0.1", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}]
    for wanted, count in (('{"publish":["8080"]}', 1), ('{"publish":["80"]}', 0), ('{"expose":["70-90/tcp"]}', 1)):
        assert len((await ada.get(f"/containers/json?filters={wanted.replace(' ', '')}")).json) == count
    await ada.post("/containers/pub/stop")
    assert gateway.published("ada") == ()
    assert (await ada.get("/containers/pub/json")).json["NetworkSettings"]["Ports"] == {}


@pytest.mark.usefixtures("_root")
async def test_a_start_without_its_port_does_not_reach_the_engine(ada: Learner, upstream: RecordingEngine) -> None:
    for name in ("one", "two"):
        body = {"Image": "busybox", "HostConfig": {"PortBindings": binding("8080")}}
        await ada.post(f"/containers/create?name={name}", body)
    await ada.post("/containers/one/start")
    upstream.seen.clear()
    answer = await ada.post("/containers/two/start")
    assert answer.status == 409
    assert answer.message.startswith("driver failed programming external connectivity on endpoint two (")
    assert answer.message.endswith("): Bind for 0.0.0.0:8080 failed: port is already allocated")
    assert upstream.seen == []
    await ada.post("/containers/one/stop")
    assert (await ada.post("/containers/two/start")).status == 204


@pytest.mark.usefixtures("_root")
async def test_a_seat_has_so_many_ports_and_no_more(ada: Learner, upstream: RecordingEngine) -> None:
    several = {"80/tcp": [{"HostPort": str(port)} for port in range(8080, 8083)]}
    answer = await ada.post("/containers/create", {"Image": "busybox", "HostConfig": {"PortBindings": several}})
    assert (answer.status, "You may publish 2 ports" in answer.message) == (409, True)
    assert "POST /v1.41/containers/create" not in upstream.lines()


async def test_without_root_nothing_is_published_and_the_learner_is_told_why(
    ada: Learner, upstream: RecordingEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    answer = await ada.post("/containers/create", {"Image": "busybox", "HostConfig": {"PortBindings": binding("8080")}})
    assert (answer.status, "run as root where its engine runs" in answer.message) == (403, True)
    assert "POST /v1.41/containers/create" not in upstream.lines()
