"""The engine's answers as a learner sees them: the fields named here, in the learner's own names, and nothing else.

What names the host (paths, process ids, cgroups), the playground (labels, prefixes) or anybody else is left out.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playground.engine.labels import PREFIX, STEP
from playground.gateway.policy import published
from playground.gateway.policy.create import CONFIG, HOST_CONFIG
from playground.gateway.policy.names import is_anonymous
from playground.gateway.policy.networks import endpoints
from playground.gateway.policy.published import Published, Wish
from playground.gateway.policy.strictjson import Json

Found = Mapping[str, Any]


def _fields(*lines: str) -> tuple[str, ...]:
    return tuple(" ".join(lines).split())


_CONTAINER = _fields(
    "Id Created Path Args Image RestartCount Driver Platform MountLabel ProcessLabel AppArmorProfile ExecIDs SizeRw",
    "SizeRootFs",
)
_STATE = _fields("Status Running Paused Restarting OOMKilled Dead ExitCode Error StartedAt FinishedAt Health")
_LISTED = _fields("Id ImageID Command Created State Status SizeRw SizeRootFs")
_MOUNT = _fields("Type Name Destination Mode RW Propagation")
_CONFIG = [name for name in CONFIG if name not in ("Image", "Labels", "HostConfig", "NetworkingConfig")]
_HOST_CONFIG = [name for name in HOST_CONFIG if name not in ("CgroupParent", "Dns", "NetworkMode", "ContainerIDFile")]
_AS_BINDS = ("Binds", "Mounts", "VolumesFrom")
_LISTS = ("BlkioWeightDevice", "Devices", "DnsOptions", "DnsSearch")
_IMAGE = _fields("Id Parent Comment Created DockerVersion Author Architecture Variant Os Size VirtualSize RootFS")
_EXEC = _fields("ID Running ExitCode OpenStdin OpenStderr OpenStdout CanRemove ContainerID DetachKeys")
_STATS = _fields(
    "read preread pids_stats blkio_stats num_procs storage_stats cpu_stats precpu_stats memory_stats networks id"
)
STEP_COMMENT = "playground step: "  # a built layer's comment says what made it; the container that did says it not


def only(names: Iterable[str], found: Found) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}


def own_labels(labels: Mapping[str, str] | None) -> dict[str, str]:
    return {key: value for key, value in (labels or {}).items() if not key.startswith(PREFIX)}


def _config(found: Found) -> dict[str, Any]:
    """Of a container or an image. How often a check runs at first is forced, and cannot be asked for."""
    shown = only(_CONFIG, found)
    if check := shown.get("Healthcheck"):
        shown["Healthcheck"] = {name: value for name, value in check.items() if name != "StartInterval"}
    return shown


def _mounts(found: Found, prefix: str) -> list[dict[str, Any]]:
    return [_mount(mount, prefix) for mount in found.get("Mounts") or []]


def _mount(mount: Found, prefix: str) -> dict[str, Any]:
    shown = {**only(_MOUNT, mount), "Name": mount.get("Name", "").removeprefix(prefix), "Source": ""}
    if mount.get("Type") != "volume":
        return shown
    mode = "" if is_anonymous(shown["Name"]) else "z" if mount.get("RW") else "ro"
    return shown | {"Driver": "local", "Mode": mode}


# ── Containers ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Names:
    """A container's in the learner's words; `prefix` is what stands in front of the seat's names on the engine."""

    name: str
    image: str
    network: str
    prefix: str
    networks: Mapping[str, str]  # by the engine's ids and names
    wishes: tuple[Wish, ...] = ()
    published: tuple[Published, ...] = ()


def listed_container(found: Found, names: Names) -> dict[str, Any]:
    return {
        **only(_LISTED, found),
        "Names": [f"/{names.name}"],
        "Image": names.image,
        "Ports": published.listed(found, names.published),
        "Labels": own_labels(found.get("Labels")),
        "HostConfig": {"NetworkMode": names.network},
        "NetworkSettings": {"Networks": endpoints(found.get("NetworkSettings") or {}, names.networks, names.name)},
        "Mounts": _mounts(found, names.prefix),
    }


