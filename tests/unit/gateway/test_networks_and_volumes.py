"""Networks and volumes: what reaches the engine of them, and that others' are not there (attacks D 53, 54, 56,
E 74, 86, 89, F 95, 96, 101, 102)."""

import asyncio
import json
from typing import Any

import pytest

from playground.gateway.facts import Fact
from playground.gateway.policy.networks import write_network
from playground.gateway.server import Gateway
from tests.unit.gateway.conftest import ADAS_NET, ADAS_WEB, BENS_NET, BENS_WEB
from tests.unit.gateway.learner import Learner
from tests.unit.gateway.recording import RecordingEngine

MARKS = {"playground.instance": "test", "playground.seat": "ada", "playground.role": "learner"}
NETWORK = {  # what CLI 28.2 sends for `docker network create new`
    "Name": "new", "Driver": "bridge", "Scope": "", "EnableIPv4": True, "EnableIPv6": None,
    "IPAM": {"Driver": "default", "Options": {}, "Config": []}, "Internal": False, "Attachable": False,
    "Ingress": False, "ConfigOnly": False, "ConfigFrom": None, "Options": {}, "Labels": {"tier": "front"},
    "CheckDuplicate": True,
}  # fmt: skip


async def test_a_network_is_made_behind_the_same_walls_whatever_was_asked(
    ada: Learner, upstream: RecordingEngine
) -> None:
    answer = await ada.post("/networks/create", NETWORK)
    assert (answer.status, set(answer.json)) == (201, {"Id", "Warning"})
    (seen,) = upstream.seen
    assert (seen.line, seen.query) == ("POST /v1.41/networks/create", {})
    assert seen.body == {
        "Name": "pg-ada-new", "CheckDuplicate": True, "Driver": "bridge", "Internal": True, "EnableIPv6": False,
        "Options": {"com.docker.network.bridge.inhibit_ipv4": "true"}, "Labels": {"tier": "front", **MARKS},
    }  # fmt: skip


def test_a_newer_engine_is_asked_for_an_isolated_bridge() -> None:
    assert write_network("x", {}, "28.2.2")["Options"] == {"com.docker.network.bridge.gateway_mode_ipv4": "isolated"}
    assert "com.docker.network.bridge.inhibit_ipv4" in write_network("x", {}, "27.5.1")["Options"]


REACHES: list[dict[str, Any]] = [
    {"Driver": "host"}, {"Driver": "macvlan"}, {"Driver": "ipvlan"}, {"Driver": "overlay"}, {"driver": "macvlan"},
    {"Options": {"parent": "eth0"}}, {"Options": {"com.docker.network.bridge.name": "docker0"}}, {"EnableIPv6": True},
    {"IPAM": {"Config": [{"Subnet": "192.0.2.0/24"}]}}, {"IPAM": {"Driver": "dhcp"}}, {"ipam": {"options": {"a": "b"}}},
    {"Ingress": True}, {"Attachable": True}, {"ConfigOnly": True}, {"ConfigFrom": {"Network": "bridge"}},
    {"Scope": "swarm"}, {"Labels": {"playground.seat": "ben"}}, {"Unknown": 1},
    {"Name": "bridge"}, {"Name": "host"}, {"Name": "none"},
]  # fmt: skip


@pytest.mark.parametrize("asked", REACHES, ids=json.dumps)
@pytest.mark.attack("a network that reaches further")
async def test_a_network_that_reaches_further_is_refused(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]
) -> None:
    answer = await ada.post("/networks/create", {"Name": "new"} | asked)
    assert (answer.status, "playground" in answer.message or "predefined" in answer.message) == (403, True)
    assert upstream.seen == []


@pytest.mark.parametrize("name", ["", "a b", "../x", "x" * 300, "a\nb", "-x", 7])
async def test_a_name_that_is_none_is_a_bad_request(ada: Learner, upstream: RecordingEngine, name: object) -> None:
    assert (await ada.post("/networks/create", {"Name": name})).status == 400
    if name != "":  # a volume gets one
        assert (await ada.post("/volumes/create", {"Name": name})).status == 400
        assert upstream.seen == []


