"""What happened in Ada's seat, in the words of a test."""

from typing import Any

from playground.gateway.facts import Fact
from playground.gateway.state import ContainerState, ImageState, State

SEAT = "adas-seat"


def call(action: str, at: float = 100.0, **known: Any) -> Fact:
    return Fact(seat=SEAT, action=action, source="call", at=at, **known)


def exit_of(target: str, exit_code: int, at: float = 100.0) -> Fact:
    return Fact(seat=SEAT, action="exit", source="event", at=at, target=target, exit_code=exit_code)


def container(name: str = "web", status: str = "running", image: str = "busybox", **known: Any) -> ContainerState:
    known = {"id": f"id of {name}", "image_id": "sha256:b05b05", "exit_code": None, **known}
    return ContainerState(name=name, image=image, status=status, **known)


def having(*containers: ContainerState, images: tuple[ImageState, ...] = (), **known: Any) -> State:
    return State(containers=containers, images=images, **known)


BUSYBOX = ImageState(id="sha256:b05b05", tags=("busybox:latest",))
