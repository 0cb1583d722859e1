"""`docker volume`: the body, and the engine's answers as a learner sees them."""

from collections.abc import Mapping
from typing import Any

from playground.gateway.policy import options
from playground.gateway.policy.fields import Rule, judge, keep, read, refuse
from playground.gateway.policy.names import check_volume_name
from playground.gateway.policy.strictjson import Json

VOLUME: Mapping[str, Rule] = {
    "Name": read(lambda value, field: check_volume_name(value)),
    "Driver": read(
        options.one_of(("local",), "--driver is not available in this playground: volumes here live on this machine.")
    ),
    "DriverOpts": refuse("--opt", "an option could name the files of the host, and the host belongs to everyone"),
    "Labels": keep(options.labels),
    "ClusterVolumeSpec": refuse("ClusterVolumeSpec", "it is for swarms"),
}


def read_volume(body: Mapping[str, Json]) -> tuple[str, dict[str, str]]:
    """The name, "" where the playground is to find one, and the labels."""
    judged = judge(VOLUME, body)
    return judged.read.get("Name", ""), judged.kept.get("Labels", {})


def write_volume(name: str, labels: Mapping[str, str]) -> dict[str, Json]:
    """The body that the engine gets. `name` is the engine's."""
    return {"Name": name, "Driver": "local", "Labels": dict(labels)}


def shown_volume(found: Mapping[str, Any], name: str, labels: Mapping[str, str], engine: int) -> dict[str, Json]:
    """`engine` is the first number of its version."""
    nothing: Json = {} if engine < 26 else None
    return {
        "CreatedAt": found.get("CreatedAt", ""),
        "Driver": "local",
        "Labels": dict(labels) or nothing,
        "Mountpoint": "",
        "Name": name,
        "Options": nothing,
        "Scope": "local",
    }
