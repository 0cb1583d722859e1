"""What instructions do to an image's configuration: for `docker build`, and for `docker commit --change`.

A configuration is a plain dictionary in the engine's words, with the fields of FIELDS only.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from playground.engine.labels import PREFIX
from playground.gateway.policy import mounts, options
from playground.gateway.policy.create import CONFIG
from playground.gateway.policy.dockerfile import Instruction, at_line, parse_change
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.fields import clean_path, text, words
from playground.gateway.policy.words import expand, split

Config = dict[str, Any]

FIELDS = (
    "User", "ExposedPorts", "Env", "Cmd", "Entrypoint", "Healthcheck", "WorkingDir", "Volumes", "StopSignal", "Shell",
    "Labels",
)  # fmt: skip
CHANGES = frozenset({"CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "USER", "VOLUME", "WORKDIR"})
DEFAULT_SHELL = ("/bin/sh", "-c")
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MAX_VOLUMES = 4
_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp|sctp))?")
_DURATION = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(ns|us|ms|s|m|h)")
_UNITS = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000}
_ENV_NAME = re.compile(r"[^=\s\0]{1,256}")


def of(found: Mapping[str, Any] | None) -> Config:
    """A learner's configuration from the engine's: without what is the playground's."""
    config = {name: deepcopy(value) for name, value in (found or {}).items() if name in FIELDS and value}
    labels = {key: value for key, value in config.get("Labels", {}).items() if not key.startswith(PREFIX)}
    return {**{name: value for name, value in config.items() if name != "Labels"}, "Labels": labels}


def environment(config: Mapping[str, Any]) -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in config.get("Env") or ())


def shell_form(instruction: Instruction, config: Mapping[str, Any]) -> list[str]:
    """The words that run: the exec form's own, or the shell's with the text."""
    if instruction.listed is not None:
        return list(instruction.listed)
    return [*(config.get("Shell") or DEFAULT_SHELL), instruction.text]


def changed(config: Config, changes: tuple[str, ...]) -> Config:
    """`docker commit --change …` in their order."""
    if len(changes) > 32:
        raise bad("at most 32 changes")
    config = deepcopy(config)
    for change in changes:
        keyword = change.split(maxsplit=1)[0] if change.strip() else ""
        if keyword and keyword.upper() not in CHANGES | {"ONBUILD"}:  # which is refused with its reason
            raise bad(f"{keyword.lower()[:40]} is not a valid change command")
        instruction = parse_change(change)
        apply(config, instruction, environment(config))
        if instruction.keyword == "ENTRYPOINT":
            config.pop("Cmd", None)
    return config


