"""The catalogue is what the engine has, also while the server runs: `manage.py images` may renew or bring an image."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from playground.engine import images, labels
from playground.engine.api import Engine
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.gateway.catalogue import Catalogue

PAUSE = 2.0  # seconds, where the engine is gone


async def follow(client: EngineClient, engine: Engine, catalogue: Catalogue) -> None:
    """For ever. An engine that comes back is looked at anew."""
    while True:
        since = time.time()  # of the look: what changes while it is taken is heard after it
        try:
            catalogue.hold(await images.catalogue(engine))
            async for event in client.events(since=f"{since:.9f}", about="image"):
                if concerns(catalogue, event):
                    catalogue.hold(await images.catalogue(engine))
        except EngineError:
            await asyncio.sleep(PAUSE)  # the gateway's own follower has said so


def concerns(catalogue: Catalogue, event: Mapping[str, Any]) -> bool:
    """Whether the event tells of an image that learners may pull, rather than of one of theirs. Pure."""
    actor = event["Actor"]
    name: str = actor["Attributes"].get("name", "")
    return name.startswith(labels.CATALOGUE_PREFIX) or any(image.image_id == actor["ID"] for image in catalogue)
