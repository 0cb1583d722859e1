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
from playground.gateway.belongings import Built, Container, Exec, Network, Volume
from playground.gateway.limits import Limits
from playground.gateway.owned import Owned
from playground.gateway.policy import published
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
    images = await _images(client)
    for repo_tag, identity in _tags(images):
        if match := _SEAT_TAG.match(repo_tag):
            name = from_engine(match[1], repo_tag)
            owned = found.setdefault(match[1], Owned(match[1], limits))
            owned.tags[parse_reference(name or "")] = identity
    for seat, built in _built(images, instance):
        found.setdefault(seat, Owned(seat, limits)).built[built.id] = built
    for seat, network in await networks(client, instance):
        found.setdefault(seat, Owned(seat, limits)).networks.add(network)
    for seat, volume in await volumes(client, instance):
        found.setdefault(seat, Owned(seat, limits)).volumes.add(volume)
    return found


def _mine(instance: str, seat: str, role: str = labels.ROLE_LEARNER) -> list[str]:
    wanted = [f"{labels.INSTANCE}={instance}", f"{labels.ROLE}={role}"]
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


async def container_ids(
    client: EngineClient, instance: str, seat: str = "", role: str = labels.ROLE_LEARNER
) -> list[str]:
    query = {"all": "1", "filters": json.dumps({"label": _mine(instance, seat, role)})}
    async with await client.request("GET", "/containers/json", query=query) as reply:
        return [found["Id"] for found in await (await reply.raise_for_status()).json()]


async def seat_tags(client: EngineClient, seat: str) -> list[str]:
    """The engine's names of the seat's image tags."""
    prefix = labels.owned_repository(seat)
    return [tag for tag, _ in _tags(await _images(client)) if tag.startswith(prefix)]


async def built_images(client: EngineClient, instance: str, seat: str) -> list[str]:
    """The ids of the images that the seat has made, each before the one that it stands on."""
    parents = {one.id: one.parent for owner, one in _built(await _images(client), instance) if owner == seat}
    ordered: list[str] = []
    while parents:
        beneath = set(parents.values())
        ordered += [identity for identity in parents if identity not in beneath]
        parents = {identity: parent for identity, parent in parents.items() if identity in beneath}
    return ordered


async def _images(client: EngineClient) -> list[dict[str, Any]]:
    async with await client.request("GET", "/images/json", query={"all": "1"}) as reply:
        found: list[dict[str, Any]] = await (await reply.raise_for_status()).json()
    return found


def _tags(images: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """An image without a name has the tag <none>:<none> on older engines."""
    return [(tag, image["Id"]) for image in images for tag in image["RepoTags"] or ()]


def _built(images: list[dict[str, Any]], instance: str) -> list[tuple[str, Built]]:
    """With the seat of each."""
    sizes = {image["Id"]: image.get("Size", 0) for image in images}
    found = []
    for image in images:
        marks = image.get("Labels") or {}
        if marks.get(labels.INSTANCE) == instance and marks.get(labels.ROLE) == labels.ROLE_BUILT:
            parent = image.get("ParentId", "")
            size = image.get("Size", 0) - sizes.get(parent, 0)
            found.append((marks[labels.SEAT], Built(image["Id"], parent, size, marks.get(labels.STEP, ""))))
    return found


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


def _joined(found: Mapping[str, Any]) -> Iterator[str]:
    """A network has no id there before the container has run on it."""
    for name, endpoint in ((found.get("NetworkSettings") or {}).get("Networks") or {}).items():
        yield (endpoint or {}).get("NetworkID") or name


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
        joined=tuple(_joined(found)),
        volumes=tuple(_volumes(found.get("Mounts") or ())),
        auto_remove=bool((found.get("HostConfig") or {}).get("AutoRemove")),
        wishes=published.read(marks.get(labels.ASKED_PORTS, "")),
    )
    owned.containers[container.id] = container
    for identity in found.get("ExecIDs") or ():
        owned.add_exec(Exec(identity, container))