ENDPOINT: dict[str, Any] = {"IPAMConfig": {}, "Links": None, "Aliases": ["www"], "MacAddress": "", "DriverOpts": {}}


async def test_joining_and_leaving_name_both_ends_by_full_ids(ada: Learner, upstream: RecordingEngine) -> None:
    assert (await ada.post("/networks/mine/connect", {"Container": "web", "EndpointConfig": ENDPOINT})).status == 200
    assert upstream.seen[-1].line == f"POST /v1.41/networks/{ADAS_NET}/connect"
    assert upstream.seen[-1].body == {"Container": ADAS_WEB, "EndpointConfig": {"Aliases": ["web", "www"]}}
    assert (await ada.post("/networks/mine/disconnect", {"Container": "web", "Force": True})).status == 200
    assert upstream.seen[-1].line == f"POST /v1.41/networks/{ADAS_NET}/disconnect"
    assert upstream.seen[-1].body == {"Container": ADAS_WEB, "Force": True}


@pytest.mark.parametrize(
    "endpoint",
    [
        {"IPAMConfig": {"IPv4Address": "172.17.0.1"}}, {"Links": ["web:x"]}, {"MacAddress": "02:42:ac:11:00:02"},
        {"DriverOpts": {"a": "b"}}, {"GwPriority": 1}, {"DNSNames": ["x"]}, {"Aliases": ["a b"]},
        {"Aliases": ["a"] * 20}, {"Unknown": 1},
    ],
)  # fmt: skip
@pytest.mark.attack("endpoints by address and by dozens")
async def test_an_endpoint_that_asks_for_more_is_refused(
    ada: Learner, upstream: RecordingEngine, endpoint: dict[str, Any]
) -> None:
    answer = await ada.post("/networks/mine/connect", {"Container": "web", "EndpointConfig": endpoint})
    assert answer.status == (400 if "Aliases" in endpoint else 403)
    asked = {"Image": "busybox", "HostConfig": {"NetworkMode": "mine"}}
    asked["NetworkingConfig"] = {"EndpointsConfig": {"mine": endpoint}}
    assert (await ada.post("/containers/create", asked)).status == answer.status
    assert upstream.seen == []


@pytest.mark.attack("endpoints by address and by dozens")
async def test_fifty_endpoints_are_refused(ada: Learner, upstream: RecordingEngine) -> None:
    networks: dict[str, Any] = {"EndpointsConfig": {"mine": {}} | {f"n{number}": {} for number in range(50)}}
    asked = {"Image": "busybox", "HostConfig": {"NetworkMode": "mine"}, "NetworkingConfig": networks}
    assert (await ada.post("/containers/create", asked)).status == 400
    assert upstream.seen == []


async def test_a_container_starts_on_the_learners_network_by_its_id(ada: Learner, upstream: RecordingEngine) -> None:
    asked = {"Image": "busybox", "HostConfig": {"NetworkMode": "mine"}}
    assert (await ada.post("/containers/create?name=db", asked)).status == 201
    body = upstream.seen[-1].body
    assert body["HostConfig"]["NetworkMode"] == ADAS_NET
    assert body["NetworkingConfig"] == {"EndpointsConfig": {ADAS_NET: {"Aliases": ["db"]}}}
    assert body["Labels"]["playground.network"] == "mine"


async def test_the_default_network_is_made_once_and_with_the_first_that_needs_it(
    ada: Learner, upstream: RecordingEngine
) -> None:
    assert (
        await ada.post("/containers/create", {"Image": "busybox", "HostConfig": {"NetworkMode": "none"}})
    ).status == 201
    assert "POST /v1.41/networks/create" not in upstream.lines()
    asked = {"Image": "busybox"}
    await asyncio.gather(*(ada.post("/containers/create", asked) for _ in range(4)))
    assert upstream.lines().count("POST /v1.41/networks/create") == 1
    (made,) = [one for one in upstream.networks.values() if one["Name"] == "pg-ada-bridge"]
    assert upstream.seen[-1].body["HostConfig"]["NetworkMode"] == made["Id"]


