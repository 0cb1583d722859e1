"""Images: each seat has a store of its own in appearance, empty at first. An image of the store is a tag on the engine
(`pg-<seat>/busybox:latest`) on layers that all seats share; pulling from the catalogue sets the tag."""

import json
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

from playground.engine.errors import NotFound
from playground.gateway import making
from playground.gateway.call import Answer, Call, Flow
from playground.gateway.owned import Container
from playground.gateway.policy import answers, imageconfig, names
from playground.gateway.policy.errors import Refused, bad, forbidden
from playground.gateway.policy.filters import IMAGE_FILTERS, check_known, has_labels, matching_tags, parse_filters
from playground.gateway.policy.names import Reference
from playground.gateway.policy.progress import pull_lines
from playground.gateway.policy.target import flag
from playground.gateway.policy.usage import Usage, usage

MAX_COMMENT = 256
_PRUNE_FILTERS = frozenset({"dangling", "label", "label!", "until"})


async def listing(call: Call) -> Answer:
    filters = parse_filters(call.query.get("filters", ""))
    check_known(filters, IMAGE_FILTERS)
    call.note.flags = {"all": flag(call.query, "all")}
    images = await image_list(call, every=flag(call.query, "all"))
    return Answer([image | {"RepoTags": tags} for image in images if (tags := matching_tags(image, filters))])


async def image_list(call: Call, every: bool = False) -> list[dict[str, Any]]:
    """Without `every`, a built image that has no name and others stand on is left out."""
    shown = []
    hidden = set() if every else set(call.owned.built) - set(call.owned.dangling())
    for identity, tags in call.owned.image_ids().items():
        if identity in hidden and not tags:
            continue
        found = await call.ground.images.inspect(identity)
        shown.append(answers.listed_image(found, sorted(tags), len(_users(call, identity))))
    return sorted(shown, key=lambda image: image["Created"], reverse=True)


async def image_usage(call: Call) -> Usage:
    """Of all images of the seat's store."""
    return usage({identity: await call.ground.images.inspect(identity) for identity in call.owned.image_ids()})


async def inspect(call: Call) -> Answer:
    identity = _find(call)
    found = await call.ground.images.inspect(identity)
    return Answer(answers.inspected_image(found, sorted(call.owned.image_ids()[identity])))


async def history(call: Call) -> Answer:
    identity = _find(call)
    layers = await call.ask("GET", f"/images/{identity}/history")
    return Answer(answers.history(layers, call.owned.image_ids()))


def _find(call: Call) -> str:
    asked = call.params["image"]
    call.note.image = asked
    call.note.target = call.owned.image(asked)
    return call.note.target


# ── Pull, search, tag ────────────────────────────────────────────────────────────────────────────────────────────


async def pull(call: Call) -> Flow:
    source = call.query.get("fromImage", "")
    call.note.image = source
    if call.query.get("fromSrc") or not source:
        raise forbidden("docker import", "it could fill the machine with files; docker search shows the images it has")
    reference = names.check_tag(source, call.query.get("tag", ""))
    call.note.image, call.note.part_of_run = reference.familiar, call.invocation.lacks_image
    call.note.target, lines = await fetch(call, reference)
    return Flow(_as_chunks(lines), fact_at_end=True)


async def fetch(call: Call, reference: Reference) -> tuple[str, list[dict[str, Any]]]:
    """From the catalogue into the seat's store: the image's id, and what a pull shows."""
    image = call.ground.catalogue.find(reference)
    if image is None:
        raise Refused(
            404,
            f"pull access denied for {reference.repository}, not in the playground's catalogue: "
            f"{_offers(call)}. Try one of these.",
        )
    is_new = call.owned.tags.get(reference) != image.image_id
    found = await call.ground.images.inspect(image.image_id)
    if is_new:
        await set_tag(call, image.image_id, reference, "pull")
    return image.image_id, pull_lines(reference, found, is_new)


