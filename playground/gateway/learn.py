"""What every seat owns, learnt from the engine: containers, networks and volumes by their labels, images by
their tags."""

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from playground.engine import labels
from playground.engine.client import EngineClient
from playground.engine.errors import NotFound
from playground.gateway.belongings import Network, Volume
from playground.gateway.limits import Limits
from playground.gateway.owned import Container, Exec, Owned
from playground.gateway.policy.answers import own_labels
from playground.gateway.policy.names import from_engine, parse_reference

AT_ONCE = 8
NEVER = "0001-01-01T00:00:00Z"
_SEAT_TAG = re.compile(re.escape(labels.owned_repository("\0")).replace("\0", "([a-z0-9]{1,32})"))


async def learn(client: EngineClient, instance: str, limits: Limits) -> dict[str, Owned]:
    """By seat. Raises EngineError."""
    found: dict[str, Owned] = {}
    gate = asyncio.Semaphore(AT_ONCE)

    async def inspect(identity: str) -> None:
        async with gate:
            inspected = await _inspect(client, identity)
        if inspected is not None:
            seat = inspected["Config"]["Labels"][labels.SEAT]
            _add(found.setdefault(seat, Owned(seat, limits)), inspected)

    await asyncio.gather(*map(inspect, await container_ids(client, instance)))
    for owned in found.values():
        owned.containers = dict(sorted(owned.containers.items(), key=lambda item: item[1].created))
    for repo_tag, identity in await _tags(client):
        if match := _SEAT_TAG.match(repo_tag):
            name = from_engine(match[1], repo_tag)
            owned = found.setdefault(match[1], Owned(match[1], limits))
            owned.tags[parse_reference(name or "")] = identity
    for seat, network in await networks(client, instance):
        found.setdefault(seat, Owned(seat, limits)).networks.add(network)
    for seat, volume in await volumes(client, instance):
        found.setdefault(seat, Owned(seat, limits)).volumes.add(volume)
    return found


def _mine(instance: str, seat: str) -> list[str]:
    wanted = [f"{labels.INSTANCE}={instance}", f"{labels.ROLE}={labels.ROLE_LEARNER}"]
    return [*wanted, f"{labels.SEAT}={seat}" if seat else labels.SEAT]


async def networks(client: EngineClient, instance: str, seat: str = "") -> list[tuple[str, Network]]:
    """Of one seat or of all, with their seats."""
    query = {"filters": json.dumps({"label": _mine(instance, seat)})}
    async with await client.request("GET", "/networks", query=query) as reply:
        listed = await (await reply.raise_for_status()).json()
    return [
        (owner[0], Network(found["Id"], owner[1], own_labels(found.get("Labels"))))
        for found in listed
        if (owner := labels.owner_of(found["Name"]))
    ]


async def volumes(client: EngineClient, instance: str, seat: str = "") -> list[tuple[str, Volume]]:
    """Of one seat or of all, with their seats."""
    query = {"filters": json.dumps({"label": _mine(instance, seat)})}
    async with await client.request("GET", "/volumes", query=query) as reply:
        listed = await (await reply.raise_for_status()).json()
    return [
        (owner[0], _volume(found, owner[1]))
        for found in listed.get("Volumes") or ()
        if (owner := labels.owner_of(found["Name"]))
    ]


def _volume(found: Mapping[str, Any], name: str) -> Volume:
    marks = found.get("Labels") or {}
    return Volume(name, own_labels(marks), found.get("Mountpoint", ""), labels.ANONYMOUS in marks)


async def container_ids(client: EngineClient, instance: str, seat: str = "") -> list[str]:
    query = {"all": "1", "filters": json.dumps({"label": _mine(instance, seat)})}
    async with await client.request("GET", "/containers/json", query=query) as reply:
        return [found["Id"] for found in await (await reply.raise_for_status()).json()]


async def seat_tags(client: EngineClient, seat: str) -> list[str]:
    """The engine's names of the seat's image tags."""
    prefix = labels.owned_repository(seat)
    return [tag for tag, _ in await _tags(client) if tag.startswith(prefix)]


async def _tags(client: EngineClient) -> list[tuple[str, str]]:
    async with await client.request("GET", "/images/json") as reply:
        images = await (await reply.raise_for_status()).json()
    return [(tag, image["Id"]) for image in images for tag in image["RepoTags"] or ()]


async def _inspect(client: EngineClient, identity: str) -> Mapping[str, Any] | None:
    async with await client.request("GET", f"/containers/{identity}/json") as reply:
        try:
            found: Mapping[str, Any] = await (await reply.raise_for_status()).json()
        except NotFound:
            return None  # removed since it was listed
    return found


def _volumes(mounts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for mount in mounts:
        if mount["Type"] == "volume" and (owner := labels.owner_of(mount["Name"])):
            yield owner[1]


def _add(owned: Owned, found: Mapping[str, Any]) -> None:
    config, state = found["Config"], found["State"]
    marks = config["Labels"]
    started, running = state["StartedAt"] != NEVER, state["Status"] in ("running", "paused")
    container = Container(
        id=found["Id"],
        name=found["Name"].removeprefix("/").removeprefix(labels.owned_name(owned.seat, "")),
        image=marks.get(labels.ASKED_IMAGE, found["Image"]),
        image_id=found["Image"],
        network=marks.get(labels.ASKED_NETWORK, "default"),
        created=found["Created"],
        status=state["Status"],
        exit_code=state["ExitCode"] if started and not running else None,
        oom_killed=state["OOMKilled"],
        command=(found["Path"], *found["Args"]),
        tty=config["Tty"],
        open_stdin=config["OpenStdin"],
        started=started,
        labels=own_labels(marks),
        volumes=tuple(_volumes(found.get("Mounts") or ())),
        auto_remove=bool((found.get("HostConfig") or {}).get("AutoRemove")),
    )
    owned.containers[container.id] = container
    for identity in found.get("ExecIDs") or ():
        owned.add_exec(Exec(identity, container))
