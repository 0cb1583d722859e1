"""Making containers and looking at them."""

import time
from collections.abc import Iterable
from typing import Any

from playground.engine import labels
from playground.engine.errors import Conflict, EngineError
from playground.gateway.belongings import Container
from playground.gateway.call import Answer, Call
from playground.gateway.handlers import networks, volumes
from playground.gateway.policy import answers, filters, published
from playground.gateway.policy import create as policy
from playground.gateway.policy.create import Asked
from playground.gateway.policy.errors import Refused, name_conflict
from playground.gateway.policy.platforms import check_container
from playground.gateway.policy.published import Wish
from playground.gateway.policy.strictjson import Json
from playground.gateway.policy.target import flag, integer
from playground.gateway.policy.top import check_ps_args

MAX_CHANGES = 4 * 1024 * 1024


async def create(call: Call) -> Answer:
    call.note.image = str(call.body.get("Image", ""))[:256]
    asked = policy.read_create(call.body)
    call.note.flags, call.note.image = policy.run_flags(asked), asked.image
    call.note.command = tuple(asked.config.get("Cmd", ()))
    wanted = call.query.get("name", "")
    if wanted:
        call.note.flags["name"] = call.note.name = wanted
    try:
        image_id = call.owned.image(asked.image)
        check_container(call.query.get("platform", ""), call.ground.engine.arch, asked.image)
    except Refused as refused:
        call.invocation.lacks_image = call.note.held_back = refused.status == 404
        raise
    container, warnings = await call.to_the_end(_create(call, asked, image_id, wanted))
    call.about(container)
    call.note.part_of_run, call.note.held_back = False, True
    return Answer({"Id": container.id, "Warnings": warnings}, 201)


async def _create(call: Call, asked: Asked, image_id: str, wanted: str) -> tuple[Container, list[str]]:
    with call.owned.reserve(wanted) as name:
        image = await call.ground.images.facts(image_id)
        storage = await volumes.of_container(call, asked, image)
        mounted = volumes.names_for(storage)
        place = await networks.place(call, asked.network, name, asked.aliases)
        network = place.mode if place.shares else asked.network
        wishes = asked.wishes(image, {wish.usual for one in call.owned.containers.values() for wish in one.wishes})
        if asked.publishes:
            await call.ground.ports.check(call.owned, len(wishes))
        ground = policy.Ground(
            limits=call.ground.limits,
            cgroup_parent=call.cgroup_parent,
            disk_quota=call.ground.disk_quota,
            image_id=image_id,
            image=image,
            labels=_owner(call, asked, network, wishes),
            place=place,
            storage=storage,
            volumes={target: call.owned.on_engine(volume) for target, volume in mounted.items()},
        )
        creation = policy.write_create(asked, ground)
        try:
            await volumes.ensure(call, storage, mounted)
            identity = await _make(call, name, creation.body)
        except (Refused, EngineError):
            await volumes.discard(call, mounted.values())
            raise
        container = _entry(call, asked, ground, identity, name)
        container.network, container.volumes, container.wishes = network, tuple(mounted.values()), wishes
        container.joined = (place.mode,)
        call.owned.containers[identity] = container
    shown = {**container.labels, "name": name, "image": asked.image}
    call.owned.emit(answers.event("container", "create", container.id, shown, time.time_ns(), asked.image))
    return container, creation.warnings


async def _make(call: Call, name: str, body: dict[str, Json]) -> str:
    """Not while another one is copied from or to: the engine fills an empty volume with the image's files."""
    query = {"name": call.owned.on_engine(name)}
    try:
        async with call.owned.stillness.moving():
            made = await call.ask("POST", "/containers/create", query=query, body=body)
    except Conflict:
        raise name_conflict(name, "") from None
    return str(made["Id"])


def _entry(call: Call, asked: Asked, ground: policy.Ground, identity: str, name: str) -> Container:
    config, image = asked.config, ground.image
    entrypoint = config.get("Entrypoint") or image.entrypoint
    default = () if config.get("Entrypoint") else image.command  # the engine's rule, too
    return Container(
        id=identity,
        name=name,
        image=asked.image,
        image_id=ground.image_id,
        command=(*entrypoint, *(config.get("Cmd") or default)),
        tty=config.get("Tty", False),
        open_stdin=config.get("OpenStdin", False),
        labels=dict(config.get("Labels", {})),
        auto_remove=asked.host.get("AutoRemove", False),
        creator=call.invocation.key,
        asked=dict(call.note.flags) | {"command": call.note.command},
    )


