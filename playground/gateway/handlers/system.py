"""ping, version, info, df: the engine as it looks from one seat. None of these asks the real one about anybody else."""

from datetime import UTC, datetime
from typing import Any

from playground.gateway.call import Answer, Call
from playground.gateway.handlers.containers import container_list
from playground.gateway.handlers.images import image_list, image_usage
from playground.gateway.handlers.volumes import volume_list
from playground.gateway.limits import Limits
from playground.gateway.policy.answers import pruned
from playground.gateway.volumedisk import shown_size

API_VERSION = "1.41"
OLDEST_API = "1.24"


async def ping(call: Call) -> Answer:
    headers = {"Builder-Version": "1", "Cache-Control": "no-cache, no-store, must-revalidate", "Pragma": "no-cache"}
    return Answer(text="OK", headers=headers)


async def version(call: Call) -> Answer:
    engine = call.ground.engine
    common = {"ApiVersion": API_VERSION, "Arch": engine.arch, "Os": "linux"}
    details = {**common, "MinAPIVersion": OLDEST_API, "Experimental": "false"}
    return Answer(
        {
            "Platform": {"Name": "Docker playground"},
            "Components": [{"Name": "Engine", "Version": engine.version, "Details": details}],
            **common,
            "Version": engine.version,
            "MinAPIVersion": OLDEST_API,
            "GitCommit": "",
            "GoVersion": "",
            "KernelVersion": "",
        }
    )


async def info(call: Call) -> Answer:
    engine = call.ground.engine
    statuses = [container.status for container in call.owned.containers.values()]
    return Answer(
        {
            **_INFO,
            "ID": f"seat-{call.owned.seat}",
            "Containers": len(statuses),
            "ContainersRunning": statuses.count("running"),
            "ContainersPaused": statuses.count("paused"),
            "ContainersStopped": len(statuses) - statuses.count("running") - statuses.count("paused"),
            "Images": len(call.owned.image_ids()),
            "SystemTime": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
            "Architecture": engine.machine,
            "ServerVersion": engine.version,
            **_share(call.ground.limits),
        }
    )


def _share(limits: Limits) -> dict[str, Any]:
    return {"NCPU": max(1, round(limits.cpus)), "MemTotal": limits.memory}


_INFO: dict[str, Any] = {
    "Name": "playground",
    "Driver": "playground",
    "DriverStatus": [],
    "Plugins": {"Volume": ["local"], "Network": ["bridge", "none"], "Authorization": None, "Log": ["json-file"]},
    "MemoryLimit": True,
    "SwapLimit": True,
    "KernelMemory": False,
    "CpuCfsPeriod": True,
    "CpuCfsQuota": True,
    "CPUShares": True,
    "CPUSet": True,
    "PidsLimit": True,
    "IPv4Forwarding": True,
    "BridgeNfIptables": True,
    "BridgeNfIp6tables": True,
    "OomKillDisable": True,
    "Debug": False,
    "LoggingDriver": "json-file",
    "CgroupDriver": "cgroupfs",
    "KernelVersion": "",
    "OperatingSystem": "Docker playground",
    "OSType": "linux",
    "IndexServerAddress": "https://index.docker.io/v1/",
    "RegistryConfig": {"InsecureRegistryCIDRs": [], "IndexConfigs": {}, "Mirrors": []},
    "DockerRootDir": "",
    "Labels": [],
    "ExperimentalBuild": False,
    "Runtimes": {"runc": {"path": "runc"}},
    "DefaultRuntime": "runc",
    "Swarm": {"NodeID": "", "NodeAddr": "", "LocalNodeState": "inactive", "ControlAvailable": False, "Error": ""},
    "LiveRestoreEnabled": False,
    "Isolation": "",
    "InitBinary": "docker-init",
    "ContainerdCommit": {"ID": "", "Expected": ""},
    "RuncCommit": {"ID": "", "Expected": ""},
    "InitCommit": {"ID": "", "Expected": ""},
    "SecurityOptions": ["name=seccomp,profile=default", "name=userns"],
    "Warnings": None,
}


async def disk_usage(call: Call) -> Answer:
    """Of the seat's own things."""
    images, containers, volumes = await image_list(call), await container_list(call, size=True), await volume_list(call)
    found = await image_usage(call)
    return Answer(
        {
            "LayersSize": found.total,
            "Images": [{**image, "SharedSize": found.shared.get(image["Id"], 0)} for image in images],
            "Containers": [{"SizeRw": 0, "SizeRootFs": 0, **container} for container in containers],
            "Volumes": [{**volume, "UsageData": await _usage(call, volume["Name"])} for volume in volumes],
            "BuildCache": [],
            "BuilderSize": 0,
        }
    )


async def _usage(call: Call, name: str) -> dict[str, int]:
    users = sum(name in container.volumes for container in call.owned.containers.values())
    volume = call.owned.volumes.get(name)
    return {"Size": await shown_size(volume) if volume else 0, "RefCount": users}


async def build_prune(call: Call) -> Answer:
    call.note.flags["kind"] = "builder"
    call.owned.emit(pruned("builder", 0))
    return Answer({"CachesDeleted": [], "SpaceReclaimed": 0})


async def no_plugins(call: Call) -> Answer:
    return Answer([])
