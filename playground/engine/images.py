"""See to it that the seat image and the catalogue are on the engine: pulled when a registry answers, else assembled."""

import asyncio
import platform
import shutil
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from playground.engine import archive, labels, recipes
from playground.engine.api import Engine
from playground.engine.errors import Conflict, EngineError, NotFound
from playground.engine.recipes import ARCHITECTURES, RECIPES, Tools

PROBE = "hello-world:latest"  # the smallest image of the table
PROBE_TIMEOUT = 6.0
PULL_TIMEOUT = 600.0
FROM_REGISTRY = "registry"
SEAT_REFERENCE = f"{labels.SEAT_IMAGE}:latest"

Say = Callable[[str], None]


class Mode(StrEnum):
    """AUTO makes what is missing or outdated; ONLINE renews everything from the registry; OFFLINE never asks it."""

    AUTO = "auto"
    ONLINE = "online"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class CatalogueImage:
    """An image that learners may pull as `reference`; `image_id` is the engine's full id."""

    reference: str
    image_id: str
    description: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One row of images/images.toml."""

    name: str
    pull: str = ""
    recipe: str = ""
    description: str = ""

    @property
    def reference(self) -> str:
        """What it is called on the engine."""
        return self.name if self.name == SEAT_REFERENCE else labels.CATALOGUE_PREFIX + self.name


@dataclass(frozen=True, slots=True)
class ToolImage:
    """Where an image of a registry has a program for the seat image."""

    image: str
    path: str


def read_plans() -> list[Plan]:
    return [Plan(**row) for row in _table()["image"]]


async def ensure_images(engine: Engine, mode: Mode, say: Say) -> list[CatalogueImage]:
    """Returns the catalogue as it is on the engine afterwards. Raises EngineError when an image that can be assembled
    can be had in no way, and with ONLINE (TimeoutError, too) when the registry refuses one.

    What is there and made from the same recipe stays, so that a second run asks and makes nothing.
    """
    plans = read_plans()
    if mode is Mode.ONLINE:
        await _make(engine, plans, mode, say)
    else:
        due = [plan for plan in plans if not await _is_fresh(engine, plan)]
        # An image that only a registry has is no reason to wait for one at every start.
        if any(plan.recipe for plan in due):
            online = mode is Mode.AUTO and await _registry_answers(engine, say)
            wanted = due if online else [plan for plan in due if plan.recipe]
            await _make(engine, wanted, mode if online else Mode.OFFLINE, say)
    return await catalogue(engine)


async def catalogue(engine: Engine) -> list[CatalogueImage]:
    """The catalogue's images that are on the engine."""
    found = []
    for plan in read_plans():
        image = await _image(engine, plan.reference)
        if image is not None and plan.reference != SEAT_REFERENCE:
            found.append(CatalogueImage(plan.name, image["Id"], plan.description))
    return found


async def _is_fresh(engine: Engine, plan: Plan) -> bool:
    image = await _image(engine, plan.reference)
    if image is None:
        return False
    recipe = (image["Config"].get("Labels") or {}).get(labels.RECIPE)
    return recipe is None or recipe in _current_recipes()  # one that was pulled has no recipe


def _current_recipes() -> set[str]:
    """As host tools may be missing where the registry's were used, both kinds count."""
    current = {_recipe_label(FROM_REGISTRY)}
    with suppress(EngineError):
        current.add(_recipe_label(recipes.host_tools().identity))
    return current


def _recipe_label(identity: str) -> str:
    return f"{recipes.inputs_hash()}-{identity}"


async def _registry_answers(engine: Engine, say: Say) -> bool:
    plans = read_plans()
    probe = next(plan for plan in plans if plan.name == PROBE)
    try:
        await _pull(engine, probe.pull, probe.reference, PROBE_TIMEOUT)
    except (EngineError, TimeoutError):
        only_there = ", ".join(plan.name for plan in plans if not plan.recipe)
        say(f"no registry answers: assembling images from what this machine has, without {only_there}")
        return False
    return True


