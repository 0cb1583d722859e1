"""The data of the differential test, which is played in tests/engine/faithful."""

from pathlib import Path

from tests.engine.faithful.differences import read_differences
from tests.engine.faithful.scripts import read_scripts

MAP = Path(__file__).parents[3] / "docs" / "explanation" / "gateway.md"
SECTION = "## Where it differs"


def test_the_scripts_are_of_more_than_120_commands() -> None:
    commands = [command.line for script in read_scripts() for command in script.commands]
    assert len([line for line in commands if "docker " in line]) >= 120


def test_the_map_lists_each_difference_with_its_reason() -> None:
    section = MAP.read_text().partition(f"{SECTION}\n")[2].partition("\n#")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    assert rows[2:] == [[one.what, one.why] for one in read_differences()]
