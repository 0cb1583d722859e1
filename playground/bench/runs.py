"""What `docker run` costs through the gateway. Straight is the same CLI with the limits that the gateway forces."""

import json
import re
import tempfile
from collections.abc import Mapping
from typing import Any

from playground.bench.docker import docker
from playground.bench.figures import Row, gateway_aim
from playground.bench.stage import Stage
from playground.bench.tabs import BrowserTab
from playground.engine import labels
from playground.gateway.policy import seccomp

RUNS = 30


async def docker_run(stage: Stage) -> list[Row]:
    row = Row("docker run --rm busybox true", "ms")
    async with await BrowserTab.open(stage, await stage.join()) as tab:
        await tab.until_prompt()
    gateway = str(stage.socket(tab.seat))
    await docker(gateway, "run", "-d", "--name", "like", "busybox", "sleep", "60")
    (like,) = [
        container
        for container in await stage.engine.containers({labels.SEAT: tab.seat})
        if container["Labels"].get(labels.ROLE) != labels.ROLE_TERMINAL
    ]
    host = (await stage.engine.inspect(like["Id"]))["HostConfig"]
    image = f"{labels.CATALOGUE_PREFIX}busybox"
    with tempfile.NamedTemporaryFile("w") as profile:  # the CLI takes a file's name
        same_limits = flags(host, profile.name)
        profile.write(json.dumps(seccomp.profile()))
        profile.flush()
        for _ in range(RUNS):
            row.ours.append(await docker(gateway, "run", "--rm", "busybox", "true"))
            row.straight.append(await docker(stage.client.socket_path, "run", "--rm", *same_limits, image, "true"))
    row.aim = gateway_aim(row)
    return [row]


def flags(host: Mapping[str, Any], profile: str) -> list[str]:
    """The CLI's flags for these limits of a container that exists, its seccomp profile being in a file of that name."""
    security = [re.sub(r"^seccomp=\{.*", f"seccomp={profile}", option) for option in host["SecurityOpt"] or []]
    given = {
        "--network": host["NetworkMode"],
        "--memory": host["Memory"],
        "--memory-swap": host["MemorySwap"],
        "--pids-limit": host["PidsLimit"],
        "--cgroup-parent": host["CgroupParent"],
        "--cpus": host["NanoCpus"] / 1e9,
        "--log-driver": host["LogConfig"]["Type"],
    }
    lists = {
        "--log-opt": [f"{name}={value}" for name, value in (host["LogConfig"]["Config"] or {}).items()],
        "--storage-opt": [f"{name}={value}" for name, value in (host["StorageOpt"] or {}).items()],
        "--security-opt": security,
        "--cap-drop": host["CapDrop"] or [],
        "--cap-add": host["CapAdd"] or [],
    }
    return [
        *(f"{name}={value}" for name, value in given.items() if value),
        *(f"{name}={value}" for name, values in lists.items() for value in values),
    ]
