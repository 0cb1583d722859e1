"""Where the compose plugin is looked for."""

from pathlib import Path

import pytest

from playground.engine import plugin


def test_the_one_that_setup_has_fetched_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "ROOTS", (tmp_path / "machine", tmp_path / "fetched"))
    assert plugin.compose() is None

    fetched = put(tmp_path / "fetched/usr/libexec/docker/cli-plugins/docker-compose")
    assert plugin.compose() == fetched

    own = put(tmp_path / "machine/usr/local/lib/docker/cli-plugins/docker-compose")
    assert plugin.compose() == own


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.touch()
    return path
