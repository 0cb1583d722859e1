"""Every setting that an operator may change is documented."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_environment_variable_is_in_the_settings_reference_and_no_other() -> None:
    code = (ROOT / "playground" / "settings.py").read_text()
    used = set(re.findall(r'environ\.\w+\(\s*"([A-Z_]+)"', code)) | {"DATABASE_URL"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE))

    assert documented == used
