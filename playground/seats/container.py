"""What the engine is asked to make for a seat's terminal. Pure."""

from pathlib import Path
from typing import Any

from playground.engine import labels
from playground.gateway.limits import MIB, Limits
from playground.gateway.policy.seccomp import SECURITY_OPT

IMAGE = f"{labels.SEAT_IMAGE}:latest"
SOCKET_DIR = "/run/playground"  # as the image's DOCKER_HOST has it
TERMINAL_MEMORY = 128 * MIB  # a docker CLI is about 30 MiB; a learner may have a few
OOM_SCORE_ADJ = 500  # rather a seat than the engine, when the machine itself is short of memory


def spec(
    *, instance: str, seat: str, cgroup_parent: str, socket_dir: Path, limits: Limits, disk_quota: bool
) -> dict[str, Any]:
    """The body of `POST /containers/create`."""
    host: dict[str, Any] = {
        "CgroupParent": cgroup_parent,
        "Memory": min(TERMINAL_MEMORY, limits.memory),
        "MemorySwap": min(TERMINAL_MEMORY, limits.memory),  # memory and swap together: no swap
        "PidsLimit": limits.container_processes,
        "OomScoreAdj": OOM_SCORE_ADJ,
        "CapDrop": ["ALL"],
        "SecurityOpt": list(SECURITY_OPT),
        "NetworkMode": "none",
        # A directory and not the socket itself, so that a restarted gateway can put a new socket there.
        "Binds": [f"{socket_dir}:{SOCKET_DIR}:ro"],
        # One bounded file: what is in it is the scrollback that an attach gives back.
        "LogConfig": {"Type": "json-file", "Config": {"max-size": str(limits.log_size), "max-file": "1"}},
        "RestartPolicy": {"Name": "no"},
    }
    if disk_quota:
        host["StorageOpt"] = {"size": str(limits.container_disk)}
    return {  # what process 1 is and its environment, DOCKER_HOST too, stand in the image
        "Image": IMAGE,
        "Env": ["DOCKER_BUILDKIT=0"],  # the gateway plays the classic builder
        "Hostname": "playground",
        "Tty": True,
        "OpenStdin": True,
        "Labels": {labels.INSTANCE: instance, labels.SEAT: seat, labels.ROLE: labels.ROLE_TERMINAL},
        "HostConfig": host,
    }
