"""What the kernel counts for all containers together."""

from pathlib import Path

from playground.engine import kernel


def settings(folder: Path, **numbers: int) -> Path:
    for name, number in numbers.items():
        (folder / name).write_text(f"{number}\n")
    return folder


def test_room_for_keys_is_made_where_there_is_little(tmp_path: Path) -> None:
    found = settings(tmp_path, maxkeys=200, maxbytes=20_000)
    assert not kernel.has_room_for_keys(found)
    kernel.make_room_for_keys(print, found)
    assert kernel.has_room_for_keys(found)


def test_what_somebody_has_set_higher_stays(tmp_path: Path) -> None:
    found = settings(tmp_path, maxkeys=1_000_000, maxbytes=20_000)
    kernel.make_room_for_keys(print, found)
    assert (found / "maxkeys").read_text() == "1000000\n"


def test_where_nobody_may_change_it_the_operator_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "maxkeys").symlink_to("/proc/sys/kernel/random/entropy_avail")  # not even root can write there
    kernel.make_room_for_keys(said.append, settings(tmp_path, maxbytes=10**9))
    assert said == ["warning: the kernel has room for few containers: set kernel.keys.maxkeys to 20000"]
