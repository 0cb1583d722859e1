"""Volumes: named ones and those that a container makes for itself. Each has an owner, and a bound on the disk
(volumedisk.py)."""

from collections.abc import Iterable, Mapping
from typing import Any

from playground.engine import labels
from playground.engine.errors import Conflict, NotFound
from playground.gateway.belongings import Volume
from playground.gateway.call import Answer, Call
from playground.gateway.owned import Container
from playground.gateway.policy import filters, names
from playground.gateway.policy import volumes as policy
from playground.gateway.policy.create import Asked, ImageFacts
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.mounts import Storage, VolumeMount, storage
from playground.gateway.policy.target import flag
from playground.gateway.volumedisk import check_sizes, give_bound, shown_size


async def create(call: Call) -> Answer:
    """One that is there already is the answer, too."""
    asked, wanted = policy.read_volume(call.body)
    name = asked or names.anonymous_volume()
    call.note.name = name
    await call.to_the_end(_make_new(call, name, wanted))
    return Answer(await _shown(call, call.owned.volumes.find(name)), 201)


async def _make_new(call: Call, name: str, wanted: dict[str, str]) -> None:
    async with call.owned.volumes.making:
        for missing in call.owned.volumes.missing([name]):
            await _make(call, missing, wanted)


async def _make(call: Call, name: str, wanted: dict[str, str], anonymous: bool = False) -> None:
    marks = wanted | {
        labels.INSTANCE: call.ground.instance,
        labels.SEAT: call.owned.seat,
        labels.ROLE: labels.ROLE_LEARNER,
    }
    marks |= {labels.ANONYMOUS: "1"} if anonymous else {}
    body = policy.write_volume(call.owned.on_engine(name), marks)
    made = await call.ask("POST", "/volumes/create", body=body)
    volume = Volume(name, wanted, made["Mountpoint"], anonymous)
    if not await give_bound(volume, call.ground.limits.volume_disk):
        await call.ask("DELETE", f"/volumes/{call.owned.on_engine(name)}")
        raise Refused(403, "Volumes are not available on this machine: nothing here could bound what they hold.")
    call.owned.volumes.add(volume)


# ── A container's ────────────────────────────────────────────────────────────────────────────────────────────────


async def of_container(call: Call, asked: Asked, image: ImageFacts) -> Storage:
    """What the container will mount."""
    borrowed = [mount for item in asked.wants.get("VolumesFrom", ()) for mount in await _borrowed(call, *item)]
    return storage(asked.wants, asked.volumes, image.volumes, borrowed)


async def _borrowed(call: Call, reference: str, read_only: bool) -> list[VolumeMount]:
    """The volumes of a container of the learner's own. Not to find it is no 404, on which the CLI would pull the
    image."""
    try:
        container = call.owned.container(reference)
    except Refused as refused:
        raise bad(refused.message) from None
    found = await call.ask("GET", f"/containers/{container.id}/json")
    prefix = call.owned.on_engine("")
    return [
        VolumeMount(mount["Destination"], mount["Name"].removeprefix(prefix), read_only or not mount["RW"])
        for mount in found.get("Mounts") or ()
        if mount["Type"] == "volume" and call.owned.volumes.get(mount["Name"].removeprefix(prefix))
    ]


def names_for(wanted: Storage) -> dict[str, str]:
    """The learner's names of all, by target."""
    return {mount.target: mount.name or names.anonymous_volume() for mount in wanted.volumes}


async def ensure(call: Call, wanted: Storage, found: Mapping[str, str]) -> None:
    """Make those that are not there. `found` is what `names_for` gave."""
    if not found:
        return
    anonymous = set(found.values()) - set(wanted.named)
    async with call.owned.volumes.making:
        for missing in call.owned.volumes.missing(found.values()):
            await _make(call, missing, {}, anonymous=missing in anonymous)
    await check_sizes(call.owned, found.values(), call.ground.limits.volume_disk)


async def discard(call: Call, wanted: Iterable[str]) -> None:
    """Remove the anonymous ones among these that no container has."""
    for name in wanted:
        volume = call.owned.volumes.get(name)
        if volume is not None and volume.anonymous:
            await _remove_unused(call, volume)


async def check_room_in(call: Call, container: Container) -> None:
    """Raises Refused where a volume of the container's holds more than it may."""
    await check_sizes(call.owned, container.volumes, call.ground.limits.volume_disk)


# ── Looking and removing ─────────────────────────────────────────────────────────────────────────────────────────


async def listing(call: Call) -> Answer:
    wanted = filters.parse_filters(call.query.get("filters", ""))
    filters.check_known(wanted, filters.VOLUME_FILTERS)
    call.note.flags = {"filter": {key: list(values) for key, values in wanted.items()}}
    used = {name for container in call.owned.containers.values() for name in container.volumes}
    shown = [one for one in await volume_list(call) if filters.volume_passes(one, one["Name"] in used, wanted)]
    return Answer({"Volumes": shown, "Warnings": None})


async def volume_list(call: Call) -> list[dict[str, Any]]:
    return [await _shown(call, volume) for volume in sorted(call.owned.volumes, key=lambda volume: volume.name)]


async def inspect(call: Call) -> Answer:
    return Answer(await _shown(call, _find(call)))


async def _shown(call: Call, volume: Volume) -> dict[str, Any]:
    found = await call.ask("GET", f"/volumes/{call.owned.on_engine(volume.name)}")
    return policy.shown_volume(found, volume.name, volume.labels, call.ground.engine.major)


def _find(call: Call) -> Volume:
    call.note.name = call.params["volume"]
    return call.owned.volumes.find(call.params["volume"])


async def remove(call: Call) -> Answer:
    force = call.note.flags["force"] = flag(call.query, "force")
    if force and call.owned.volumes.get(call.params["volume"]) is None:
        return Answer(status=204)
    volume = _find(call)
    try:
        await call.ask("DELETE", f"/volumes/{call.owned.on_engine(volume.name)}")
    except NotFound:
        call.owned.volumes.forget(volume.name)
        raise
    call.owned.volumes.forget(volume.name)
    return Answer(status=204)


async def prune(call: Call) -> Answer:
    """Those that no container has."""
    no_until = 'The "until" filter is not supported with volume prune'
    wanted = filters.parse_prune_filters(call.query.get("filters", ""), no_until, frozenset({"all"}))
    call.note.flags["kind"] = "volume"
    gone, freed = [], 0
    for volume in list(call.owned.volumes):
        if not filters.prunes(volume.labels, wanted):
            continue
        size = await shown_size(volume)
        if await _remove_unused(call, volume):
            gone.append(volume.name)
            freed += max(0, size)
    return Answer({"VolumesDeleted": gone or None, "SpaceReclaimed": freed})


async def _remove_unused(call: Call, volume: Volume) -> bool:
    try:
        await call.ask("DELETE", f"/volumes/{call.owned.on_engine(volume.name)}")
    except Conflict:
        return False
    except NotFound:
        pass
    call.owned.volumes.forget(volume.name)
    return True
