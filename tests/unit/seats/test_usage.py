from pathlib import Path

import pytest

from playground.seats.budget import Flavour
from playground.seats.usage import Files, Usage, files, read

SEAT = "0123456789ab"


def put(mount: Path, contents: dict[str, str]) -> None:
    for name, text in contents.items():
        (mount / name).parent.mkdir(parents=True, exist_ok=True)
        (mount / name).write_text(text)


def test_version_1_has_a_tree_for_each_controller(tmp_path: Path) -> None:
    group = f"playground/class/{SEAT}"
    put(
        tmp_path,
        {
            f"memory/{group}/memory.usage_in_bytes": "5000\n",
            f"memory/{group}/memory.stat": "inactive_file 1\ntotal_inactive_file 2000\n",
            f"pids/{group}/pids.current": "3\n",
            f"cpuacct/{group}/cpuacct.usage": "2500000000\n",
        },
    )
    assert read(files(Flavour.CGROUPFS_V1, "class", SEAT), tmp_path) == Usage(3000, 3, 2.5)


def test_version_2_has_one_tree(tmp_path: Path) -> None:
    group = f"playground/class/{SEAT}"
    put(
        tmp_path,
        {
            f"{group}/memory.current": "5000\n",
            f"{group}/memory.stat": "anon 1\ninactive_file 2000\n",
            f"{group}/pids.current": "3\n",
            f"{group}/cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
        },
    )
    assert read(files(Flavour.CGROUPFS_V2, "class", SEAT), tmp_path) == Usage(3000, 3, 2.5)


@pytest.mark.parametrize(
    ("instance", "path"),
    [
        ("class", f"playground.slice/playground-class.slice/playground-class-{SEAT}.slice"),
        ("b-1", f"playground.slice/playground-b.slice/playground-b-1.slice/playground-b-1-{SEAT}.slice"),
    ],
)
def test_a_slice_lies_within_those_that_its_name_begins_with(instance: str, path: str) -> None:
    assert files(Flavour.SYSTEMD_V2, instance, SEAT).processes == f"{path}/pids.current"
    assert files(Flavour.SYSTEMD_V1, instance, SEAT).processes == f"pids/{path}/pids.current"


def test_a_group_that_cannot_be_seen_has_no_usage(tmp_path: Path) -> None:
    assert read(Files("a", "b", "c", "d", "e", "", 1.0), tmp_path) is None


def test_pages_of_files_that_are_counted_later_than_the_rest_make_nothing_negative(tmp_path: Path) -> None:
    put(tmp_path, {"m": "1000", "s": "inactive_file 2000", "p": "1", "c": "0"})
    usage = read(Files("m", "s", "inactive_file", "p", "c", "", 1.0), tmp_path)
    assert usage is not None
    assert usage.memory == 0