def _offers(call: Call) -> str:
    return (
        ", ".join(sorted(image.reference.removesuffix(":latest") for image in call.ground.catalogue)) or "it is empty"
    )


async def _as_chunks(lines: list[dict[str, Any]]) -> AsyncGenerator[bytes, None]:
    yield b"".join(json.dumps(line).encode() + b"\r\n" for line in lines)


async def set_tag(call: Call, image_id: str, reference: Reference, action: str) -> None:
    await call.to_the_end(_set_tag(call, image_id, reference))
    _emit(call, action, image_id if action == "tag" else reference.familiar, reference.familiar)


async def _set_tag(call: Call, image_id: str, reference: Reference) -> None:
    async with call.owned.imaging:
        call.owned.check_room(reference)
        target = {"repo": reference.on_engine(call.owned.seat), "tag": reference.tag}
        await call.ask("POST", f"/images/{image_id}/tag", query=target)
        call.owned.tags[reference] = image_id


def _emit(call: Call, action: str, identity: str, name: str) -> None:
    call.owned.emit(answers.event("image", action, identity, {"name": name}, time.time_ns()))


async def search(call: Call) -> Answer:
    term = call.query.get("term", "")
    call.note.flags = {"term": term}
    word = term.removeprefix("docker.io/").removeprefix("library/").partition(":")[0].lower()
    found = {
        image.reference.partition(":")[0]: image.description
        for image in call.ground.catalogue
        if word in image.reference.lower() or word in image.description.lower()
    }
    shape = {"star_count": 0, "is_official": True, "is_automated": False}
    return Answer([{**shape, "name": name, "description": text} for name, text in sorted(found.items())])


async def tag(call: Call) -> Answer:
    image_id = _find(call)
    reference = names.check_tag(call.query.get("repo", ""), call.query.get("tag", ""))
    call.note.name = reference.familiar
    await set_tag(call, image_id, reference, "tag")
    return Answer(status=201)


async def commit(call: Call) -> Answer:
    container = call.owned.container(call.query.get("container", ""))
    call.about(container)
    repository, tag = call.query.get("repo", ""), call.query.get("tag", "")
    reference = names.check_tag(repository, tag) if repository else None
    changes, query = call.lists.get("changes", ()), {key: _said(call, key) for key in ("comment", "author")}
    call.note.flags = {"tag": reference.familiar if reference else "", "message": query["comment"], "change": changes}
    call.owned.check_room(reference)
    found = await call.ask("GET", f"/containers/{container.id}/json")
    config = imageconfig.changed(imageconfig.of(found["Config"]), changes)
    image_id = await call.to_the_end(_commit(call, container.id, config, query))
    if reference:
        await set_tag(call, image_id, reference, "tag")
    return Answer({"Id": image_id}, 201)


async def _commit(call: Call, container_id: str, config: imageconfig.Config, query: dict[str, str]) -> str:
    """The engine pauses the container for it and lets it go on."""
    async with call.owned.stillness.moving():
        return await making.commit(call, container_id, config, query)


def _said(call: Call, key: str) -> str:
    """A person's words. The engine keeps them; the history shows them."""
    value = call.query.get(key, "")
    if len(value) > MAX_COMMENT or value.startswith(answers.STEP_COMMENT):
        raise bad(f"{key} may have at most {MAX_COMMENT} characters")
    return value


# ── Remove ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def remove(call: Call) -> Answer:
    image_id, force = _find(call), flag(call.query, "force")
    call.note.flags = {"force": force}
    asked = call.params["image"]
    by_name = not _is_id(asked, image_id)
    tags = [tag for tag, identity in call.owned.tags.items() if identity == image_id]
    going = [names.parse_reference(asked)] if by_name else tags
    if not force:
        _check_removable(call, asked, image_id, tags, by_name)
    if not going and _users(call, image_id):
        raise Refused(409, f"conflict: unable to delete {_short(image_id)} (cannot be forced) - a container needs it")
    if not going and image_id not in call.owned.dangling():
        raise Refused(
            409, f"conflict: unable to delete {_short(image_id)} (cannot be forced) - image has dependent child images"
        )
    return Answer(await _untag(call, image_id, going))


