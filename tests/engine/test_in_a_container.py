"""What `docker compose up` promises fits what the playground does: nothing that is to last is lost with the container.

The container itself is not made here, as its base image comes from a registry."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from playground.engine.plugin import compose

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    """As compose itself reads it."""
    plugin = compose()
    assert plugin, "set-up fetches it"
    command = [str(plugin), "--file", str(ROOT / "compose.yaml"), "config", "--format", "json"]
    ran = subprocess.run(command, check=True, capture_output=True)
    read: dict[str, Any] = json.loads(ran.stdout)["services"]["playground"]
    return read


def default(setting: str) -> str:
    """Of `settings.py`, whatever the environment of this test says."""
    found = re.search(
        rf'"{setting}",\s*(?:str\(BASE_DIR / )?"?([\w/]+)"?\)?', (ROOT / "playground/settings.py").read_text()
    )
    assert found
    return found[1]


def test_the_data_directory_and_the_engine_outlive_the_container(service: dict[str, Any]) -> None:
    (home,) = re.findall(r"^WORKDIR (\S+)\nCOPY --from", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    kept = {volume["target"] for volume in service["volumes"]}
    assert kept == {f"{home}/{default('PLAYGROUND_DATA_DIR')}", default("PLAYGROUND_STATE_DIR")}


def test_it_is_reached_from_this_machine_alone_until_its_operator_says_otherwise(service: dict[str, Any]) -> None:
    (port,) = service["ports"]
    assert (port["host_ip"], str(port["target"]), port["published"]) == (
        "127.0.0.1",
        default("PLAYGROUND_PORT"),
        "8000",
    )


def test_no_data_of_this_checkout_gets_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {".git", "var", ".venv", "node_modules"} <= set(left_out)
