"""What one seat has on the engine now, in the learner's own names. Plain types, no I/O."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ContainerState:
    id: str
    name: str
    image: str  # as the learner asked for it
    image_id: str
    status: str  # created running paused restarting removing exited dead
    exit_code: int | None  # None while it never ran or still runs
    oom_killed: bool = False
    command: tuple[str, ...] = ()
    tty: bool = False
    open_stdin: bool = False
    started: bool = False  # it has run at least once
    labels: dict[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()  # of the seat's localhost, published by it while it runs
    networks: tuple[str, ...] = ()  # that it is on, or will be when it runs
    volumes: tuple[str, ...] = ()  # that it mounts


@dataclass(frozen=True, slots=True)
class ImageState:
    id: str  # sha256:…
    tags: tuple[str, ...]  # "busybox:latest"
    command: tuple[str, ...] = ()  # that a container of it starts with
    layers: tuple[str, ...] = ()  # their digests, the lowest first
    size: int = 0  # bytes
    listed: bool = True  # False: `docker images` leaves it out, as others stand on it


@dataclass(frozen=True, slots=True)
class State:
    containers: tuple[ContainerState, ...] = ()
    images: tuple[ImageState, ...] = ()  # those with a name
    unnamed: tuple[ImageState, ...] = ()  # what `docker images` lists as <none>, and what else a container stands on
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    image_count: int = 0  # as the limit counts them
    image_bytes: int = 0  # of the layers that the seat has made