def inspected_container(found: Found, names: Names) -> dict[str, Any]:
    config = found["Config"]
    return {
        **only(_CONTAINER, found),
        "Name": f"/{names.name}",
        "State": {**only(_STATE, found["State"]), "Pid": 0},
        "ResolvConfPath": "",
        "HostnamePath": "",
        "HostsPath": "",
        "LogPath": "",
        "HostConfig": _host_config(found, names),
        "GraphDriver": {"Data": None, "Name": found.get("Driver", "")},
        "Mounts": _mounts(found, names.prefix),
        "Config": {
            **_config(config),
            "Image": names.image,
            "Labels": own_labels(config.get("Labels")),
            "Volumes": {**(config.get("Volumes") or {}), **_unnamed_volumes(found, names.prefix)} or None,
        },
        "NetworkSettings": _network_settings(
            endpoints(found.get("NetworkSettings") or {}, names.networks, names.name),
            published.inspected(found, names.published),
        ),
    }


def _host_config(found: Found, names: Names) -> dict[str, Any]:
    """Volumes as `-v` writes them, however they were asked for. What the gateway has left out, the CLI would have sent
    as an empty list."""
    shown = {key: value for key, value in only(_HOST_CONFIG, found["HostConfig"]).items() if key not in _AS_BINDS}
    empty: dict[str, Any] = {key: [] for key in _LISTS if shown.get(key) is None}
    binds = [
        f"{mount['Name']}:{mount['Destination']}{'' if mount.get('RW') else ':ro'}"
        for mount in _mounts(found, names.prefix)
        if mount.get("Type") == "volume" and not is_anonymous(mount["Name"])
    ]
    fixed: dict[str, Any] = {"ContainerIDFile": "", "CgroupParent": "", "Dns": [], "VolumesFrom": None}
    fixed["SecurityOpt"] = [one for one in shown.get("SecurityOpt") or () if not one.startswith("seccomp=")]
    fixed |= {"NetworkMode": names.network, "Binds": binds or None}
    return shown | empty | fixed | published.asked(names.wishes)


def _unnamed_volumes(found: Found, prefix: str) -> dict[str, Any]:
    return {mount["Destination"]: {} for mount in _mounts(found, prefix) if is_anonymous(mount.get("Name", ""))}


def _network_settings(networks: dict[str, Any], ports: dict[str, Any]) -> dict[str, Any]:
    default = networks.get("bridge") or {}
    return {
        "Bridge": "",
        "EndpointID": default.get("EndpointID", ""),
        "GlobalIPv6Address": "",
        "GlobalIPv6PrefixLen": 0,
        "IPv6Gateway": "",
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        "SandboxID": "",
        "HairpinMode": False,
        "Ports": ports,
        "SandboxKey": "",
        "Gateway": "",
        "IPAddress": default.get("IPAddress", ""),
        "IPPrefixLen": default.get("IPPrefixLen", 0),
        "MacAddress": default.get("MacAddress", ""),
        "Networks": networks,
    }


def processes(found: Found) -> dict[str, Any]:
    return {"Titles": found.get("Titles") or [], "Processes": found.get("Processes") or []}


def changes(found: Json) -> Json:
    return [only(("Path", "Kind"), change) for change in found or []]


def inspected_exec(found: Found) -> dict[str, Any]:
    process = only(("tty", "entrypoint", "arguments", "privileged", "user"), found.get("ProcessConfig") or {})
    return {**only(_EXEC, found), "ProcessConfig": process, "Pid": 0}


def stats(found: Found, name: str) -> dict[str, Any]:
    return {**only(_STATS, found), "name": f"/{name}"}


