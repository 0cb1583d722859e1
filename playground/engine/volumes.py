"""How much a volume may hold. The engine has no limit for its own volumes, which are plain directories; on btrfs such a
directory can be made a subvolume with a quota instead. Elsewhere a volume can only be measured.

Everything here blocks: call it off the loop.
"""

import os
import shutil
import stat
import subprocess
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from pathlib import Path

from playground.engine.errors import EngineError
from playground.engine.info import quota_has_stopped

MOST_ENTRIES = 100_000  # that are looked at to show a size
INODE_BYTES = 4096  # what an empty file is taken for: names fill a disk, too


def bound(mountpoint: Path, size: int) -> bool:
    """Give the new, empty volume a hard limit; False where its disk has none. Raises OSError where this process cannot
    reach it. What a crash in between leaves lies in the volume's own folder, and goes with the volume."""
    if os.geteuid() != 0 or shutil.which("btrfs") is None or not counts(mountpoint):
        return False
    if is_bounded(mountpoint) or any(mountpoint.iterdir()):
        return is_bounded(mountpoint)
    limited, before = mountpoint.with_name("limited"), mountpoint.stat()
    if not _btrfs("subvolume", "create", str(limited)):
        return False
    if not _btrfs("qgroup", "limit", str(size), str(limited)):
        limited.rmdir()
        return False
    os.chown(limited, before.st_uid, before.st_gid)
    limited.chmod(stat.S_IMODE(before.st_mode))
    mountpoint.rmdir()
    limited.rename(mountpoint)
    return True


def is_bounded(mountpoint: Path) -> bool:
    """Whether `bound` has done its work here; it holds as long as the disk `counts`."""
    return mountpoint.stat().st_dev != mountpoint.parent.stat().st_dev


def counts(mountpoint: Path) -> bool:
    """Whether the kernel has not given up counting on this disk, which is that of all volumes."""
    return not quota_has_stopped(str(mountpoint))


def used(mountpoint: Path, enough: int) -> int:
    """Bytes on the disk; stops counting beyond `enough`, in the middle of a folder too. What vanishes meanwhile counts
    nothing. Raises OSError where this process cannot look."""
    total = 0
    with closing(_entries(mountpoint)) as entries:
        for entry in entries:
            total += _size(entry)
            if total > enough:
                break
    return total


def shown_size(mountpoint: Path) -> int:
    """What `docker system df` says: the bytes of all files. Raises OSError."""
    with closing(_entries(mountpoint)) as entries:
        return sum(_length(entry) for entry in islice(entries, MOST_ENTRIES))


def _entries(mountpoint: Path) -> Generator[os.DirEntry[str], None, None]:
    """Everything in it. A folder that is swapped for a link meanwhile is not followed."""
    folders = [os.fspath(mountpoint)]
    while folders:
        folder = folders.pop()
        try:
            opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except (FileNotFoundError, NotADirectoryError):
            if folder == os.fspath(mountpoint):
                raise
            continue
        try:
            with os.scandir(opened) as entries:
                for entry in entries:
                    yield entry
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{folder}/{entry.name}")
        finally:
            os.close(opened)


def _length(entry: os.DirEntry[str]) -> int:
    try:
        return 0 if entry.is_dir(follow_symlinks=False) else entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512 + INODE_BYTES
    except FileNotFoundError:
        return 0


def _btrfs(*words: str) -> bool:
    """False where the file system is none, or does not count."""
    try:
        ran = subprocess.run(["btrfs", *words], capture_output=True, check=False, timeout=30)
    except subprocess.TimeoutExpired as error:
        raise EngineError("the disk does not answer") from error
    return ran.returncode == 0
