"""What images say of themselves, asked from the engine once for each id: an image never changes under its id."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from playground.engine.client import EngineClient
from playground.engine.errors import NotFound
from playground.gateway.policy.create import ImageFacts
from playground.gateway.state import ImageState

KEPT = 4096  # a few KiB each


class ImageShelf:
    def __init__(self, client: EngineClient) -> None:
        self._client = client
        self._kept: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    async def inspect(self, image_id: str) -> Mapping[str, Any]:
        """The engine's inspection. Raises NotFound when the image is gone."""
        if image_id not in self._kept:
            async with await self._client.request("GET", f"/images/{image_id}/json") as reply:
                self._kept[image_id] = await (await reply.raise_for_status()).json()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(image_id)
        return self._kept[image_id]

    async def look_at(self, image_ids: Iterable[str]) -> None:
        """So that `shown` knows them."""
        for image_id in image_ids:
            with suppress(NotFound):
                await self.inspect(image_id)

    def shown(self, image_id: str, tags: tuple[str, ...]) -> ImageState:
        """As far as the engine has been asked already: every image is inspected when a seat gets it."""
        found = self._kept.get(image_id) or {}
        config = found.get("Config") or {}
        return ImageState(
            image_id,
            tags,
            command=(*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())),
            layers=tuple((found.get("RootFS") or {}).get("Layers") or ()),
            size=found.get("Size") or 0,
        )

    async def facts(self, image_id: str) -> ImageFacts:
        config = (await self.inspect(image_id)).get("Config") or {}
        return ImageFacts(
            working_dir=config.get("WorkingDir") or "",
            volumes=tuple(config.get("Volumes") or ()),
            healthcheck=config.get("Healthcheck"),
            command=tuple(config.get("Cmd") or ()),
            entrypoint=tuple(config.get("Entrypoint") or ()),
            exposed=tuple(config.get("ExposedPorts") or ()),
        )

    def clear(self) -> None:
        self._kept.clear()
