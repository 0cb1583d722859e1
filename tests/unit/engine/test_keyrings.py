from pathlib import Path

import pytest

from playground.engine import keyrings


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    (tmp_path / "maxkeys").write_text("200\n")
    (tmp_path / "maxbytes").write_text("99000000\n")
    return tmp_path


def test_what_is_low_is_raised_and_what_is_high_stays(settings: Path) -> None:
    said: list[str] = []
    keyrings.make_room(said.append, settings)
    assert (settings / "maxkeys").read_text() == "20000"
    assert (settings / "maxbytes").read_text() == "99000000\n"
    assert said == []


def test_a_kernel_that_lets_nobody_is_told_of(tmp_path: Path) -> None:
    said: list[str] = []
    keyrings.make_room(said.append, tmp_path / "nothing")
    assert "kernel.keys.maxkeys cannot be raised here" in said[0]