def _is_id(asked: str, image_id: str) -> bool:
    bare = asked.removeprefix("sha256:")
    return names.is_id_prefix(bare) and image_id.startswith(f"sha256:{bare}")


def _short(identity: str) -> str:
    return identity.removeprefix("sha256:")[:12]


def _check_removable(call: Call, asked: str, image_id: str, tags: list[Reference], by_name: bool) -> None:
    """What `docker rmi` refuses without --force, in the engine's words."""
    users = _users(call, image_id)
    if by_name and len(tags) == 1 and users:
        raise Refused(
            409,
            f'conflict: unable to remove repository reference "{asked}" (must force) - container '
            f"{users[0].id[:12]} is using its referenced image {_short(image_id)}",
        )
    if not by_name and len(tags) > 1:
        raise Refused(
            409,
            f"conflict: unable to delete {_short(image_id)} (must be forced) - image is referenced in multiple "
            "repositories",
        )
    if not by_name and users:
        running = users[0].status in ("running", "paused")
        raise Refused(
            409,
            f"conflict: unable to delete {_short(image_id)} ({'cannot' if running else 'must'} be forced) - image is "
            f"being used by {'running' if running else 'stopped'} container {users[0].id[:12]}",
        )


async def _untag(call: Call, image_id: str, going: list[Reference]) -> list[dict[str, str]]:
    lines = []
    for reference in going:
        name = f"{reference.on_engine(call.owned.seat)}:{reference.tag}"
        with suppress(NotFound):
            await call.ask("DELETE", f"/images/{name}", query={"noprune": "1"})
        call.owned.tags.pop(reference, None)
        lines.append({"Untagged": reference.familiar})
        _emit(call, "untag", image_id, image_id)
    if image_id in call.owned.built:
        lines += await _delete_unused(call, image_id)
    elif image_id not in call.owned.image_ids():
        lines.append(_deleted(call, image_id))
    return lines


async def _delete_unused(call: Call, image_id: str) -> list[dict[str, str]]:
    """The image that the seat has made and, as the engine does, those beneath it, as far as nothing needs them. One by
    one: what is beneath them all belongs to everybody."""
    lines = []
    while image_id in call.owned.dangling() and not _users(call, image_id):
        with suppress(NotFound):
            await call.ask("DELETE", f"/images/{image_id}", query={"noprune": "1"})
        built = call.owned.built.pop(image_id)
        lines.append(_deleted(call, image_id))
        image_id = built.parent
    return lines


def _users(call: Call, image_id: str) -> list[Container]:
    return [container for container in call.owned.containers.values() if container.image_id == image_id]


def _deleted(call: Call, image_id: str) -> dict[str, str]:
    _emit(call, "delete", image_id, image_id)
    return {"Deleted": image_id}


async def prune(call: Call) -> Answer:
    """Without --all, of the images that the seat has made, those without a name."""
    filters = parse_filters(call.query.get("filters", ""))
    check_known(filters, _PRUNE_FILTERS)
    every = any(value.lower() in ("0", "false") for value in filters.get("dangling", ()))
    call.note.flags = {"kind": "image", "all": every}
    if filters.get("until") or filters.get("label!"):
        raise bad("docker image prune takes the filter label=… in this playground")
    lines: list[dict[str, str]] = []
    before = await image_usage(call)
    for image in await image_list(call):
        dangling = image["Id"] in call.owned.dangling()
        if not (every or dangling) or image["Containers"] or not has_labels(image["Labels"], filters.get("label", ())):
            continue
        tags = [tag for tag, identity in call.owned.tags.items() if identity == image["Id"]]
        lines += await _untag(call, image["Id"], tags)
    freed = before.total - (await image_usage(call)).total
    return Answer({"ImagesDeleted": lines or None, "SpaceReclaimed": max(0, freed)})
