"""`docker rmi` and `docker image prune`: what leaves a seat's store of images, in the engine's words."""

from contextlib import suppress

from playground.engine.errors import NotFound
from playground.gateway.call import Answer, Call
from playground.gateway.handlers.images import digests, emit, find, image_list, image_usage, users
from playground.gateway.policy import layers, names
from playground.gateway.policy.answers import pruned
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.filters import check_prune_filters, parse_filters, prunes
from playground.gateway.policy.names import Reference
from playground.gateway.policy.target import flag

_RUNS = ("running", "paused")


async def remove(call: Call) -> Answer:
    image_id, force = find(call), flag(call.query, "force")
    call.note.flags = {"force": force}
    asked = call.params["image"]
    by_name = not _is_id(asked, image_id)
    tags = sorted((tag for tag, identity in call.owned.tags.items() if identity == image_id), key=Reference.order)
    going = [names.parse_reference(asked)] if by_name else tags
    if not force:
        _check_removable(call, asked, image_id, tags, by_name)
    if (
        going == tags
        and image_id in call.owned.built
        and any(user.status not in _RUNS for user in users(call, image_id))
    ):
        raise Refused(
            409, f"conflict: unable to delete {_short(image_id)} (cannot be forced) - remove its container first"
        )
    if not going and users(call, image_id):
        raise Refused(409, f"conflict: unable to delete {_short(image_id)} (cannot be forced) - a container needs it")
    if not going and image_id not in call.owned.dangling():
        raise Refused(
            409, f"conflict: unable to delete {_short(image_id)} (cannot be forced) - image has dependent child images"
        )
    return Answer(await _untag(call, image_id, going, alone=flag(call.query, "noprune")))


def _is_id(asked: str, image_id: str) -> bool:
    bare = asked.removeprefix("sha256:")
    return names.is_id_prefix(bare) and image_id.startswith(f"sha256:{bare}")


def _short(identity: str) -> str:
    return identity.removeprefix("sha256:")[:12]


def _check_removable(call: Call, asked: str, image_id: str, tags: list[Reference], by_name: bool) -> None:
    """What `docker rmi` refuses without --force, in the engine's words."""
    needing = users(call, image_id)
    if by_name and len(tags) == 1 and needing:
        raise Refused(
            409,
            f'conflict: unable to remove repository reference "{asked}" (must force) - container '
            f"{needing[0].id[:12]} is using its referenced image {_short(image_id)}",
        )
    if not by_name and len(tags) > 1:
        raise Refused(
            409,
            f"conflict: unable to delete {_short(image_id)} (must be forced) - image is referenced in multiple "
            "repositories",
        )
    if not by_name and needing:
        running = needing[0].status in _RUNS
        raise Refused(
            409,
            f"conflict: unable to delete {_short(image_id)} ({'cannot' if running else 'must'} be forced) - image is "
            f"being used by {'running' if running else 'stopped'} container {needing[0].id[:12]}",
        )


async def _untag(call: Call, image_id: str, going: list[Reference], alone: bool = False) -> list[dict[str, str]]:
    """With those beneath that nothing needs any more, unless `alone`."""
    lines = []
    for reference in going:
        name = f"{reference.on_engine(call.owned.seat)}:{reference.tag}"
        had = digests(call, image_id)
        with suppress(NotFound):
            # The last name of what runs, the engine takes only when forced. Of what has ended it would take the image.
            runs = image_id in call.owned.built and any(user.status in _RUNS for user in users(call, image_id))
            force = {"force": "1"} if runs else {}
            await call.ask("DELETE", f"/images/{name}", query={"noprune": "1", **force})
        call.owned.tags.pop(reference, None)
        gone = [one for one in had if one not in digests(call, image_id)]
        lines += [{"Untagged": one} for one in (reference.familiar, *gone)]
        emit(call, "untag", image_id, image_id)
    if image_id in call.owned.built:
        lines += await _delete_unused(call, image_id, alone)
    elif image_id not in call.owned.image_ids():
        lines += await _deleted(call, image_id)
    return lines


async def _delete_unused(call: Call, image_id: str, alone: bool) -> list[dict[str, str]]:
    """The image that the seat has made and, as the engine does, those beneath it, as far as nothing needs them. One by
    one: what is beneath them all belongs to everybody."""
    lines = []
    while image_id in call.owned.dangling() and not users(call, image_id):
        await call.ground.images.inspect(image_id)  # as long as it can be asked about
        with suppress(NotFound):
            await call.ask("DELETE", f"/images/{image_id}", query={"noprune": "1"})
        built = call.owned.built.pop(image_id)
        lines += await _deleted(call, image_id)
        if alone:
            break
        image_id = built.parent
    return lines


async def _deleted(call: Call, image_id: str) -> list[dict[str, str]]:
    """The image has left the store, and with it the layers that no other one of the store has."""
    emit(call, "delete", image_id, image_id)
    inspect = call.ground.images.inspect
    staying = [await inspect(identity) for identity in call.owned.image_ids()]
    return [{"Deleted": identity} for identity in (image_id, *layers.unused(await inspect(image_id), staying))]


async def prune(call: Call) -> Answer:
    """Without --all, of the images that the seat has made, those without a name."""
    filters = parse_filters(call.query.get("filters", ""))
    check_prune_filters(filters, frozenset({"dangling"}))
    every = any(value.lower() in ("0", "false") for value in filters.get("dangling", ()))
    call.note.flags = {"kind": "image", "all": every}
    lines: list[dict[str, str]] = []
    before = await image_usage(call)
    for image in await image_list(call):
        dangling = image["Id"] in call.owned.dangling()
        if not (every or dangling) or image["Containers"] or not prunes(image["Labels"], filters, image["Created"]):
            continue
        tags = [tag for tag, identity in call.owned.tags.items() if identity == image["Id"]]
        lines += await _untag(call, image["Id"], tags)
    freed = max(0, before.total - (await image_usage(call)).total)
    call.owned.emit(pruned("image", freed))
    return Answer({"ImagesDeleted": lines or None, "SpaceReclaimed": freed})
