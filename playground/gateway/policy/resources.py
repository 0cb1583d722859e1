"""What every container gets whatever was asked: the walls around it, and its share of the machine."""

from collections.abc import Mapping

from playground.gateway.limits import MIB, Limits
from playground.gateway.policy.errors import bad
from playground.gateway.policy.fields import Rule, force, integer, is_default, judge, mapping, read, refuse
from playground.gateway.policy.options import ULIMITS, restart_policy
from playground.gateway.policy.seccomp import SECURITY_OPT
from playground.gateway.policy.strictjson import Json

MIN_MEMORY = 6 * MIB
MAX_SHM = 8 * MIB
CPU_SHARES = 256
OOM_SCORE = 500  # rather a learner's process than the engine
NO_RESOLVER = "127.0.0.1"  # in the container's own network, where nothing answers

WALLS: Mapping[str, Json] = {
    "CapDrop": ["ALL"],
    "SecurityOpt": list(SECURITY_OPT),
    "CgroupnsMode": "private",
    "IpcMode": "private",
    "Dns": [NO_RESOLVER],
    "OomScoreAdj": OOM_SCORE,
    "OomKillDisable": False,
}


def resources(wants: Mapping[str, Json], limits: Limits, warnings: list[str]) -> dict[str, Json]:
    """`wants` is what was asked for; `warnings` takes a sentence for each thing that was cut."""
    memory = _memory(wants, limits, warnings)
    return {
        "Memory": memory,
        "MemorySwap": memory,
        "MemorySwappiness": 0,
        "MemoryReservation": max(0, min(wants.get("MemoryReservation", 0), memory)),
        "NanoCpus": _nano_cpus(wants, limits, warnings),
        "CpuShares": CPU_SHARES,
        "PidsLimit": _capped(wants.get("PidsLimit", 0), limits.container_processes),
        "ShmSize": _capped(wants.get("ShmSize", 0), MAX_SHM),
        "Ulimits": _ulimits(wants.get("Ulimits", {}), limits),
        "LogConfig": {"Type": "json-file", "Config": {"max-size": str(limits.log_size), "max-file": "1"}},
    }


_DISK = "the disk is shared fairly already"
SHARED: Mapping[str, Rule] = {
    "CpusetCpus": refuse("--cpuset-cpus", "the processors are shared fairly already"),
    "CpusetMems": refuse("--cpuset-mems", "the memory is shared fairly already"),
    "CpuRealtimePeriod": refuse("--cpu-rt-period", "it could stop everyone else's programs"),
    "CpuRealtimeRuntime": refuse("--cpu-rt-runtime", "it could stop everyone else's programs"),
    "KernelMemory": refuse("--kernel-memory", "the engine no longer has it"),
    "KernelMemoryTCP": refuse("KernelMemoryTCP", "the engine no longer has it"),
    "BlkioWeight": refuse("--blkio-weight", _DISK),
    "BlkioWeightDevice": refuse("--blkio-weight-device", _DISK),
    "BlkioDeviceReadBps": refuse("--device-read-bps", _DISK),
    "BlkioDeviceWriteBps": refuse("--device-write-bps", _DISK),
    "BlkioDeviceReadIOps": refuse("--device-read-iops", _DISK),
    "BlkioDeviceWriteIOps": refuse("--device-write-iops", _DISK),
}
UPDATE: Mapping[str, Rule] = {
    **SHARED,
    "Memory": read(integer),
    "MemoryReservation": read(integer),
    "MemorySwap": force(),
    "NanoCpus": read(integer),
    "CpuPeriod": read(integer),
    "CpuQuota": read(integer),
    "CpuShares": force(),
    "PidsLimit": read(integer),
    "RestartPolicy": read(mapping),
}


def read_update(body: Mapping[str, Json], limits: Limits, warnings: list[str]) -> dict[str, Json]:
    """`docker update`: what was asked for, within what a create may ask for."""
    wants = judge(UPDATE, body).read
    found: dict[str, Json] = {}
    if "Memory" in wants:
        found["Memory"] = found["MemorySwap"] = _memory(wants, limits, warnings)
    if "MemoryReservation" in wants:
        found["MemoryReservation"] = _capped(wants["MemoryReservation"], limits.memory)
    if "NanoCpus" in wants or wants.get("CpuQuota", 0):
        found["NanoCpus"] = _nano_cpus(wants, limits, warnings)
    if "PidsLimit" in wants:
        found["PidsLimit"] = _capped(wants["PidsLimit"], limits.container_processes)
    if not is_default(wants.get("RestartPolicy")):
        found["RestartPolicy"] = restart_policy(wants["RestartPolicy"], "RestartPolicy")
    return found


def limit_flags(wants: Mapping[str, Json]) -> dict[str, object]:
    """In the CLI's words, for facts."""
    flags: dict[str, object] = {
        flag: wants[name] for flag, name in (("memory", "Memory"), ("pids-limit", "PidsLimit")) if name in wants
    }
    return flags | ({"cpus": f"{wants['NanoCpus'] / 1e9:g}"} if wants.get("NanoCpus") else {})


def _capped(asked: int, cap: int) -> int:
    """0 and less mean "no limit" to the engine."""
    return min(asked, cap) if asked > 0 else cap


def _memory(wants: Mapping[str, Json], limits: Limits, warnings: list[str]) -> int:
    asked: int = wants.get("Memory", 0)
    if asked <= 0:
        return limits.container_memory
    if asked < MIN_MEMORY:
        raise bad("Minimum memory limit allowed is 6MB")
    if asked > limits.memory:
        warnings.append(f"All of your containers together may use {limits.memory // MIB} MiB of memory.")
    return min(asked, limits.memory)


def _nano_cpus(wants: Mapping[str, Json], limits: Limits, warnings: list[str]) -> int:
    asked: int = wants.get("NanoCpus", 0)
    if not asked and wants.get("CpuQuota", 0) > 0:
        asked = wants["CpuQuota"] * 1_000_000_000 // max(wants.get("CpuPeriod", 0) or 100_000, 1000)
    cap = int(limits.container_cpus * 1_000_000_000)
    if asked > cap:
        warnings.append(f"A container here may use {limits.container_cpus:g} of a processor.")
    return max(_capped(asked, cap), 10_000_000)  # less than a hundredth is refused by the engine


def _ulimits(asked: Mapping[str, tuple[int, int]], limits: Limits) -> list[dict[str, Json]]:
    """Ours, which the learner's may lower."""
    ours = {**ULIMITS, "fsize": (limits.container_disk, limits.container_disk)}
    found = []
    for name, (soft, hard) in ours.items():
        want_soft, want_hard = asked.get(name, (soft, hard))
        hard = min(hard, want_hard) if want_hard >= 0 else hard
        found.append(
            {"Name": name, "Soft": min(soft, want_soft, hard) if want_soft >= 0 else min(soft, hard), "Hard": hard}
        )
    return found