def _owner(call: Call, asked: Asked, network: str, wishes: tuple[Wish, ...]) -> dict[str, str]:
    ports = {labels.ASKED_PORTS: published.write(wishes)} if wishes else {}
    return ports | {
        labels.INSTANCE: call.ground.instance,
        labels.SEAT: call.owned.seat,
        labels.ROLE: labels.ROLE_LEARNER,
        labels.ASKED_IMAGE: asked.image,
        labels.ASKED_NETWORK: network,
    }


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def listing(call: Call) -> Answer:
    wanted = filters.parse_filters(call.query.get("filters", ""))
    filters.check_container_filters(wanted)
    limit = integer(call.query, "limit", -1, 1000, -1)
    every = flag(call.query, "all") or limit > 0 or bool({"status", "exited", "before", "since"} & set(wanted))
    call.note.flags = {
        "all": flag(call.query, "all"),
        "size": flag(call.query, "size"),
        "filter": {key: list(values) for key, values in wanted.items()},
    }
    if call.invocation.watches_events:  # it is `docker stats` on its way
        call.note.action, call.invocation.waiting = "", None
    shown = await container_list(call, size=flag(call.query, "size"))
    shown = [one for one in shown if filters.container_passes(one, wanted)]
    shown = _around(call, shown, wanted)
    if not every:
        shown = [one for one in shown if one["State"] in ("running", "paused", "restarting")]
    return Answer(shown[:limit] if limit > 0 else shown)


async def container_list(call: Call, size: bool = False) -> list[dict[str, Any]]:
    """All of the seat's containers, newest first. The engine is asked about these ids only: its list would grow with
    everybody's containers."""
    owned = call.owned.containers
    if not owned:
        return []
    found = await _measured(call, "/containers/json", {"all": "1", "filters": filters.ids(owned)}, size)
    shown = [
        answers.listed_container(one, _names(call, owned[one["Id"]], call.owned.shown_image(owned[one["Id"]])))
        for one in found
        if one["Id"] in owned
    ]
    return sorted(shown, key=lambda one: one["Created"], reverse=True)


async def measured(call: Call, containers: Iterable[Container]) -> dict[str, dict[str, Any]]:
    """As the engine lists them, by id, with the bytes that each has written to its own disk."""
    identities = [container.id for container in containers]
    if not identities:
        return {}
    found = await _measured(call, "/containers/json", {"all": "1", "filters": filters.ids(identities)}, size=True)
    return {one["Id"]: one for one in found}


def _around(call: Call, shown: list[dict[str, Any]], wanted: filters.Filters) -> list[dict[str, Any]]:
    """--filter before=X and since=X, by age; `shown` is newest first."""
    for key, older in (("before", True), ("since", False)):
        for reference in wanted.get(key, ()):
            identity = call.owned.container(reference).id
            order = list(call.owned.containers)
            at = order.index(identity)
            among = set(order[:at] if older else order[at + 1 :])
            shown = [one for one in shown if one["Id"] in among]
    return shown


async def inspect(call: Call) -> Answer:
    container = call.container()
    found = await _measured(call, f"/containers/{container.id}/json", {}, flag(call.query, "size"))
    return Answer(answers.inspected_container(found, _names(call, container, container.image)))


def _names(call: Call, container: Container, image: str) -> answers.Names:
    on_engine, own = call.owned.on_engine, call.owned.networks
    names = {network.id: network.name for network in own} | {on_engine(network.name): network.name for network in own}
    shown = container.published if container.ports else ()
    return answers.Names(container.name, image, container.network, on_engine(""), names, container.wishes, shown)


async def _measured(call: Call, path: str, query: dict[str, str], size: bool) -> Any:
    if not size:
        return await call.ask("GET", path, query=query)
    async with call.owned.measuring, call.ground.measuring:
        return await call.ask("GET", path, query=query | {"size": "1"})


async def top(call: Call) -> Answer:
    container = call.container()
    arguments = check_ps_args(call.query.get("ps_args", ""))
    call.note.flags = {"options": arguments}
    query = {"ps_args": arguments} if arguments else {}
    return Answer(answers.processes(await call.ask("GET", f"/containers/{container.id}/top", query=query)))


async def changes(call: Call) -> Answer:
    container = call.container()
    async with await call.open("GET", f"/containers/{container.id}/changes") as reply:
        return Answer(answers.changes(await reply.json(MAX_CHANGES)))
