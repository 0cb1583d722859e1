"""`--filter`: read from the query, and held against the gateway's own answers. The engine never sees one of them: its
filters look at everybody's objects."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from playground.gateway.policy.errors import bad
from playground.gateway.policy.names import parse_reference
from playground.gateway.policy.strictjson import Json, parse_object

MAX_FILTERS = 8192
MAX_VALUES = 32
_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp|sctp))?")
Filters = Mapping[str, tuple[str, ...]]


def parse_filters(raw: str) -> Filters:
    """`{"status":["exited"]}` or the older `{"status":{"exited":true}}`."""
    if not raw:
        return {}
    if len(raw) > MAX_FILTERS:
        raise bad("the filters are too long")
    found = {key: _values(value) for key, value in parse_object(raw.encode()).items()}
    if sum(len(values) for values in found.values()) > MAX_VALUES:
        raise bad(f"at most {MAX_VALUES} filters")
    return {key: values for key, values in found.items() if values}


def _values(value: Json) -> tuple[str, ...]:
    if isinstance(value, dict) and all(isinstance(on, bool) for on in value.values()):
        value = [text for text, on in value.items() if on]
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise bad("invalid filter")
    return tuple(value)


def ids(identities: Iterable[str]) -> str:
    """The one filter that the engine gets: it looks up these ids and nothing else."""
    return json.dumps({"id": list(identities)})


def check_known(filters: Filters, known: frozenset[str]) -> None:
    for key in filters:
        if key not in known:
            raise bad(f"Invalid filter '{key[:40]}'")


def has_labels(labels: Mapping[str, str], wanted: tuple[str, ...]) -> bool:
    """All of `key` or `key=value`."""
    for text in wanted:
        key, equals, value = text.partition("=")
        if key not in labels or (equals and labels[key] != value):
            return False
    return True


def name_fits(name: str, pattern: str) -> bool:
    """The engine takes a regular expression; a part of the name, with ^ and $, is what people use, and what costs
    nothing to match."""
    start, end = pattern.startswith("^"), pattern.endswith("$")
    text = pattern.removeprefix("^").removesuffix("$").removeprefix("/")
    if any(sign in text for sign in "*+?()[]{}|\\^$"):
        raise bad("a name filter takes a part of the name, with ^ for its beginning and $ for its end")
    if start and end:
        return name == text
    return name.startswith(text) if start else name.endswith(text) if end else text in name


# ── Containers ───────────────────────────────────────────────────────────────────────────────────────────────────

Shown = Mapping[str, Json]  # one item of `GET /containers/json` as the learner will see it
_CONTAINER: Mapping[str, Callable[[Shown, str], bool]] = {
    "id": lambda shown, value: shown["Id"].startswith(value),
    "name": lambda shown, value: name_fits(shown["Names"][0].removeprefix("/"), value),
    "status": lambda shown, value: shown["State"] == value,
    "exited": lambda shown, value: shown["State"] == "exited" and shown["Status"].startswith(f"Exited ({value})"),
    "ancestor": lambda shown, value: _is_image(shown, value),
    "health": lambda shown, value: _health(shown["Status"]) == value,
    "network": lambda shown, value: _is_on(shown["NetworkSettings"]["Networks"], value),
    "volume": lambda shown, value: any(value in (m.get("Name"), m.get("Destination")) for m in shown["Mounts"]),
    "is-task": lambda shown, value: value.lower() in ("0", "false"),
    "publish": lambda shown, value: _has_port(shown["Ports"], "PublicPort", value),
    "expose": lambda shown, value: _has_port(shown["Ports"], "PrivatePort", value),
}
_STATES = frozenset({"created", "running", "paused", "restarting", "removing", "exited", "dead"})
CONTAINER_FILTERS = frozenset({*_CONTAINER, "label", "before", "since"})


def check_container_filters(filters: Filters) -> None:
    check_known(filters, CONTAINER_FILTERS)
    for status in filters.get("status", ()):
        if status not in _STATES:
            raise bad(f"Invalid filter 'status={status[:40]}'")
    for code in filters.get("exited", ()):
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", code):
            raise bad(f"strconv.Atoi: parsing {json.dumps(code[:40])}: invalid syntax")


def container_passes(shown: Shown, filters: Filters) -> bool:
    if not has_labels(shown["Labels"], filters.get("label", ())):
        return False
    return all(any(_CONTAINER[key](shown, value) for value in filters[key]) for key in filters if key in _CONTAINER)


def _is_on(networks: Shown, value: str) -> bool:
    return value in networks or value in (endpoint["NetworkID"] for endpoint in networks.values())


def _is_image(shown: Shown, value: str) -> bool:
    if shown["ImageID"].removeprefix("sha256:").startswith(value.removeprefix("sha256:")):
        return True
    return bool(parse_reference(value) == parse_reference(shown["Image"]))


def _has_port(ports: Json, kind: str, value: str) -> bool:
    """`8080`, `8080/tcp` or `8080-8090/tcp`."""
    wanted = _PORTS.fullmatch(value)
    if not wanted:
        raise bad(f"invalid port filter {value[:40]!r}")
    first, last, protocol = int(wanted[1]), int(wanted[2] or wanted[1]), wanted[3] or "tcp"
    return any(first <= port.get(kind, -1) <= last and port["Type"] == protocol for port in ports)


def _health(status: str) -> str:
    for word in ("healthy", "unhealthy", "starting"):
        if f"({word})" in status or f"(health: {word})" in status:
            return word
    return "none"


# ── Networks and volumes ─────────────────────────────────────────────────────────────────────────────────────────

PRUNE_FILTERS = frozenset({"label", "label!", "until"})
_NETWORK: Mapping[str, Callable[[Shown, str], bool]] = {
    "name": lambda shown, value: name_fits(shown["Name"], value),
    "id": lambda shown, value: shown["Id"].startswith(value),
    "driver": lambda shown, value: shown["Driver"] == value,
    "scope": lambda shown, value: shown["Scope"] == value,
    "type": lambda shown, value: value == ("builtin" if shown["Name"] in ("bridge", "host", "none") else "custom"),
    "dangling": lambda shown, value: (value.lower() in ("1", "true")) != bool(shown["Containers"]),
}
NETWORK_FILTERS = frozenset({*_NETWORK, "label"})
VOLUME_FILTERS = frozenset({"dangling", "driver", "label", "name"})


def parse_prune_filters(raw: str, no_until: str, also: frozenset[str] = frozenset()) -> Filters:
    """`no_until` is what somebody is told who gives a time; `also` what is known beside the rest."""
    filters = parse_filters(raw)
    check_known(filters, PRUNE_FILTERS | also)
    if filters.get("until"):
        raise bad(no_until)
    return filters


def prunes(labels: Mapping[str, str], filters: Filters) -> bool:
    kept = any(has_labels(labels, (text,)) for text in filters.get("label!", ()))
    return not kept and has_labels(labels, filters.get("label", ()))


def network_passes(shown: Shown, filters: Filters) -> bool:
    if not has_labels(shown["Labels"], filters.get("label", ())):
        return False
    return all(any(_NETWORK[key](shown, value) for value in filters[key]) for key in filters if key in _NETWORK)


def volume_passes(shown: Shown, used: bool, filters: Filters) -> bool:
    looks: Mapping[str, Callable[[str], bool]] = {
        "name": lambda value: name_fits(shown["Name"], value),
        "driver": lambda value: shown["Driver"] == value,
        "dangling": lambda value: (value.lower() in ("1", "true")) != used,
    }
    if not has_labels(shown["Labels"] or {}, filters.get("label", ())):
        return False
    return all(any(looks[key](value) for value in filters[key]) for key in filters if key in looks)


# ── Images ───────────────────────────────────────────────────────────────────────────────────────────────────────

IMAGE_FILTERS = frozenset({"before", "dangling", "label", "reference", "since"})


def matching_tags(shown: Shown, filters: Filters) -> list[str]:
    """The image's names that the filters leave, none where it does not pass."""
    dangling = shown["RepoTags"] == ["<none>:<none>"]
    if any((value.lower() in ("1", "true")) != dangling for value in filters.get("dangling", ())):
        return []
    if not has_labels(shown["Labels"], filters.get("label", ())):
        return []
    wanted = filters.get("reference")
    return [tag for tag in shown["RepoTags"] if not wanted or any(_reference_fits(tag, value) for value in wanted)]


def _reference_fits(tag: str, pattern: str) -> bool:
    """`busy*`, `busybox` or `busybox:l*`; a star costs a bounded number of steps, as the pattern is short."""
    if pattern.count("*") > 4 or "[" in pattern:
        raise bad("a reference filter takes a name with at most four stars")
    return fnmatchcase(tag, pattern) or fnmatchcase(tag.rpartition(":")[0], pattern)