async def _make(engine: Engine, plans: Sequence[Plan], mode: Mode, say: Say) -> None:
    before = [await _image(engine, plan.reference) for plan in plans]
    with tempfile.TemporaryDirectory(prefix="playground-images-") as folder:
        scratch = Path(folder)
        tools: Tools | None = None
        for plan in plans:
            if mode is not Mode.OFFLINE and plan.pull and await _pulled(engine, plan, mode, say):
                continue
            if plan.recipe:
                say(f"assembling {plan.name}")
                tools = tools or await _tools(engine, mode, scratch, say)
                await _assemble(engine, plan, tools, scratch)
    await _drop_outdated(engine, {image["Id"] for image in before if image is not None})


async def _pulled(engine: Engine, plan: Plan, mode: Mode, say: Say) -> bool:
    """A registry that answered may still refuse (too many pulls from a classroom's address): AUTO goes on without."""
    say(f"pulling {plan.pull}")
    try:
        await _pull(engine, plan.pull, plan.reference, PULL_TIMEOUT)
    except (EngineError, TimeoutError) as error:
        if mode is Mode.ONLINE:
            raise
        say(f"could not pull {plan.pull}: {error}")
        return False
    return True


async def _tools(engine: Engine, mode: Mode, scratch: Path, say: Say) -> Tools:
    if mode is Mode.OFFLINE:
        return recipes.host_tools()
    try:
        return await _registry_tools(engine, scratch)
    except (EngineError, TimeoutError) as error:
        if mode is Mode.ONLINE:
            raise
        say(f"could not get the seat's tools from the registry, taking this machine's: {error}")
        return recipes.host_tools()


async def _assemble(engine: Engine, plan: Plan, tools: Tools, scratch: Path) -> None:
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        raise EngineError(f"images cannot be assembled for {machine} machines")
    recipe = RECIPES[plan.recipe](tools, machine)
    own = {labels.ROLE: labels.ROLE_IMAGE, labels.RECIPE: _recipe_label(tools.identity)}
    path = scratch / "image.tar"
    await asyncio.to_thread(
        archive.write_image,
        recipe.tree,
        recipe.config | {"Labels": recipe.config.get("Labels", {}) | own},
        plan.reference,
        ARCHITECTURES[machine],
        path,
        scratch,
    )
    await engine.load(path)


async def _registry_tools(engine: Engine, scratch: Path) -> Tools:
    tools = {name: ToolImage(**row) for name, row in _table()["tools"].items()}
    kept = f"{labels.CATALOGUE_PREFIX}tools:latest"  # of our own: a tag of the operator's must neither move nor vanish
    paths = {}
    for image in {tool.image for tool in tools.values()}:
        await _pull(engine, image, kept, PULL_TIMEOUT)
        try:
            for name, tool in tools.items():
                if tool.image == image:
                    await engine.copy_out(kept, tool.path, scratch / f"{name}.tar")
                    paths[name] = await asyncio.to_thread(_only_file, scratch / f"{name}.tar", scratch / name)
        finally:
            await engine.remove_image(kept)
    return Tools(paths["busybox"], paths["docker"], FROM_REGISTRY, paths["compose"])


def _only_file(tar: Path, to: Path) -> Path:
    with tarfile.open(tar) as opened:
        member = opened.next()
        stream = opened.extractfile(member) if member else None
        if stream is None:
            raise EngineError(f"{tar.stem}: the registry's image does not hold the program where it should")
        with to.open("wb") as file:
            shutil.copyfileobj(stream, file)
    to.chmod(0o755)
    return to


async def _pull(engine: Engine, reference: str, to: str, timeout: float) -> None:
    """Pull, and keep it as `to` only: `reference` stays what it was for others on this engine."""
    before = await _image(engine, reference)
    await engine.pull(reference, timeout)
    await engine.tag(reference, to)
    if before is None:
        await engine.remove_image(reference)
    else:
        await engine.tag(before["Id"], reference)


async def _drop_outdated(engine: Engine, replaced: set[str]) -> None:
    """Images that lost their last name to a newer one go, as soon as no container needs them."""
    assembled = {image["Id"] for image in await engine.images({labels.ROLE: labels.ROLE_IMAGE})}
    for image_id in assembled | replaced:
        image = await _image(engine, image_id)
        if image is not None and not image["RepoTags"]:
            with suppress(Conflict):
                await engine.remove_image(image_id)


async def _image(engine: Engine, reference: str) -> dict[str, Any] | None:
    try:
        return await engine.inspect_image(reference)
    except NotFound:
        return None


def _table() -> dict[str, Any]:
    return tomllib.loads((recipes.FOLDER / "images.toml").read_text())
