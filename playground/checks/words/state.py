"""What the learner has on the engine now."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from playground.checks.seen import Seen
from playground.checks.words.base import AtLeast, ExitCode, Model, fits
from playground.gateway.state import ContainerState

Status = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
Statuses = Annotated[list[Status], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


class Container(Model):
    short = "name"

    name: str | None = None
    image: str | None = None
    command: str | None = None
    status: Statuses | None = None
    exit_code: ExitCode | None = None
    started: bool | None = None
    oom_killed: bool | None = None
    at_least: AtLeast = 1

    def holds(self, seen: Seen) -> bool:
        return sum(self._fits(container, seen) for container in seen.state.containers) >= self.at_least

    def _fits(self, container: ContainerState, seen: Seen) -> bool:
        return (
            fits(container.name, self.name)
            and (self.image is None or seen.same_image(container.image, self.image))
            and fits(" ".join(container.command), self.command)
            and (self.status is None or container.status in self.status)
            and self.exit_code in (None, container.exit_code)
            and self.started in (None, container.started)
            and self.oom_killed in (None, container.oom_killed)
        )


class Image(Model):
    short = "name"

    name: str

    def holds(self, seen: Seen) -> bool:
        return any(seen.same_image(tag, self.name) for image in seen.state.images for tag in image.tags)


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