def apply(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    """Raises Refused with the instruction's line."""
    try:
        EFFECTS[instruction.keyword](config, instruction, variables)
    except Refused as refused:
        if refused.message.startswith("dockerfile parse error"):
            raise
        raise at_line(instruction.line, refused.message) from None


# ── One function for each instruction ────────────────────────────────────────────────────────────────────────────


def pairs(instruction: Instruction, variables: Mapping[str, str]) -> dict[str, str]:
    """`key=value key2="other value"`, or the older `key the whole rest`."""
    parts = split(instruction.text)
    if "=" not in parts[0]:
        value = instruction.text[len(parts[0]) :].strip()
        if not value:
            raise bad(f"{instruction.keyword} must have two arguments")
        return {expand(parts[0], variables): expand(value, variables)}
    found = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals:
            raise bad(f"Syntax error - can't find = in {part[:60]!r}. Must be of the form: name=value")
        found[expand(key, variables)] = expand(value, variables)
    return found


def _env(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    found = environment(config)
    for name, value in pairs(instruction, variables).items():
        if not _ENV_NAME.fullmatch(name):
            raise bad("ENV names can not be blank")
        found[name] = value
    config["Env"] = words(64, 8192)([f"{name}={value}" for name, value in found.items()], "ENV")


def _label(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    config["Labels"] = options.labels({**config.get("Labels", {}), **pairs(instruction, variables)}, "LABEL")


def _cmd(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    config["Cmd"] = words(64, 16384)(shell_form(instruction, config), "CMD")


def _entrypoint(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    config["Entrypoint"] = words(64, 16384)(shell_form(instruction, config), "ENTRYPOINT")


def _shell(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    if not instruction.listed:
        raise bad('SHELL requires the arguments to be in JSON form: SHELL ["/bin/sh", "-c"]')
    config["Shell"] = words(8, 1024)(list(instruction.listed), "SHELL")


def _expose(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    ports = dict(config.get("ExposedPorts") or {})
    for part in split(instruction.text):
        port = expand(part, variables).lower()
        if not (match := _PORTS.fullmatch(port)):
            raise bad(f"Invalid containerPort: {port[:40]}")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise bad(f"Invalid range specified for the Port: {port[:40]}")
        ports |= {f"{number}/{match[3] or 'tcp'}": {} for number in range(first, min(last, first + 100) + 1)}
    config["ExposedPorts"] = options.exposed_ports(ports, "EXPOSE")


def _user(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    config["User"] = CONFIG["User"].check(_one(instruction, variables), "USER")


def _workdir(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    asked = expand(instruction.text, variables)
    path = asked if asked.startswith("/") else f"{config.get('WorkingDir') or '/'}/{asked}"
    config["WorkingDir"] = clean_path(path, "WORKDIR")


def _volume(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    asked = instruction.listed or split(instruction.text)
    paths = [clean_path(expand(path, variables), "VOLUME", mounts.RESERVED) for path in asked]
    config["Volumes"] = {**(config.get("Volumes") or {}), **{path: {} for path in paths}}
    if len(config["Volumes"]) > MAX_VOLUMES or "/" in paths:
        raise bad(f"at most {MAX_VOLUMES} volumes, and none at /")


def _stopsignal(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    config["StopSignal"] = options.stop_signal(_one(instruction, variables), "STOPSIGNAL")


def _healthcheck(config: Config, instruction: Instruction, variables: Mapping[str, str]) -> None:
    kind, _, rest = instruction.text.partition(" ")
    if kind.upper() == "NONE" and not rest and not instruction.flags:
        config["Healthcheck"] = {"Test": ["NONE"]}
        return
    if kind.upper() != "CMD" or not rest.strip():
        raise bad("Unknown type in HEALTHCHECK: use HEALTHCHECK CMD … or HEALTHCHECK NONE")
    listed = parse_change(f"CMD {rest.strip()}").listed
    asked: dict[str, Any] = {"Test": ["CMD", *listed] if listed is not None else ["CMD-SHELL", rest.strip()]}
    for flag, name in (("interval", "Interval"), ("timeout", "Timeout"), ("start-period", "StartPeriod")):
        if flag in instruction.flags:
            asked[name] = _nanoseconds(instruction.flags[flag])
    if "retries" in instruction.flags:
        asked["Retries"] = int(text(r"[0-9]{1,3}")(instruction.flags["retries"], "--retries"))
    config["Healthcheck"] = options.healthcheck(asked, "HEALTHCHECK")


def _nanoseconds(duration: str) -> int:
    """`1m30s`."""
    if not re.fullmatch(rf"(?:{_DURATION.pattern}){{1,4}}", duration):
        raise bad(f"invalid duration {duration[:40]!r}")
    return int(sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(duration)))


def _one(instruction: Instruction, variables: Mapping[str, str]) -> str:
    parts = split(instruction.text)
    if len(parts) != 1:
        raise bad(f"{instruction.keyword} requires exactly one argument")
    return expand(parts[0], variables)


Effect = Callable[[Config, Instruction, Mapping[str, str]], None]
EFFECTS: Mapping[str, Effect] = {
    "CMD": _cmd,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "SHELL": _shell,
    "STOPSIGNAL": _stopsignal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