async def test_a_container_joins_the_network_of_the_learners_own(ada: Learner, upstream: RecordingEngine) -> None:
    asked = {"Image": "busybox", "HostConfig": {"NetworkMode": "container:web"}}
    assert (await ada.post("/containers/create", asked)).status == 201
    assert upstream.seen[-1].body["HostConfig"]["NetworkMode"] == f"container:{ADAS_WEB}"


# ── What belongs to others ───────────────────────────────────────────────────────────────────────────────────────

CALLS = [
    ("GET", "/networks/{}", None), ("DELETE", "/networks/{}", None),
    ("POST", "/networks/{}/connect", {"Container": "web"}), ("POST", "/networks/{}/disconnect", {"Container": "web"}),
    ("GET", "/volumes/{}", None), ("DELETE", "/volumes/{}", None),
    ("POST", "/networks/mine/connect", {"Container": "{}"}), ("POST", "/networks/mine/disconnect", {"Container": "{}"}),
    ("POST", "/containers/create", {"Image": "busybox", "HostConfig": {"NetworkMode": "{}"}}),
    ("POST", "/containers/create", {"Image": "busybox", "HostConfig": {"NetworkMode": "container:{}"}}),
    ("POST", "/containers/create", {"Image": "busybox", "HostConfig": {"VolumesFrom": ["{}"]}}),
]  # fmt: skip
FOREIGN = ["bens", "pg-ben-bens", "pg-ada-mine", BENS_NET, BENS_NET[:12], BENS_WEB, BENS_WEB[:12], "pg-ben-web"]


@pytest.mark.parametrize(("method", "target", "body"), CALLS)
@pytest.mark.parametrize("reference", FOREIGN)
@pytest.mark.attack("another's network")
async def test_what_is_anothers_and_what_never_was_are_one_answer(
    ada: Learner, upstream: RecordingEngine, method: str, target: str, body: Any, reference: str
) -> None:
    def asked(word: str) -> tuple[str, Any]:
        return target.replace("{}", word), json.loads(json.dumps(body).replace("{}", word))

    foreign, never = await ada.call(method, *asked(reference)), await ada.call(method, *asked("nope"))
    assert foreign.status == never.status in (400, 404)
    assert foreign.message.replace(reference, "nope") == never.message
    assert [seen for seen in upstream.seen if not seen.path.startswith("/v1.41/images/")] == []


@pytest.mark.parametrize("reference", ["nope", "bens", "pg-ben-bens"])
async def test_to_force_a_volume_away_that_is_not_there_is_done_at_once(
    ada: Learner, upstream: RecordingEngine, reference: str
) -> None:
    assert (await ada.call("DELETE", f"/volumes/{reference}?force=1")).status == 204
    assert upstream.seen == []


async def test_lists_show_the_learners_own(ada: Learner, upstream: RecordingEngine) -> None:
    upstream.seen.clear()
    networks = await ada.get("/networks")
    assert [one["Name"] for one in networks.json] == ["mine", "bridge", "host", "none"]
    assert list(networks.json[0]["Containers"]) == [ADAS_WEB]
    volumes = await ada.get("/volumes")
    assert [one["Name"] for one in volumes.json["Volumes"]] == ["data"]
    for secret in (b"bens", BENS_NET.encode(), BENS_WEB.encode(), b"playground.", b"secret", b"/volumes", b"pg-ada"):
        assert secret not in networks.data + volumes.data
    assert {seen.path for seen in upstream.seen} == {f"/v1.41/networks/{ADAS_NET}", "/v1.41/volumes/pg-ada-data"}


async def test_a_prune_takes_the_learners_own(ada: Learner, upstream: RecordingEngine) -> None:
    assert (await ada.post("/networks/prune")).json == {"NetworksDeleted": ["mine"]}
    assert (await ada.post("/volumes/prune")).json == {"VolumesDeleted": ["data"], "SpaceReclaimed": 0}
    assert [one["Name"] for one in upstream.networks.values()] == ["pg-ben-bens"]
    assert list(upstream.volumes) == ["pg-ben-bens"]


