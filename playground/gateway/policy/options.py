"""Checks of single options of `docker create` that have a grammar of their own."""

import ipaddress
import re

from playground.engine.labels import PREFIX
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import Check, integer, is_default, listing, mapping
from playground.gateway.policy.signals import check_signal
from playground.gateway.policy.strictjson import Json, fold

ULIMITS = {  # soft and hard; `fsize` comes with the size of the disk
    "nofile": (256, 512),
    "core": (0, 0),
    "memlock": (65536, 65536),
    "msgqueue": (65536, 65536),
    "nice": (0, 0),
    "rtprio": (0, 0),
}
SECOND = 1_000_000_000
_HOST_LABEL = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?")
_TOLD_BY_EVENTS = frozenset({"exitCode", "execID"})  # the engine lets a label of this name hide what happened
_DEFAULT_NETWORKS = ("", "default", "bridge", "none")
_NETWORK = re.compile(r"(container:/?)?[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}")


def labels(value: Json, field: str) -> Json:
    found = mapping(value, field)
    for key, text in found.items():
        if not isinstance(text, str):
            raise bad(f"{field} must be text")
        if fold(key.strip()).startswith(PREFIX):
            raise Refused(403, f"Labels that begin with {PREFIX} belong to the playground.")
        if key in _TOLD_BY_EVENTS:
            raise Refused(
                403, f"The label {key} is not available in this playground: the engine's events use the word."
            )
    if len(found) > 32 or sum(len(key) + len(text) for key, text in found.items()) > 4096:
        raise bad("at most 32 labels and 4096 characters of them")
    return found


def exposed_ports(value: Json, field: str) -> Json:
    ports = mapping(value, field)
    if len(ports) > 32 or not all(re.fullmatch(r"[0-9]{1,5}(/(tcp|udp|sctp))?", port) for port in ports):
        raise bad(f"{field} is not valid")
    return {port: {} for port in ports}


def healthcheck(value: Json, field: str) -> Json:
    """A check that runs every millisecond, which the engine would take, keeps a whole core busy."""
    asked = {fold(key): part for key, part in mapping(value, field).items()}
    test = listing(asked.get("test") or [], field)
    if not all(isinstance(word, str) for word in test) or len(test) > 64:
        raise bad(f"{field}.Test must be a list of words")
    if test[:1] == ["NONE"]:
        return {"Test": ["NONE"]}
    numbers = {
        name: integer(asked.get(fold(name)) or 0, name) for name in ("Interval", "Timeout", "Retries", "StartPeriod")
    }
    if 0 < numbers["Interval"] < 10 * SECOND or numbers["Timeout"] > 5 * SECOND or numbers["Retries"] > 5:
        raise Refused(403, "A health check here runs at most every 10 s, takes at most 5 s, and has at most 5 retries.")
    numbers["Interval"] = numbers["Interval"] or 30 * SECOND
    numbers["Timeout"] = numbers["Timeout"] or 5 * SECOND
    numbers["StartInterval"] = numbers["Interval"]  # an engine that knows it would take the image's, or 5 s
    if any(number < 0 for number in numbers.values()) or numbers["StartPeriod"] > 300 * SECOND:
        raise bad(f"{field} is not valid")
    return {"Test": test, **numbers}


def stop_signal(value: Json, field: str) -> Json:
    if not isinstance(value, str):
        raise bad(f"{field} must be text")
    check_signal(value)
    return value


def stop_timeout(value: Json, field: str) -> Json:
    return min(max(integer(value, field), 0), 10)


def extra_hosts(value: Json, field: str) -> Json:
    for line in listing(value, field):
        name, _, address = line.partition(":") if isinstance(line, str) else ("", "", "")
        try:
            ipaddress.ip_address(address.strip("[]"))
        except ValueError:
            raise bad(f"--add-host takes name:address, not {str(line)[:60]!r}") from None
        if not _HOST_LABEL.fullmatch(name):
            raise bad(f"--add-host takes name:address, not {line[:60]!r}")
    if len(value) > 8:
        raise bad("at most 8 --add-host for a container")
    return value


def network_mode(value: Json, field: str) -> Json:
    if value == "host":
        raise Refused(
            403,
            "--network host is not available in this playground: it would put the container on the machine's own "
            "network, where everyone else's programs listen.",
        )
    if not isinstance(value, str) or not _NETWORK.fullmatch(value):
        raise bad(f"invalid network: {str(value)[:60]!r}")
    return value


def is_own_network(asked: str) -> bool:
    """Whether `--network` names one that the learner has made."""
    return asked not in _DEFAULT_NETWORKS and not asked.startswith("container:")


def restart_policy(value: Json, field: str) -> Json:
    """`no`, or `on-failure` with at most 3 tries."""
    asked = {fold(key): part for key, part in mapping(value, field).items()}
    name, tries = asked.get("name") or "no", integer(asked.get("maximumretrycount") or 0, field)
    if name in ("always", "unless-stopped"):
        raise Refused(
            403,
            f"--restart {name} is not available in this playground: a container that fails would restart for ever on a "
            "machine that everyone shares; try --restart on-failure:3.",
        )
    if name not in ("no", "on-failure") or tries < 0:
        raise bad(f"invalid restart policy {str(name)[:40]!r}")
    return {"Name": name, "MaximumRetryCount": min(tries or 3, 3) if name == "on-failure" else 0}


def one_of(allowed: tuple[str, ...], message: str) -> Check:
    def check(value: Json, field: str) -> Json:
        if value not in allowed:
            raise Refused(403, message)
        return value

    return check


def security_opt(value: Json, field: str) -> Json:
    for option in listing(value, field):
        if option not in ("no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"):
            raise Refused(
                403,
                "--security-opt is not available in this playground: the walls around a container protect everyone "
                "on the machine.",
            )
    return value


def ulimits(value: Json, field: str) -> Json:
    """{name: (soft, hard)} of what was asked."""
    found = {}
    for item in listing(value, field):
        asked = {fold(key): part for key, part in mapping(item, field).items()}
        name = asked.get("name")
        if name not in (*ULIMITS, "fsize"):
            raise Refused(403, f"--ulimit {str(name)[:20]} is not available in this playground.")
        found[name] = (integer(asked.get("soft") or 0, name), integer(asked.get("hard") or 0, name))
    return found


def log_config(value: Json, field: str) -> Json:
    asked = {fold(key): part for key, part in mapping(value, field).items()}
    if asked.get("type") not in (None, "", "json-file", "local") or not is_default(asked.get("config")):
        raise Refused(
            403, "Log drivers and their options are not available in this playground: docker logs needs no other one."
        )
    return value
