"""What an engine gives, read from its own words and from the kernel's."""

import pytest

from playground.engine.info import has_disk_quota, mount_of

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 7:0 / /var/lib/playground/data rw,relatime shared:1 - btrfs /dev/loop0 rw,space_cache=v2
31 22 7:1 / /srv rw - xfs /dev/loop1 rw,prjquota
32 22 7:2 / /srv rw,nosuid - xfs /dev/loop2 rw,noquota
"""


@pytest.mark.parametrize(
    ("driver", "backing", "options", "hard"),
    [
        ("btrfs", "", "", True),
        ("zfs", "", "", True),
        ("overlay2", "xfs", "prjquota", True),
        ("overlay2", "xfs", "pquota", True),
        ("overlay2", "xfs", "noquota", False),
        ("overlay2", "extfs", "prjquota", False),
        ("overlayfs", "", "", False),
    ],
)
def test_the_disk_quota_is_hard_only_where_the_driver_and_the_mount_have_it(
    driver: str, backing: str, options: str, hard: bool
) -> None:
    assert has_disk_quota(driver, {"Backing Filesystem": backing}, frozenset([options])) is hard


def test_the_mount_of_a_path_is_the_nearest_one_above_it() -> None:
    assert mount_of("/var/lib/playground/data/100000.100000", MOUNTS).source == "/dev/loop0"
    assert mount_of("/var/lib/playground/database", MOUNTS).source == "/dev/vda"


def test_a_later_mount_on_the_same_point_hides_the_earlier_one() -> None:
    assert mount_of("/srv/docker", MOUNTS).options == {"rw", "nosuid", "noquota"}