async def test_what_the_engine_says_is_in_use_is_told_in_the_learners_words(
    ada: Learner, upstream: RecordingEngine
) -> None:
    text = f"error while removing network: network pg-ada-mine id {ADAS_NET} has active endpoints on /host"
    upstream.answers[f"DELETE /networks/{ADAS_NET}"] = (403, {"message": text})
    answer = await ada.call("DELETE", "/networks/mine")
    assert (answer.status, answer.message) == (
        403,
        f"error while removing network: network mine id {ADAS_NET} has active endpoints",
    )
    text = f"remove pg-ada-data: volume is in use - [{ADAS_WEB}]"
    upstream.answers["DELETE /volumes/pg-ada-data"] = (409, {"message": text})
    assert (await ada.call("DELETE", "/volumes/data")).message == f"remove data: volume is in use - [{ADAS_WEB}]"


async def test_no_addresses_left_is_no_fault_of_the_learners(ada: Learner, upstream: RecordingEngine) -> None:
    text = "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network"
    upstream.answers["POST /networks/create"] = (404, {"message": text})
    answer = await ada.post("/networks/create", {"Name": "new"})
    assert (answer.status, "no addresses left" in answer.message) == (503, True)


# ── Volumes ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_volume_is_made_with_the_owners_marks_and_name(ada: Learner, upstream: RecordingEngine) -> None:
    answer = await ada.post(
        "/volumes/create", {"Name": "new", "Driver": "local", "DriverOpts": {}, "Labels": {"a": "b"}}
    )
    assert (answer.status, answer.json["Name"], answer.json["Mountpoint"]) == (201, "new", "")
    assert upstream.seen[0].line == "POST /v1.41/volumes/create"
    assert upstream.seen[0].body == {"Name": "pg-ada-new", "Driver": "local", "Labels": {"a": "b", **MARKS}}
    upstream.seen.clear()
    assert (await ada.post("/volumes/create", {"Name": "new"})).json["Labels"] == {"a": "b"}
    assert upstream.lines() == ["GET /v1.41/volumes/pg-ada-new"]


@pytest.mark.parametrize(
    "asked",
    [
        {"Driver": "vieux/sshfs"}, {"DriverOpts": {"type": "none", "o": "bind", "device": "/etc"}},
        {"driveropts": {"type": "tmpfs"}}, {"ClusterVolumeSpec": {"Group": "x"}},
        {"Labels": {"playground.seat": "ben"}}, {"Unknown": 1},
    ],
)  # fmt: skip
@pytest.mark.attack("a volume of the host's files")
async def test_a_volume_that_reaches_further_is_refused(
    ada: Learner, upstream: RecordingEngine, asked: dict[str, Any]
) -> None:
    assert (await ada.post("/volumes/create", {"Name": "new"} | asked)).status == 403
    assert upstream.seen == []


@pytest.mark.attack("another's volume")
async def test_anothers_volume_name_means_a_new_one_of_ones_own(ada: Learner, upstream: RecordingEngine) -> None:
    asked = {"Image": "busybox", "HostConfig": {"NetworkMode": "none", "Binds": ["bens:/d"]}}
    assert (await ada.post("/containers/create", asked)).status == 201
    assert upstream.seen[-2].body["Name"] == "pg-ada-bens"
    assert upstream.seen[-1].body["HostConfig"]["Mounts"] == [
        {"Type": "volume", "Source": "pg-ada-bens", "Target": "/d", "ReadOnly": False}
    ]


async def test_a_create_that_fails_leaves_no_unnamed_volume(ada: Learner, upstream: RecordingEngine) -> None:
    upstream.answers["POST /containers/create"] = (400, {"message": "no command specified"})
    asked = {"Image": "busybox", "Volumes": {"/d": {}}, "HostConfig": {"NetworkMode": "none"}}
    assert (await ada.post("/containers/create", asked)).status == 400
    assert sorted(upstream.volumes) == ["pg-ada-data", "pg-ben-bens"]