# ── Images ───────────────────────────────────────────────────────────────────────────────────────────────────────


def listed_image(found: Found, tags: list[str], digests: list[str], containers: int) -> dict[str, Any]:
    """From an image's inspection: the engine's list holds everybody's images."""
    return {
        **only(("Id", "Size"), found),
        "Created": seconds(found.get("Created") or ""),
        "ParentId": "",
        "RepoTags": tags or ["<none>:<none>"],
        "RepoDigests": digests if tags else ["<none>@<none>"],
        "VirtualSize": found.get("Size", 0),
        "SharedSize": -1,
        "Containers": containers,
        "Labels": own_labels((found.get("Config") or {}).get("Labels")),
    }


def seconds(stamp: str) -> int:
    """`2026-11-21T20:26:23.464718267Z` → seconds since the epoch; 0 for none."""
    whole = stamp[:19]
    return int(datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp()) if len(whole) == 19 else 0


def inspected_image(found: Found, tags: list[str], digests: list[str]) -> dict[str, Any]:
    config = found.get("Config") or {}
    config_labels = config.get("Labels") or {}
    return {
        **only(_IMAGE, found),
        "Comment": "" if (found.get("Comment") or "").startswith(STEP_COMMENT) else found.get("Comment", ""),
        "RepoTags": tags,
        "RepoDigests": digests,
        **({"Container": ""} if "Container" in found else {}),
        "Config": {
            **_config(config),
            "Cmd": config.get("Cmd") or None,
            "Entrypoint": config.get("Entrypoint") or None,
            "Image": found.get("Parent", "") if config_labels.get(STEP) else "",
            "Labels": own_labels(config_labels) or ({} if config_labels.get(STEP) == "" else None),
        },
        "GraphDriver": {"Data": None, "Name": (found.get("GraphDriver") or {}).get("Name", "")},
        "Metadata": {"LastTagTime": "0001-01-01T00:00:00Z"},
    }


def history(found: Json, tags_of: Mapping[str, list[str]]) -> Json:
    return [_layer(layer, tags_of.get(layer.get("Id", "")) or None) for layer in found or []]


def _layer(layer: Found, tags: list[str] | None) -> dict[str, Any]:
    fields = ("Id", "Created", "CreatedBy", "Size", "Comment")
    comment = layer.get("Comment") or ""
    said = {"CreatedBy": comment[len(STEP_COMMENT) :], "Comment": ""} if comment.startswith(STEP_COMMENT) else {}
    return {**only(fields, layer), **said, "Tags": tags}


# ── Events ───────────────────────────────────────────────────────────────────────────────────────────────────────

_ATTRIBUTES = ("exitCode", "signal", "execID", "execDuration")


def container_event(found: Found, name: str, image: str, old_name: str) -> dict[str, Any]:
    attributes = found["Actor"]["Attributes"]
    shown = {**only(_ATTRIBUTES, attributes), "name": name, "image": image}
    shown |= {
        key: value
        for key, value in own_labels(attributes).items()
        if key not in (*_ATTRIBUTES, "name", "image", "oldName", "container")
    }
    if old_name:
        shown["oldName"] = f"/{old_name}"
    return event("container", found["Action"], found["Actor"]["ID"], shown, found["timeNano"], image)


def pruned(kind: str, freed: int) -> dict[str, Any]:
    return event(kind, "prune", "", {"reclaimed": str(freed)}, time.time_ns())


def event(kind: str, action: str, identity: str, attributes: Found, nano: int, image: str = "") -> dict[str, Any]:
    """One line of `docker events`, in the shape that old and new clients read."""
    shown: dict[str, Any] = {"status": action, "id": identity}
    if image:
        shown["from"] = image
    return shown | {
        "Type": kind,
        "Action": action,
        "Actor": {"ID": identity, "Attributes": dict(attributes)},
        "scope": "local",
        "time": nano // 1_000_000_000,
        "timeNano": nano,
    }
