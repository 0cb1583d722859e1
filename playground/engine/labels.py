"""Every label and name prefix that the playground puts on the engine's objects stands here and nowhere else."""

import re

PREFIX = "playground."

INSTANCE = PREFIX + "instance"  # which playground made it; several may share one engine
SEAT = PREFIX + "seat"  # the seat that owns it
ROLE = PREFIX + "role"  # one of the ROLE_ words
ROLE_TERMINAL = "terminal"  # a seat's own terminal container
ROLE_LEARNER = "learner"  # made by a learner's command
ROLE_BUILD = "build"  # a step of a learner's docker build, for as long as it takes
ROLE_BUILT = "built"  # an image that a learner made
ROLE_HELPER = "helper"  # short-lived, the playground's own
ROLE_IMAGE = "image"  # a seat or catalogue image that the playground assembled
ASKED_IMAGE = PREFIX + "image"  # the image reference as the learner wrote it
ASKED_NETWORK = PREFIX + "network"  # the network as the learner wrote it
ASKED_PORTS = PREFIX + "ports"  # the ports to publish: the engine itself publishes none
ANONYMOUS = PREFIX + "anonymous"  # a volume that the learner has not named: it goes with its container
STEP = PREFIX + "step"  # of a built image: hash of what its layer was made from
COMPOSE = PREFIX + "compose"  # on a seat image that has it
RECIPE = PREFIX + "recipe"  # hash of what an assembled image was made from

SEAT_IMAGE = "playground-seat"  # repository of the seat image
CATALOGUE_PREFIX = "playground-catalogue/"  # repository prefix of the catalogue's images


def owned_name(seat: str, name: str) -> str:
    """The engine's name for what the learner of `seat` calls `name` (container, network, volume)."""
    return f"pg-{seat}-{name}"


def terminal_name(seat: str) -> str:
    """The engine's name for the seat's own terminal; no learner's container can have it."""
    return f"pg-{seat}"


def owner_of(name: str) -> tuple[str, str] | None:
    """The other way round: the seat, and the learner's name; None for what no learner owns."""
    match = re.fullmatch(r"pg-([a-z0-9]{1,32})-(.+)", name)
    return (match[1], match[2]) if match else None


def owned_repository(seat: str) -> str:
    """The engine's repository prefix for a seat's image tags."""
    return f"pg-{seat}/"
