"""Making an image of a container, for `docker commit` and for each step of `docker build`."""

from collections.abc import Mapping
from typing import Any

from playground.engine import labels
from playground.gateway.belongings import Built
from playground.gateway.call import Call
from playground.gateway.policy.answers import STEP_COMMENT
from playground.gateway.policy.imageconfig import Config


def config_for_engine(call: Call, config: Config, step: str) -> Config:
    """With the owner's labels, and nothing of the image beneath in the places of the others: the engine fills in what
    is missing."""
    marks = {
        labels.INSTANCE: call.ground.instance,
        labels.SEAT: call.owned.seat,
        labels.ROLE: labels.ROLE_BUILT,
        labels.STEP: step,
        labels.RECIPE: "",
        labels.ASKED_IMAGE: "",
        labels.ASKED_NETWORK: "",
        labels.ASKED_PORTS: "",
    }
    return {"Cmd": [], "Entrypoint": [], **config, "Labels": {**config.get("Labels", {}), **marks}}


async def commit(
    call: Call, container_id: str, config: Config, query: Mapping[str, str], step: str = "", created_by: str = ""
) -> str:
    """The new image's id. Raises Refused where the seat's images take all their room, EngineError."""
    if created_by:
        query = {**query, "comment": STEP_COMMENT + created_by}
    query = {**query, "container": container_id, "pause": "1"}
    async with call.owned.imaging:
        call.owned.check_layers()
        made = await call.ask("POST", "/commit", query=query, body=config_for_engine(call, config, step))
        return await take_in(call, made["Id"], step)


async def take_in(call: Call, image_id: str, step: str) -> str:
    """The seat owns the new image from here on."""
    found = await call.ground.images.inspect(image_id)
    parent = found.get("Parent") or ""
    beneath: Mapping[str, Any] = await call.ground.images.inspect(parent) if parent else {}
    size = int(found.get("Size") or 0) - int(beneath.get("Size") or 0)
    call.owned.built[image_id] = Built(image_id, parent, size, step)
    return image_id
