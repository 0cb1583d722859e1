"""`docker save`: an image as an archive, for looking into it."""

from collections.abc import AsyncGenerator

from playground.engine.client import Reply
from playground.gateway.call import Call, Flow
from playground.gateway.owned import Owned
from playground.gateway.policy.errors import Refused, bad, no_such_image
from playground.gateway.policy.names import Reference, parse_reference
from playground.gateway.policy.savedtar import SavedTar

MAX_NAMES = 8


async def save(call: Call) -> Flow:
    asked = (call.params["image"],) if "image" in call.params else call.lists.get("names", ())
    if not 0 < len(asked) <= MAX_NAMES:
        raise bad(f"docker save takes 1 to {MAX_NAMES} images in this playground")
    call.note.image = asked[0]
    names = _names(call.owned, asked)
    sizes = [int((await call.ground.images.inspect(identity)).get("Size") or 0) for identity in names]
    if sum(sizes) > call.ground.limits.download:
        raise Refused(
            403, f"docker save takes images of at most {call.ground.limits.download} bytes in this playground."
        )
    reply = await call.open("GET", "/images/get", query={"names": list(names)})
    return Flow(_renamed(reply, SavedTar(names)), reply.close, "application/x-tar", keeps_room=True)


def _names(owned: Owned, asked: tuple[str, ...]) -> dict[str, list[Reference]]:
    """By image id; one that was asked for by its id comes without a name."""
    found: dict[str, list[Reference]] = {}
    for text in asked:
        try:
            identity = owned.image(text)
        except Refused as refused:
            raise no_such_image(text[:256]) if refused.status == 404 else refused from None
        names = found.setdefault(identity, [])
        by_id = identity.removeprefix("sha256:").startswith(text.removeprefix("sha256:"))
        if not by_id and (reference := parse_reference(text)) not in names:
            names.append(reference)
    return found


async def _renamed(reply: Reply, tar: SavedTar) -> AsyncGenerator[bytes, None]:
    async for chunk in reply.chunks():
        yield tar.feed(chunk)
