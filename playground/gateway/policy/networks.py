"""`docker network`: the bodies, what the engine is asked to make, and its answers as a learner sees them.

Every network is an internal bridge that has no address on the host. An internal one alone still reaches what listens at
the bridge's own address, which is the host.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playground.gateway.policy import options
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import (
    Rule,
    boolean,
    force,
    judge,
    keep,
    mapping,
    read,
    refuse,
    text,
    words,
)
from playground.gateway.policy.names import check_network_name
from playground.gateway.policy.strictjson import Json, fold

ISOLATED_SINCE = 28  # engines before it know no gateway mode, and the ones after do not need the older option
_ADDRESSES = "addresses are given out by the playground"
_INSIDE = "networks here join your own containers and nothing else"
MAX_ALIASES = 8


def _ipam(value: Json, field: str) -> Json:
    asked = {fold(key): part for key, part in mapping(value, field).items()}
    if asked.pop("driver", "") not in ("", "default", None) or any(asked.values()):
        raise Refused(403, f"--subnet, --ip-range, --gateway and --ipam-driver are not available here: {_ADDRESSES}.")
    return {}


def aliases(value: Json, field: str) -> Json:
    found: list[str] = words(MAX_ALIASES, 512)(value, field)
    for alias in found:
        text(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?", 63)(alias, "--network-alias")
    return found


NETWORK: Mapping[str, Rule] = {
    "Name": read(lambda value, field: check_network_name(value)),
    "CheckDuplicate": force(),
    "Driver": read(options.one_of(("bridge",), f"Only the driver bridge is available in this playground: {_INSIDE}.")),
    "Scope": read(options.one_of(("local",), f"--scope is not available in this playground: {_INSIDE}.")),
    "EnableIPv4": force(),
    "EnableIPv6": refuse("--ipv6", _ADDRESSES),
    "IPAM": read(_ipam),
    "Internal": read(boolean),  # they all are
    "Attachable": refuse("--attachable", "it is for swarms"),
    "Ingress": refuse("--ingress", "it is for swarms"),
    "ConfigOnly": refuse("--config-only", _INSIDE),
    "ConfigFrom": refuse("--config-from", _INSIDE),
    "Options": refuse("--opt", _INSIDE),
    "Labels": keep(options.labels),
}

ENDPOINT: Mapping[str, Rule] = {
    "IPAMConfig": refuse("--ip", _ADDRESSES),
    "Links": refuse("--link", "it is outdated; containers on one network find each other by name"),
    "MacAddress": refuse("--mac-address", _ADDRESSES),
    "DriverOpts": refuse("--driver-opt", _INSIDE),
    "GwPriority": refuse("gw-priority", _INSIDE),
    "DNSNames": refuse("DNSNames", "use --network-alias"),
    "Aliases": read(aliases),
} | {name: force() for name in (
    "NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "IPv6Gateway", "GlobalIPv6Address",
    "GlobalIPv6PrefixLen",
)}  # fmt: skip

CONNECT: Mapping[str, Rule] = {
    "Container": read(text(r"[\x21-\x7e]+", 256)),
    "EndpointConfig": read(mapping),
}
DISCONNECT: Mapping[str, Rule] = {"Container": read(text(r"[\x21-\x7e]+", 256)), "Force": read(boolean)}


def read_network(body: Mapping[str, Json]) -> tuple[str, dict[str, str]]:
    """The name and the labels."""
    judged = judge(NETWORK, body)
    if "Name" not in judged.read:
        raise bad("a network needs a name")
    return judged.read["Name"], judged.kept.get("Labels", {})


def write_network(name: str, labels: Mapping[str, str], engine_version: str) -> dict[str, Json]:
    """The body that the engine gets; the subnet comes from its own pools. `name` is the engine's."""
    isolated = int(engine_version.partition(".")[0] or 0) >= ISOLATED_SINCE
    return {
        "Name": name,
        "CheckDuplicate": True,
        "Driver": "bridge",
        "Internal": True,
        "EnableIPv6": False,
        "Options": {"com.docker.network.bridge.gateway_mode_ipv4": "isolated"}
        if isolated
        else {"com.docker.network.bridge.inhibit_ipv4": "true"},
        "Labels": dict(labels),
    }


