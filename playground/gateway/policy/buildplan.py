"""`docker build`: what was asked for, and the Dockerfile's instructions put into stages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.gateway.policy import options
from playground.gateway.policy.dockerfile import Instruction, at_line
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.names import Reference, check_tag
from playground.gateway.policy.platforms import check_pull
from playground.gateway.policy.strictjson import parse_object
from playground.gateway.policy.tarball import clean
from playground.gateway.policy.target import Lists, flag
from playground.gateway.policy.words import expand, split

MAX_TAGS = 2
MAX_STAGES = 8
QUERY = (
    "dockerfile buildargs labels target q nocache remote networkmode extrahosts platform squash outputs securityopt "
    "version pull"
)
_ABSENT = {  # with a reason
    "remote": "A build from an address is not available in this playground: the engine would fetch it from its own "
    "network. Put the files into a folder, and try docker build .",
    "extrahosts": "--add-host is not available for builds in this playground: there is no network.",
    "squash": "--squash is not available in this playground.",
    "outputs": "--output is not available in this playground.",
    "securityopt": "--security-opt is not available in this playground: the walls protect everyone on the machine.",
}
_ARGUMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_STAGE = re.compile(r"[a-z][a-z0-9_.-]{0,62}")


@dataclass(frozen=True, slots=True)
class Asked:
    dockerfile: str
    tags: tuple[Reference, ...]
    arguments: Mapping[str, str]
    labels: Mapping[str, str]
    target: str
    quiet: bool
    no_cache: bool
    pull: bool

    def flags(self) -> dict[str, object]:
        """In the CLI's words, for facts."""
        found: dict[str, object] = {"tag": [tag.familiar for tag in self.tags], "no-cache": self.no_cache}
        named = {"file": self.dockerfile, "target": self.target, "build-arg": dict(self.arguments)}
        return found | named | {"label": dict(self.labels), "quiet": self.quiet}


def read_build(query: Mapping[str, str], lists: Lists, arch: str) -> Asked:
    check_pull(query.get("platform", ""), arch)
    for key, why in _ABSENT.items():
        if query.get(key, "") not in ("", "0", "null", "[]", "false"):
            raise Refused(403, why)
    if query.get("version", "1") not in ("", "1"):
        raise Refused(403, "BuildKit is not available in this playground: set DOCKER_BUILDKIT=0.")
    if query.get("networkmode", "") not in ("", "default", "none", "bridge"):
        raise Refused(403, "--network is not available for builds in this playground: there is no network.")
    tags = tuple(dict.fromkeys(check_tag(text, "") for text in lists.get("t", ()) if text))
    if len(tags) > MAX_TAGS:
        raise bad(f"at most {MAX_TAGS} tags for a build")
    return Asked(
        dockerfile=clean(query.get("dockerfile") or "Dockerfile"),
        tags=tags,
        arguments=_arguments(query.get("buildargs", "")),
        labels=options.labels(parse_object((query.get("labels") or "{}").encode()), "--label"),
        target=query.get("target", "").lower(),
        quiet=flag(query, "q"),
        no_cache=flag(query, "nocache"),
        pull=flag(query, "pull"),
    )


def _arguments(raw: str) -> dict[str, str]:
    """Without those that the CLI has no value for."""
    found = {name: value for name, value in parse_object((raw or "{}").encode()).items() if value is not None}
    if not all(isinstance(value, str) and _ARGUMENT.fullmatch(name) for name, value in found.items()):
        raise bad("--build-arg takes NAME=value")
    if len(found) > 32 or sum(len(name) + len(value) for name, value in found.items()) > 8192:
        raise bad("at most 32 --build-arg and 8192 characters of them")
    return found


@dataclass(slots=True)
class Stage:
    start: Instruction  # FROM
    base: str  # as it stands there, with the variables' values
    name: str
    steps: list[Instruction] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    arguments: list[Instruction]  # ARG before the first FROM
    defaults: dict[str, str]  # their values
    stages: list[Stage]

    @property
    def steps(self) -> int:
        return len(self.arguments) + sum(1 + len(stage.steps) for stage in self.stages)


def plan(instructions: list[Instruction], asked: Asked) -> Plan:
    """The stages up to the target."""
    found = Plan([], {}, [])
    for instruction in instructions:
        if instruction.keyword == "FROM":
            if asked.target and found.stages and _is_target(found, asked.target):
                break
            found.stages.append(_stage(instruction, found))
        elif found.stages:
            found.stages[-1].steps.append(instruction)
        else:
            found.arguments.append(instruction)
            for name, default in argument(instruction, found.defaults):
                found.defaults[name] = asked.arguments.get(name, default or "")
    if asked.target and not _is_target(found, asked.target):
        raise bad(f"failed to reach build target {asked.target[:60]} in Dockerfile")
    if asked.labels:
        last = found.stages[-1]
        text = " ".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(asked.labels.items()))
        last.steps.append(Instruction(0, "LABEL", text))
    return found


def _is_target(found: Plan, target: str) -> bool:
    return target in (found.stages[-1].name, str(len(found.stages) - 1))


def _quoted(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_.:/@+-]+", text):
        return text
    return '"' + re.sub(r'(["\\$])', r"\\\1", text) + '"'


def _stage(instruction: Instruction, found: Plan) -> Stage:
    words = split(instruction.text)
    if len(words) not in (1, 3) or (len(words) == 3 and words[1].upper() != "AS"):
        raise at_line(instruction.line, "FROM requires either one argument, or three: FROM <source> [AS <name>]")
    name = words[2].lower() if len(words) == 3 else ""
    if name and (not _STAGE.fullmatch(name) or any(stage.name == name for stage in found.stages)):
        raise at_line(instruction.line, f"invalid name for build stage: {name[:60]!r}, or there are two of it")
    if len(found.stages) >= MAX_STAGES:
        raise at_line(instruction.line, f"at most {MAX_STAGES} stages")
    base = expand(words[0], found.defaults)
    if not base:
        raise at_line(instruction.line, f"base name ({words[0][:60]}) should not be blank")
    return Stage(instruction, base, name)


def argument(instruction: Instruction, variables: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """The names that an ARG declares, with their defaults."""
    found: list[tuple[str, str | None]] = []
    for word in split(instruction.text):
        name, equals, value = word.partition("=")
        if not _ARGUMENT.fullmatch(name):
            raise at_line(instruction.line, f"ARG names are letters, digits and _: {name[:60]!r}")
        found.append((name, expand(value, variables) if equals else None))
    return found
