"""A disk for the playground's own engine: a file mounted by loop, so that each container gets a hard disk quota.

Everything here is idempotent, and a file that is half made has another name until it is whole.
"""

import errno
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playground.engine.errors import EngineError

GIB = 1024**3
QUOTA_CTL = 0xC0109428  # BTRFS_IOC_QUOTA_CTL: _IOWR(0x94, 40, {u64 cmd; u64 status;})
ENABLE_SIMPLE_QUOTA = 4


def _use_simple_quota(mountpoint: Path) -> None:
    """Count each extent for the container that wrote it (Linux 6.7 and newer).

    With the older kind, which the engine would turn on, recent kernels stop counting as soon as a container has been
    removed ("qgroup marked inconsistent"), and no limit holds any more. On an older kernel it holds.
    """
    descriptor = os.open(mountpoint, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.ioctl(descriptor, QUOTA_CTL, struct.pack("<QQ", ENABLE_SIMPLE_QUOTA, 0))
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EEXIST}:  # not known to this kernel; already on
            raise
    finally:
        os.close(descriptor)


def _nothing_more(mountpoint: Path) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Kind:
    """A file system on which the engine can limit a container's disk."""

    filesystem: str
    driver: str  # the engine's storage driver on it
    make: tuple[str, ...]
    options: str
    prepare: Callable[[Path], None]


KINDS = (
    Kind("btrfs", "btrfs", ("mkfs.btrfs", "--quiet"), "loop", _use_simple_quota),
    Kind("xfs", "overlay2", ("mkfs.xfs", "-q"), "loop,pquota", _nothing_more),
)
DRIVER_WITHOUT_DISK = "overlay2"


def mount(state_dir: Path, data: Path, size: int) -> str | None:
    """Mount a disk of `size` bytes at `data` and return the storage driver for it; None where that cannot be had.

    A disk made earlier is used again, whatever its size.
    """
    if os.path.ismount(data):
        return next(kind for kind in KINDS if _image(state_dir, kind).exists()).driver
    for kind in KINDS:
        if _known(kind.filesystem) and shutil.which(kind.make[0]) and _mount(kind, _image(state_dir, kind), data, size):
            return kind.driver
    return None


def unmount(data: Path) -> None:
    """Unmount what is mounted at and below `data`; a killed engine leaves mounts of its own there."""
    below = [point for point in _mount_points() if Path(point).is_relative_to(data)]
    for point in reversed(below):
        ran = subprocess.run(["umount", point], capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise EngineError(f"cannot unmount {point}: {ran.stderr.strip()}")


def _mount(kind: Kind, image: Path, data: Path, size: int) -> bool:
    if not image.exists():
        _make(kind, image, size)
    command = ["mount", "-t", kind.filesystem, "-o", kind.options, str(image), str(data)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        return False  # no loop devices here, or a kernel without this file system's quota
    kind.prepare(data)
    return True


def _make(kind: Kind, image: Path, size: int) -> None:
    unfinished = image.with_suffix(".new")
    with unfinished.open("wb") as file:
        file.truncate(size)  # sparse: it takes room as it fills
    subprocess.run([*kind.make, str(unfinished)], check=True, capture_output=True)
    unfinished.rename(image)


def _known(filesystem: str) -> bool:
    """Whether the kernel has it, or could load it."""
    listed = {line.split()[-1] for line in Path("/proc/filesystems").read_text().splitlines()}
    if filesystem in listed:
        return True
    modprobe = shutil.which("modprobe")
    return (
        modprobe is not None
        and subprocess.run([modprobe, filesystem], check=False, capture_output=True).returncode == 0
    )


def _image(state_dir: Path, kind: Kind) -> Path:
    return state_dir / f"disk.{kind.filesystem}"


def _mount_points() -> list[str]:
    """In the order they were mounted; mountinfo writes blanks as \\040."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4].replace("\\040", " ") for line in lines]
