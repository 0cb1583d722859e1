"""How one field of a body is judged: the kinds of rule that create.py and execs.py make their tables from, and the
checks of a value's shape."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.strictjson import Json, fold

Check = Callable[[Json, str], Json]  # (value, field) -> the value as it goes on; raises Refused


@dataclass(frozen=True, slots=True)
class Rule:
    """keep: the checked value goes to the engine. read: the checked value is an input to what the gateway sends.
    force: the gateway's own value goes to the engine whatever was asked. refuse: anything but a default value is a 403.
    null: anything but null is a 403, an empty list included."""

    kind: Literal["keep", "read", "force", "refuse", "null"]
    check: Check = lambda value, field: value
    message: str = ""


def keep(check: Check) -> Rule:
    return Rule("keep", check)


def read(check: Check) -> Rule:
    return Rule("read", check)


def force() -> Rule:
    return Rule("force")


def refuse(option: str, why: str) -> Rule:
    return Rule("refuse", message=f"{option} is not available in this playground: {why}.")


def only_null(option: str, why: str) -> Rule:
    return Rule("null", message=f"{option} is not available in this playground: {why}.")


@dataclass(frozen=True, slots=True)
class Judged:
    kept: dict[str, Json]
    read: dict[str, Json]


def judge(rules: Mapping[str, Rule], body: Mapping[str, Json]) -> Judged:
    """Hold a body against its table. Keys match in any case, as the engine reads them; a default value is dropped."""
    judged = Judged({}, {})
    names = {fold(name): name for name in rules}
    for key, value in body.items():
        name = names.get(fold(key))
        if name is None:
            if not is_default(value):
                raise Refused(403, f"{key[:60]} is not available in this playground: it is not known here.")
            continue
        rule = rules[name]
        if (rule.kind == "refuse" and not is_default(value)) or (rule.kind == "null" and value is not None):
            raise Refused(403, rule.message)
        if rule.kind in ("keep", "read") and value not in (None, False, 0, "", [], {}):
            (judged.kept if rule.kind == "keep" else judged.read)[name] = rule.check(value, name)
    return judged


def is_default(value: Json) -> bool:
    """null, zero, empty, or made of such only: what the CLI sends for an option that was not used."""
    if isinstance(value, dict):
        return all(is_default(item) for item in value.values())
    if isinstance(value, list):
        return all(is_default(item) for item in value)
    return value in (None, False, 0, "")


# ── Checks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def boolean(value: Json, field: str) -> Json:
    if not isinstance(value, bool):
        raise bad(f"{field} must be true or false")
    return value


def integer(value: Json, field: str) -> Json:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise bad(f"{field} must be a whole number")
    return value


def text(pattern: str, maximum: int = 255) -> Check:
    compiled = re.compile(pattern)

    def check(value: Json, field: str) -> Json:
        if not isinstance(value, str) or len(value) > maximum or not compiled.fullmatch(value):
            raise bad(f"{field} is not valid: {str(value)[:60]!r}")
        return value

    return check


def words(items: int, size: int) -> Check:
    """A list of strings, or one string for a list of one."""

    def check(value: Json, field: str) -> Json:
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(word, str) and "\0" not in word for word in listed):
            raise bad(f"{field} must be a list of words")
        if len(listed) > items or sum(len(word) for word in listed) > size:
            raise bad(f"{field} is too long: at most {items} words and {size} characters")
        return listed

    return check


def mapping(value: Json, field: str) -> Json:
    if not isinstance(value, dict):
        raise bad(f"{field} must be an object")
    return value


def listing(value: Json, field: str) -> Json:
    if not isinstance(value, list):
        raise bad(f"{field} must be a list")
    return value


# ── Paths in a container ─────────────────────────────────────────────────────────────────────────────────────────

_KERNEL_DIRECTORIES = ("proc", "sys", "dev")
MAX_PATH = 1024


def clean_path(value: Json, field: str, reserved: tuple[str, ...] = _KERNEL_DIRECTORIES) -> str:
    """An absolute path in the container, cleaned as the engine does, and not one that leads into the kernel's files:
    a working directory such as /proc/self/fd/8 was a way out to the host (CVE-2024-21626)."""
    if not isinstance(value, str) or not value.startswith("/") or len(value) > MAX_PATH or "\0" in value:
        raise bad(f"{field} must be an absolute path: {str(value)[:60]!r}")
    parts: list[str] = []
    for part in value.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    if parts and parts[0] in reserved:
        raise Refused(403, f"{field} may not lie under /{parts[0]} in this playground.")
    return "/" + "/".join(parts)


def working_directory(value: Json, field: str) -> Json:
    if isinstance(value, str) and not value.startswith("/"):
        raise bad(f"the working directory '{value[:80]}' is invalid, it needs to be an absolute path")
    return clean_path(value, field)
