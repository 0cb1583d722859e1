"""What the learner has on the engine now."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from playground.checks.seen import Seen
from playground.checks.words.base import AtLeast, ExitCode, Model, fits
from playground.gateway.state import ContainerState, ImageState

Status = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
SERVICE, ONE_OFF = "com.docker.compose.service", "com.docker.compose.oneoff"  # compose's labels on what it makes
Statuses = Annotated[list[Status], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


class Container(Model):
    short = "name"

    name: str | None = None
    image: str | None = None
    service: str | None = None
    command: str | None = None
    status: Statuses | None = None
    exit_code: ExitCode | None = None
    started: bool | None = None
    oom_killed: bool | None = None
    publishes: Annotated[int, Field(ge=1, le=65535)] | None = None
    tty: bool | None = None
    interactive: bool | None = None
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(self._fits(container, seen) for container in seen.state.containers) >= self.at_least

    def _fits(self, container: ContainerState, seen: Seen) -> bool:
        return (
            fits(container.name, self.name)
            and (self.image is None or seen.same_image(container.image, self.image))
            and (self.service is None or fits(_service(container), self.service))
            and fits(" ".join(container.command), self.command)
            and (self.status is None or container.status in self.status)
            and self.exit_code in (None, container.exit_code)
            and self.started in (None, container.started)
            and self.oom_killed in (None, container.oom_killed)
            and (self.publishes is None or self.publishes in container.ports)
            and self.tty in (None, container.tty)
            and self.interactive in (None, container.open_stdin)
        )


def _service(container: ContainerState) -> str:
    """The service of a compose file that it belongs to; what `docker compose run` made belongs to none."""
    return "" if container.labels.get(ONE_OFF) == "True" else container.labels.get(SERVICE, "")


class Image(Model):
    short = "name"

    name: str
    command: str | None = None
    layers: Annotated[int, Field(ge=1, le=127)] | None = None
    on: str | None = None  # the image whose layers are its lowest ones
    max_size: Annotated[int, Field(ge=1)] | None = None  # bytes

    def holds(self, seen: Seen) -> bool:
        return any(self._fits(image, seen) for image in seen.named(self.name))

    def _fits(self, image: ImageState, seen: Seen) -> bool:
        return (
            fits(" ".join(image.command), self.command)
            and self.layers in (None, len(image.layers))
            and (self.on is None or any(_stands_on(image, other) for other in seen.named(self.on)))
            and (self.max_size is None or 0 < image.size <= self.max_size)
        )


def _stands_on(image: ImageState, other: ImageState) -> bool:
    return bool(other.layers) and image.layers[: len(other.layers)] == other.layers


class Network(Model):
    short = "name"

    name: str
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(fits(name, self.name) for name in seen.state.networks) >= self.at_least


class Volume(Model):
    short = "name"

    name: str
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(fits(name, self.name) for name in seen.state.volumes) >= self.at_least
