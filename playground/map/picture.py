"""A seat as a picture: images as stacks of layers, each shared layer once, with their containers on top. Pure.

The page draws it as it comes (static/js/map/draw.js) and works nothing out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from playground.gateway.state import ContainerState, ImageState, State

SHORT = 12  # characters of an id, as the CLI shows it
_NUMBER = re.compile(r"([0-9]+)")
_Order = tuple[bool, list[str], str]


@dataclass(frozen=True, slots=True)
class Container:
    id: str
    name: str
    image: str  # as the learner asked for it
    state: str  # as the CLI calls it: created running paused exited …
    exit_code: int | None
    oom: bool
    ports: tuple[int, ...]
    networks: tuple[str, ...]  # without those that every engine has
    volumes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Image:
    id: str
    names: tuple[str, ...]
    layers: int  # how many
    size: int
    listed: bool  # False: `docker images` leaves it out
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Stack:
    """Layers, the lowest first; on the uppermost stand images that have no further ones, and stacks that do."""

    layers: tuple[str, ...]
    images: tuple[Image, ...] = ()
    above: tuple["Stack", ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    stacks: tuple[Stack, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class _Node:
    """Where chains of layers part."""

    images: list[Image] = field(default_factory=list)
    above: dict[str, "_Node"] = field(default_factory=dict)  # by the next layer


def picture_of(state: State) -> Picture:
    on_top: dict[str, list[Container]] = defaultdict(list)
    for container in state.containers:
        on_top[container.image_id].append(_container(container, state.networks))
    ground = _Node()
    for image in (*state.images, *state.unnamed):
        _plant(ground, image, on_top.pop(image.id, ()))
    for image_id, containers in on_top.items():  # it was removed a moment ago, and they are about to go
        _plant(ground, ImageState(image_id, (), listed=False), containers)
    return Picture(_stacks(ground), state.networks, state.volumes)


def _container(found: ContainerState, networks: Sequence[str]) -> Container:
    return Container(
        id=found.id[:SHORT],
        name=found.name,
        image=found.image,
        state=found.status,
        exit_code=found.exit_code,
        oom=found.oom_killed,
        ports=found.ports,
        networks=tuple(name for name in found.networks if name in networks),
        volumes=found.volumes,
    )


def _plant(ground: _Node, found: ImageState, containers: Iterable[Container]) -> None:
    node = ground
    for layer in found.layers or (found.id,):  # one that was not looked at yet stands alone
        node = node.above.setdefault(short(layer), _Node())
    node.images.append(
        Image(short(found.id), found.tags, len(found.layers), found.size, found.listed, tuple(containers))
    )


def _stacks(ground: _Node) -> tuple[Stack, ...]:
    return tuple(sorted((_stack(layer, node) for layer, node in ground.above.items()), key=_first_name))


def _stack(layer: str, node: _Node) -> Stack:
    layers = [layer]
    while not node.images and len(node.above) == 1:
        [(layer, node)] = node.above.items()
        layers.append(layer)
    return Stack(tuple(layers), tuple(sorted(node.images, key=_name)), _stacks(node))


def _name(image: Image) -> _Order:
    """app:2 before app:10, and those without a name last."""
    words = [f"{int(word):020}" if word.isdecimal() else word for name in image.names for word in _NUMBER.split(name)]
    return not image.names, words, image.id


def _first_name(stack: Stack) -> _Order:
    return min([*map(_name, stack.images), *map(_first_name, stack.above)])


def short(identity: str) -> str:
    """Of an id or a digest, as the CLI shows it."""
    return identity.removeprefix("sha256:")[:SHORT]