@pytest.mark.attack("counts beaten by hurry")
async def test_the_counts_hold_also_for_many_at_once_and_for_who_hangs_up(
    ada: Learner, upstream: RecordingEngine, gateway: Gateway
) -> None:
    await asyncio.gather(*(ada.post("/volumes/create", {"Name": f"v{number}"}) for number in range(9)))
    await asyncio.gather(*(ada.post("/networks/create", {"Name": f"n{number}"}) for number in range(9)))
    assert (len(gateway.state("ada").volumes), len(gateway.state("ada").networks)) == (4, 4)
    assert len([name for name in upstream.volumes if name.startswith("pg-ada-")]) == 4
    answer = await ada.post("/containers/create", {"Image": "busybox", "Volumes": {"/d": {}}})
    assert (answer.status, "docker volume prune" in answer.message) == (409, True)
    answer = await ada.post("/networks/create", {"Name": "more"})
    assert (answer.status, "docker network prune" in answer.message) == (409, True)


async def test_the_state_knows_which_networks_a_container_is_on(ada: Learner, gateway: Gateway) -> None:
    def networks() -> tuple[str, ...]:
        [web] = [one for one in gateway.state("ada").containers if one.name == "web"]
        return web.networks

    before = networks()
    await ada.post("/networks/create", {"Name": "new"})
    await ada.post("/networks/new/connect", {"Container": "web"})
    assert networks() == tuple(sorted((*before, "new")))
    await ada.post("/networks/new/disconnect", {"Container": "web"})
    assert networks() == before
    await ada.post("/containers/create?name=db", {"Image": "busybox", "HostConfig": {"NetworkMode": "new"}})
    assert gateway.state("ada").containers[-1].networks == ("new",)
    await ada.call("DELETE", "/networks/new")
    assert gateway.state("ada").containers[-1].networks == ()


async def test_facts_have_the_clis_words(ada: Learner, facts: list[Fact]) -> None:
    await ada.post("/networks/create", {"Name": "new"})
    await ada.post("/networks/new/connect", {"Container": "web"})
    await ada.call("DELETE", "/networks/new")
    await ada.post("/volumes/create", {"Name": "logs"})
    await ada.call("DELETE", "/volumes/logs")
    assert [(fact.action, fact.name, fact.ok) for fact in facts] == [
        ("network create", "new", True), ("network connect", "new", True), ("network rm", "new", True),
        ("volume create", "logs", True), ("volume rm", "logs", True),
    ]  # fmt: skip


@pytest.mark.attack("another's secrets in the events")
async def test_events_of_others_networks_and_volumes_are_not_heard(
    ada: Learner, ben: Learner, upstream: RecordingEngine
) -> None:
    upstream.tell("network", "connect", BENS_NET, {"container": BENS_WEB, "name": "pg-ben-bens"})
    upstream.tell("volume", "mount", "pg-ben-bens", {"container": BENS_WEB, "destination": "/d"})
    upstream.tell("volume", "mount", "pg-ada-data", {"container": BENS_WEB, "destination": "/d"})
    upstream.tell("network", "destroy", ADAS_NET, {"name": "pg-ada-mine"})
    await ada.post("/containers/web/pause")  # its event comes after these
    heard = (await ada.get("/events?since=0&until=1")).data.decode()
    assert "bens" not in heard
    assert BENS_WEB not in heard
    lines = [json.loads(line) for line in heard.splitlines()]
    assert [(one["Type"], one["Action"], one["Actor"]["ID"]) for one in lines][:2] == [
        ("volume", "mount", "data"),
        ("network", "destroy", ADAS_NET),
    ]
    assert (await ada.get("/networks/mine")).status == 404


async def test_a_cleared_seat_leaves_no_network_and_no_volume(gateway: Gateway, upstream: RecordingEngine) -> None:
    upstream.containers.clear()
    upstream.networks.pop(BENS_NET)  # the recorder does not filter
    upstream.volumes.pop("pg-ben-bens")
    await gateway.clear("ada")
    await gateway.clear("ada")
    assert (upstream.networks, upstream.volumes) == ({}, {})
    assert upstream.lines().count(f"DELETE /v1.41/networks/{ADAS_NET}") == 1
