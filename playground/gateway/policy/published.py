"""`docker run -p` and `-P`: what is asked, which ports a start gets, and how they are shown.

The engine never hears of any of it: a port that it published would stand on the machine, where everybody's would
conflict. What was asked is kept in a label of the container's.
"""

import ipaddress
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import listing, mapping
from playground.gateway.policy.strictjson import Json, fold

EPHEMERAL = range(32768, 61000)  # where a port comes from that the learner leaves open
HIGHEST = 65535
MOST = 64  # of one container; how many a seat may have is a setting
EVERY_V4, EVERY_V6 = "0.0.0.0", "::"
_PORT = re.compile(r"([0-9]{1,5})(?:/([a-z]{1,8}))?")
_HOST_PORT = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """One `-p`, or one port of `-P`. `first` to `last` are the host's ports that will do; where they are 0, `usual` is
    taken, or whichever is free."""

    port: int  # the container's
    host_ip: str = ""
    first: int = 0
    last: int = 0
    usual: int = 0
    by_all: bool = False  # by -P


@dataclass(frozen=True, slots=True)
class Published:
    """A port that a running container has at the seat's own localhost."""

    port: int  # the container's
    host_ip: str
    host_port: int

    @property
    def address(self) -> Address:
        return self.host_ip, self.host_port


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────


def bindings(value: Json, field: str) -> tuple[Wish, ...]:
    """`PortBindings`, in their order."""
    asked = mapping(value, field)
    if sum(len(several) if isinstance(several, list) else 1 for several in asked.values()) > MOST:
        raise bad(f"at most {MOST} ports for a container")
    return tuple(wish for port, several in asked.items() for wish in _wishes(_port(port, "-p"), several, field))


def _wishes(port: int, several: Json, field: str) -> Iterable[Wish]:
    for item in [] if several is None else listing(several, field):
        one = {fold(key): part for key, part in mapping({} if item is None else item, field).items()}
        if unknown := set(one) - {"hostip", "hostport"}:
            raise bad(f"{field} has no {min(unknown)[:40]!r}")
        yield Wish(port, _host_ip(one.get("hostip")), *_host_ports(one.get("hostport")))


def _port(text: str, option: str) -> int:
    found = _PORT.fullmatch(text)
    number = int(found[1]) if found else 0
    if found is None or not 0 < number <= HIGHEST:
        raise bad(f"invalid port specification: {text[:40]!r}")
    if found[2] not in (None, "tcp"):
        raise Refused(
            403,
            f"{option} publishes tcp ports only in this playground, not {text[:20]}: containers on one network reach "
            "each other by udp without it.",
        )
    return number


def _host_ip(value: Json) -> str:
    if value in (None, ""):
        return ""
    try:
        return str(ipaddress.ip_address(value if isinstance(value, str) else None))  # type: ignore[arg-type]
    except ValueError:
        raise bad(f"invalid IP address: {str(value)[:60]!r}") from None


def _host_ports(value: Json) -> tuple[int, int]:
    if value in (None, ""):
        return 0, 0
    found = _HOST_PORT.fullmatch(value) if isinstance(value, str) else None
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not first <= last <= HIGHEST or (first == 0 and last != 0):
        raise bad(f"invalid port specification: {str(value)[:40]!r}")
    return first, last


def settled(asked: Iterable[Wish], every: bool, exposed: Iterable[str], usual: Collection[int]) -> tuple[Wish, ...]:
    """With what `-P` adds for the ports that are exposed, and with a usual port for each wish that leaves it open;
    `usual` are those of the seat's other containers."""
    wishes, taken = list(asked), set(usual)
    if every:
        named = {wish.port for wish in wishes}
        wishes += [Wish(port, by_all=True) for port in sorted({_port(text, "-P") for text in exposed} - named)]
    found = []
    for wish in wishes:
        if not wish.first:
            free = next((port for port in EPHEMERAL if port not in taken), 0)
            taken.add(free)
            wish = Wish(wish.port, wish.host_ip, usual=free, by_all=wish.by_all)
        found.append(wish)
    return tuple(found)


# ── The container's label ────────────────────────────────────────────────────────────────────────────────────────


def write(wishes: Iterable[Wish]) -> str:
    return json.dumps([[w.port, w.host_ip, w.first, w.last, w.usual, w.by_all] for w in wishes], separators=(",", ":"))


def read(label: str) -> tuple[Wish, ...]:
    """What `write` has written; nobody else can."""
    return tuple(Wish(*one) for one in json.loads(label or "[]"))


# ── A start ──────────────────────────────────────────────────────────────────────────────────────────────────────


