"""Images: each seat has a store of its own in appearance, empty at first. An image of the store is a tag on the engine
(`pg-<seat>/busybox:latest`) on layers that all seats share; pulling from the catalogue sets the tag."""

import json
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from playground.engine.errors import NotFound
from playground.gateway import making
from playground.gateway.belongings import Container
from playground.gateway.call import Answer, Call, Flow
from playground.gateway.policy import answers, imageconfig, layers, names
from playground.gateway.policy.errors import Refused, bad, forbidden
from playground.gateway.policy.filters import (
    IMAGE_FILTERS,
    Filters,
    check_known,
    matching_tags,
    parse_filters,
)
from playground.gateway.policy.names import Reference
from playground.gateway.policy.platforms import check_pull
from playground.gateway.policy.progress import pull_lines
from playground.gateway.policy.target import flag, integer
from playground.gateway.policy.usage import Usage, usage

log = logging.getLogger(__name__)

MAX_COMMENT = 256
_SEARCH_FILTERS: Mapping[str, Callable[[str], bool]] = {  # all of the catalogue is alike in these
    "is-official": lambda value: value.lower() in ("1", "true"),
    "is-automated": lambda value: value.lower() in ("0", "false"),
    "stars": lambda value: value == "0",
}


async def listing(call: Call) -> Answer:
    filters = parse_filters(call.query.get("filters", ""))
    check_known(filters, IMAGE_FILTERS)
    call.note.flags = {"all": flag(call.query, "all")}
    images = await _around(call, await image_list(call, every=flag(call.query, "all")), filters)
    shown = [(image, tags) for image in images if (tags := matching_tags(image, filters))]
    return Answer([_with(image, tags) for image, tags in shown])


def _with(image: dict[str, Any], tags: list[str]) -> dict[str, Any]:
    """With these of its names only."""
    repositories = {tag.rpartition(":")[0] for tag in tags}
    digests = [digest for digest in image["RepoDigests"] if digest.partition("@")[0] in repositories]
    return image | {"RepoTags": tags, "RepoDigests": digests, "Containers": -1}


async def _around(call: Call, images: list[dict[str, Any]], filters: Filters) -> list[dict[str, Any]]:
    """--filter before=X and since=X, by age."""
    for key, older in (("before", True), ("since", False)):
        for reference in filters.get(key, ()):
            at = answers.seconds((await call.ground.images.inspect(call.owned.image(reference))).get("Created") or "")
            images = [one for one in images if (one["Created"] < at if older else one["Created"] > at)]
    return images


async def image_list(call: Call, every: bool = False) -> list[dict[str, Any]]:
    """Without `every`, a built image that has no name and others stand on is left out."""
    shown = []
    hidden = set() if every else call.owned.hidden()
    for identity, tags in call.owned.image_ids().items():
        if identity in hidden and not tags:
            continue
        found = await call.ground.images.inspect(identity)
        needed = len(users(call, identity))
        shown.append(answers.listed_image(found, names.in_order(tags), digests(call, identity), needed))
    return sorted(shown, key=lambda image: image["Created"], reverse=True)


def digests(call: Call, image_id: str) -> list[str]:
    """Only what was pulled has one."""
    pulled = (tag for tag, identity in call.owned.tags.items() if identity == image_id)
    found = {tag: call.ground.catalogue.find(tag) for tag in pulled}
    return sorted(
        f"{tag.repository}@{layers.digest(image_id)}"
        for tag, image in found.items()
        if image and image.image_id == image_id
    )


def users(call: Call, image_id: str) -> list[Container]:
    return [container for container in call.owned.containers.values() if container.image_id == image_id]


async def image_usage(call: Call) -> Usage:
    """Of all images of the seat's store."""
    return usage({identity: await call.ground.images.inspect(identity) for identity in call.owned.image_ids()})


async def inspect(call: Call) -> Answer:
    identity = find(call)
    found = await call.ground.images.inspect(identity)
    tags = names.in_order(call.owned.image_ids()[identity])
    return Answer(answers.inspected_image(found, tags, digests(call, identity)))


async def history(call: Call) -> Answer:
    identity = find(call)
    layers = await call.ask("GET", f"/images/{identity}/history")
    return Answer(answers.history(layers, call.owned.image_ids()))


def find(call: Call) -> str:
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
    call.note.image, of_a_run = reference.familiar, call.invocation.lacks_image
    if of_a_run:
        call.note.action = "run"  # what fails with the pull
    check_pull(call.query.get("platform", ""), call.ground.engine.arch)
    call.note.target, lines = await fetch(call, reference)
    call.note.action, call.note.part_of_run = "pull", of_a_run
    return Flow(_as_chunks(lines), fact_at_end=True)


async def fetch(call: Call, reference: Reference) -> tuple[str, list[dict[str, Any]]]:
    """From the catalogue into the seat's store: the image's id, and what a pull shows."""
    image = call.ground.catalogue.find(reference)
    if image is None:
        raise call.ground.catalogue.refusal(reference)
    is_new = call.owned.tags.get(reference) != image.image_id
    try:
        found = await call.ground.images.inspect(image.image_id)
    except NotFound:
        log.warning("%s of the catalogue is not on the engine any more: call manage.py images", image.reference)
        raise Refused(
            503,
            f"{reference.familiar} is in the catalogue, and the engine has lost it. Tell whoever runs the playground.",
        ) from None
    if is_new:
        await set_tag(call, image.image_id, reference, "pull")
    return image.image_id, pull_lines(reference, found, is_new)


async def _as_chunks(lines: list[dict[str, Any]]) -> AsyncGenerator[bytes, None]:
    yield b"".join(json.dumps(line).encode() + b"\r\n" for line in lines)


async def set_tag(call: Call, image_id: str, reference: Reference, action: str) -> None:
    await call.to_the_end(_set_tag(call, image_id, reference))
    emit(call, action, image_id if action == "tag" else reference.familiar, reference.familiar)


async def _set_tag(call: Call, image_id: str, reference: Reference) -> None:
    async with call.owned.imaging:
        call.owned.check_room(reference)
        target = {"repo": reference.on_engine(call.owned.seat), "tag": reference.tag}
        await call.ask("POST", f"/images/{image_id}/tag", query=target)
        call.owned.tags[reference] = image_id


def emit(call: Call, action: str, identity: str, name: str) -> None:
    call.owned.emit(answers.event("image", action, identity, {"name": name}, time.time_ns()))


async def search(call: Call) -> Answer:
    term = call.query.get("term", "")
    call.note.flags = {"term": term}
    word = term.removeprefix("docker.io/").removeprefix("library/").partition(":")[0].lower()
    wanted = parse_filters(call.query.get("filters", ""))
    check_known(wanted, frozenset(_SEARCH_FILTERS))
    found = {
        image.reference.partition(":")[0]: image.description
        for image in call.ground.catalogue
        if word in image.reference.lower() or word in image.description.lower()
    }
    if not all(_SEARCH_FILTERS[key](value) for key, values in wanted.items() for value in values):
        found = {}
    shape = {"star_count": 0, "is_official": True, "is_automated": False}
    shown = [{**shape, "name": name, "description": text} for name, text in sorted(found.items())]
    return Answer(shown[: integer(call.query, "limit", 1, 100, 25)])


async def tag(call: Call) -> Answer:
    image_id = find(call)
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
