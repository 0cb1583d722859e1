"""What one engine gives, read from its `/version` and `/info`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

QUOTA_OF_THE_DRIVER = {"btrfs", "zfs"}  # these take `--storage-opt size=` on every file system of theirs


@dataclass(frozen=True, slots=True)
class EngineInfo:
    version: str
    api_version: str
    storage_driver: str
    cgroup_driver: str  # cgroupfs, systemd or none
    cgroup_version: int
    userns: bool  # uid 0 in a container is nobody outside
    no_new_privileges: bool  # said by the engine for all containers; 20.10 does not say
    memory: int  # bytes, of the machine
    cpus: int
    root_dir: str
    disk_quota: bool  # `--storage-opt size=` is a hard limit for each container

    @classmethod
    def of(cls, version: Mapping[str, Any], info: Mapping[str, Any]) -> Self:
        security = info.get("SecurityOptions") or []
        root_dir = info["DockerRootDir"]
        return cls(
            version=version["Version"],
            api_version=version["ApiVersion"],
            storage_driver=info["Driver"],
            cgroup_driver=info["CgroupDriver"],
            cgroup_version=int(info.get("CgroupVersion") or 1),
            userns="name=userns" in security or "name=rootless" in security,
            no_new_privileges="name=no-new-privileges" in security,
            memory=int(info["MemTotal"]),
            cpus=int(info["NCPU"]),
            root_dir=root_dir,
            disk_quota=has_disk_quota(
                info["Driver"], dict(info["DriverStatus"] or []), mount_of(root_dir, _mounts()).options
            ),
        )


def has_disk_quota(driver: str, status: Mapping[str, str], options: frozenset[str]) -> bool:
    """`options` are those of the mount that holds the engine's root directory."""
    if driver in QUOTA_OF_THE_DRIVER:
        return True
    on_xfs = driver == "overlay2" and status.get("Backing Filesystem") == "xfs"
    return on_xfs and not options.isdisjoint({"pquota", "prjquota"})


def quota_has_stopped(root_dir: str) -> bool:
    """Whether the kernel has given up counting on this btrfs: the limits are still set, and none holds."""
    device = Path(mount_of(root_dir, _mounts()).source).name
    for filesystem in Path("/sys/fs/btrfs").glob("*-*"):
        quota = filesystem / "qgroups"
        if (filesystem / "devices" / device).exists() and quota.exists():
            return (quota / "inconsistent").read_text().strip() == "1"
    return False


class Mount(NamedTuple):
    """`options` of the mount and of its file system together."""

    point: str
    source: str
    options: frozenset[str]


def mount_of(path: str, mountinfo: str) -> Mount:
    """The mount that holds `path`, from the text of /proc/self/mountinfo (proc(5))."""
    best = Mount("", "", frozenset())
    for line in mountinfo.splitlines():
        mount, _, filesystem = line.partition(" - ")
        point, own_options = mount.split()[4:6]
        _, source, shared_options = filesystem.split()
        # The later of two mounts on one point hides the earlier one.
        if Path(path).is_relative_to(point) and len(point) >= len(best.point):
            best = Mount(point, source, frozenset(own_options.split(",") + shared_options.split(",")))
    return best


def _mounts() -> str:
    return Path("/proc/self/mountinfo").read_text()