def give(wishes: Iterable[Wish], taken: Collection[Address], *, ipv6: bool) -> tuple[Published, ...]:
    """A port for each wish, none of those that the seat's running containers have. Raises Refused with the engine's own
    words."""
    found: list[Published] = []
    for wish in wishes:
        addresses = _addresses(wish.host_ip, ipv6)
        busy = {port for host_ip, port in (*taken, *(one.address for one in found)) if host_ip in addresses}
        host_port = _free(wish, addresses[0], busy)
        found += [Published(wish.port, host_ip, host_port) for host_ip in addresses]
    return tuple(found)


def _addresses(host_ip: str, ipv6: bool) -> tuple[str, ...]:
    if not host_ip:
        return (EVERY_V4, EVERY_V6) if ipv6 else (EVERY_V4,)
    return (host_ip,)


def _free(wish: Wish, host_ip: str, busy: Collection[int]) -> int:
    if not is_local(host_ip):
        why = f"listen {_tcp(host_ip)} {_joined(host_ip, wish.first)}: bind: cannot assign requested address"
        raise Refused(400, f"Error starting userland proxy: {why}")
    if wish.first and wish.first == wish.last:
        if wish.first in busy:
            raise Refused(409, f"Bind for {_joined(host_ip, wish.first)} failed: port is already allocated")
        return wish.first
    several = range(wish.first, wish.last + 1) if wish.first else (wish.usual, *EPHEMERAL)
    free = next((port for port in several if port and port not in busy), 0)
    if not free:
        raise Refused(409, "all ports are allocated")
    return free


def is_local(host_ip: str) -> bool:
    """Whether the seat's terminal has the address: it has no network but its own loopback."""
    return host_ip in (EVERY_V4, EVERY_V6, "::1") or host_ip.startswith("127.")


def failed(name: str, endpoint: str, why: str) -> str:
    """How an engine says that a container cannot start because of its ports."""
    return f"driver failed programming external connectivity on endpoint {name} ({endpoint}): {why}"


def in_use(address: Address) -> str:
    """A program in the seat's own terminal listens there."""
    host_ip, port = address
    return (
        f"Error starting userland proxy: listen {_tcp(host_ip)} {_joined(host_ip, port)}: bind: address already in use"
    )


def _tcp(host_ip: str) -> str:
    return "tcp6" if ":" in host_ip else "tcp4"


def _joined(host_ip: str, port: int) -> str:
    return f"[{host_ip}]:{port}" if ":" in host_ip else f"{host_ip}:{port}"


# ── How they are shown ───────────────────────────────────────────────────────────────────────────────────────────

Found = Mapping[str, Any]


def listed(found: Found, published: Collection[Published]) -> list[dict[str, Any]]:
    """The `Ports` of a line of `docker ps`; the engine's own are exposed ones only."""
    named = {one.port for one in published}
    exposed = [
        {"PrivatePort": port["PrivatePort"], "Type": port["Type"]}
        for port in found.get("Ports") or ()
        if not (port["Type"] == "tcp" and port["PrivatePort"] in named)
    ]
    return [
        {"IP": one.host_ip, "PrivatePort": one.port, "PublicPort": one.host_port, "Type": "tcp"} for one in published
    ] + exposed


def inspected(found: Found, published: Collection[Published]) -> dict[str, Any]:
    """`NetworkSettings.Ports`."""
    shown: dict[str, Any] = dict.fromkeys((found.get("NetworkSettings") or {}).get("Ports") or {})
    for one in published:
        key = f"{one.port}/tcp"
        shown[key] = [*(shown.get(key) or []), {"HostIp": one.host_ip, "HostPort": str(one.host_port)}]
    return shown


def asked(wishes: Collection[Wish]) -> dict[str, Any]:
    """Of `HostConfig`, as it was asked for."""
    shown: dict[str, Any] = {}
    for wish in wishes:
        if not wish.by_all:
            shown.setdefault(f"{wish.port}/tcp", []).append({"HostIp": wish.host_ip, "HostPort": _ports(wish)})
    return {"PortBindings": shown, "PublishAllPorts": any(wish.by_all for wish in wishes)}


def as_typed(wishes: Iterable[Wish]) -> list[str]:
    """In the CLI's words, for facts."""
    shown = []
    for wish in wishes:
        host_ip = f"[{wish.host_ip}]" if ":" in wish.host_ip else wish.host_ip
        shown.append(":".join([host_ip, _ports(wish), str(wish.port)]).lstrip(":"))
    return shown


def _ports(wish: Wish) -> str:
    return f"{wish.first}-{wish.last}" if wish.first != wish.last else str(wish.first or "")