def read_connect(body: Mapping[str, Json]) -> tuple[str, list[str]]:
    """The container and the aliases it asks for."""
    asked = judge(CONNECT, body).read
    return asked.get("Container", ""), read_endpoint(asked.get("EndpointConfig", {}))


def read_endpoint(body: Mapping[str, Json]) -> list[str]:
    found: list[str] = judge(ENDPOINT, body).read.get("Aliases", [])
    return found


def read_disconnect(body: Mapping[str, Json]) -> tuple[str, bool]:
    asked = judge(DISCONNECT, body).read
    return asked.get("Container", ""), asked.get("Force", False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a container stands: the engine's network mode and its endpoint there."""

    mode: str
    aliases: tuple[str, ...] | None = None  # None: no endpoint is asked for

    @property
    def shares(self) -> bool:
        """Another container's network: its name resolution too, so nothing may be set."""
        return self.mode.startswith("container:")

    def endpoints(self) -> dict[str, Json]:
        return {} if self.aliases is None else {"EndpointsConfig": {self.mode: {"Aliases": list(self.aliases)}}}


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

_ENDPOINT: Mapping[str, Json] = {
    "IPAMConfig": None, "Links": None, "Aliases": None, "NetworkID": "", "EndpointID": "", "Gateway": "",
    "IPAddress": "", "IPPrefixLen": 0, "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0,
    "MacAddress": "", "DriverOpts": None,
}  # fmt: skip
_SHOWN = ("NetworkID", "EndpointID", "IPAddress", "IPPrefixLen", "MacAddress")
_MEMBER = ("EndpointID", "MacAddress", "IPv4Address", "IPv6Address")


def endpoints(found: Mapping[str, Any], networks: Mapping[str, str], container: str) -> dict[str, Json]:
    """`NetworkSettings.Networks`, under the learner's names: `networks` has them by the engine's ids and names. The
    container's name, which the gateway has given it as an alias, is none that was asked for."""
    shown: dict[str, Json] = {}
    for key, endpoint in (found.get("Networks") or {}).items():
        if name := networks.get(key) or networks.get(endpoint.get("NetworkID", "")):
            asked = [alias for alias in endpoint.get("Aliases") or () if alias != container]
            shown[name] = {**_ENDPOINT, **{one: endpoint[one] for one in _SHOWN if one in endpoint}}
            shown[name]["Aliases"] = (asked or None) if name != "bridge" else None
        elif key == "none":
            shown[key] = dict(_ENDPOINT)
    return shown


def shown_network(found: Mapping[str, Any], name: str, labels: Mapping[str, str], names: Mapping[str, str]) -> Json:
    """`names` are those of the seat's containers, by id."""
    pools = (found.get("IPAM") or {}).get("Config") or []
    members = {
        identity: {"Name": names[identity], **{key: member.get(key, "") for key in _MEMBER}}
        for identity, member in (found.get("Containers") or {}).items()
        if identity in names
    }
    return _network(
        name,
        found["Id"],
        found.get("Driver", "bridge"),
        Created=found.get("Created", ""),
        Internal=True,
        Labels=dict(labels),
        Containers=members,
        IPAM={"Driver": "default", "Options": {}, "Config": [{"Subnet": pool.get("Subnet", "")} for pool in pools]},
    )


_BUILT_IN = {"bridge": "bridge", "host": "host", "none": "null"}


def built_in_network(seat: str, name: str) -> dict[str, Json]:
    """bridge, before the first container needs it; host and none."""
    return _network(name, _built_in_id(seat, name), _BUILT_IN[name])


def built_in_name(seat: str, identity: str) -> str:
    """The other way round, "" for the id of anything else. compose names a network that the file calls external so."""
    return next((name for name in _BUILT_IN if _built_in_id(seat, name) == identity), "")


def _built_in_id(seat: str, name: str) -> str:
    return hashlib.sha256(f"{seat}/{name}".encode()).hexdigest()


def _network(name: str, identity: str, driver: str, **more: Json) -> dict[str, Json]:
    return {
        "Name": name, "Id": identity, "Created": "0001-01-01T00:00:00Z", "Scope": "local", "Driver": driver,
        "EnableIPv6": False, "IPAM": {"Driver": "default", "Options": None, "Config": []},
        "Internal": False, "Attachable": False, "Ingress": False, "ConfigFrom": {"Network": ""}, "ConfigOnly": False,
        "Containers": {}, "Options": {}, "Labels": {},
    } | more  # fmt: skip
