"""Every setting that an operator may change is documented."""

import re
from pathlib import Path

import pytest

from playground import environ

ROOT = Path(__file__).resolve().parents[2]


def test_every_environment_variable_is_in_the_settings_reference_and_no_other() -> None:
    code = (ROOT / "playground" / "settings.py").read_text()
    used = set(re.findall(r'environ\.\w+\(\s*"([A-Z_]+)"', code)) | {"DATABASE_URL"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE))

    assert documented == used


def test_mail_goes_as_the_operator_says_and_never_without_tls_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "submission://user:secret@mail.example/?_default_from_email=docker@school.example")
    mail = environ.mail("EMAIL_URL")
    assert (mail["EMAIL_USE_TLS"], mail["EMAIL_PORT"], mail["DEFAULT_FROM_EMAIL"]) == (
        True,
        587,
        "docker@school.example",
    )
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:secret@mail.example/")
    with pytest.raises(ValueError, match="submission://") as error:
        environ.mail("EMAIL_URL")
    assert "secret" not in str(error.value)
