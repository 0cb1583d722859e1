"""`docker exec`: the two bodies, to make one and to start it."""

from collections.abc import Mapping

from playground.gateway.policy.errors import bad
from playground.gateway.policy.fields import (
    Rule,
    boolean,
    force,
    judge,
    keep,
    read,
    refuse,
    text,
    words,
    working_directory,
)
from playground.gateway.policy.keys import check_detach_keys
from playground.gateway.policy.strictjson import Json

EXEC: Mapping[str, Rule] = {
    "Cmd": keep(words(64, 16384)),
    "Env": keep(words(64, 8192)),
    "WorkingDir": keep(working_directory),
    "User": keep(text(r"[a-zA-Z0-9_.-]+(:[a-zA-Z0-9_.-]+)?", 64)),
    "Tty": keep(boolean),
    "AttachStdin": keep(boolean),
    "AttachStdout": keep(boolean),
    "AttachStderr": keep(boolean),
    "DetachKeys": keep(lambda value, field: check_detach_keys(str(value))),
    "Detach": force(),  # the CLI's own, the start says it again
    "ConsoleSize": force(),
    "Privileged": refuse("--privileged", "a privileged process controls the whole machine, which belongs to everyone"),
}

START: Mapping[str, Rule] = {"Detach": read(boolean), "Tty": read(boolean), "ConsoleSize": force()}


def read_exec(body: Mapping[str, Json]) -> dict[str, Json]:
    """The body that the engine gets."""
    asked = judge(EXEC, body).kept
    if not asked.get("Cmd"):
        raise bad("No exec command specified")
    return asked


def read_start(body: Mapping[str, Json]) -> dict[str, bool]:
    asked = judge(START, body).read
    return {"Detach": asked.get("Detach", False), "Tty": asked.get("Tty", False)}


def exec_flags(asked: Mapping[str, Json]) -> dict[str, object]:
    flags: dict[str, object] = {
        "interactive": bool(asked.get("AttachStdin")),
        "tty": bool(asked.get("Tty")),
        "detach": not any(asked.get(f"Attach{stream}") for stream in ("Stdin", "Stdout", "Stderr")),
    }
    named = {"user": "User", "workdir": "WorkingDir", "env": "Env"}
    return flags | {flag: asked[name] for flag, name in named.items() if name in asked}
