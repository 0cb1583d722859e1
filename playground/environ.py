"""Plain readers of environment variables, for settings.py only."""

import os

import dj_email_url


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def boolean(name: str, default: bool) -> bool:
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(f"{name}={raw!r}: say yes or no")


def integer(name: str, default: int) -> int:
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ValueError(f"{name}={raw!r}: say a whole number") from None


def decimal(name: str, default: float) -> float:
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return float(raw)
    except ValueError:
        raise ValueError(f"{name}={raw!r}: say a number") from None


def words(name: str, default: str) -> list[str]:
    """A comma-separated list; blanks around the words do not count."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    raw = os.environ.get(name, default)
    if raw not in allowed:
        raise ValueError(f"{name}={raw!r}: say one of {', '.join(allowed)}")
    return raw


def mail(name: str) -> dict[str, object]:
    """Django's settings of that address. One of an unknown kind would be taken for plain SMTP, without TLS."""
    url = os.environ.get(name, "")
    settings: dict[str, object] = dj_email_url.parse(url)
    if "EMAIL_BACKEND" not in settings:
        kind = url.partition("://")[0]
        raise ValueError(f"{name}={kind}://…: say submission://, which is SMTP with TLS, or smtp://, or file://")
    return settings
