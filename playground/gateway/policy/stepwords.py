"""What `docker history` shows of a build's step, in the classic builder's own words."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from playground.gateway.policy.dockerfile import Instruction
from playground.gateway.policy.imageconfig import DEFAULT_SHELL, Config, pairs
from playground.gateway.policy.words import expand, split


def created_by(instruction: Instruction, after: Config, variables: Mapping[str, str]) -> str:
    """`after` is the image's configuration with the step, `variables` those it could use."""
    shell = " ".join(after.get("Shell") or DEFAULT_SHELL)
    keyword = instruction.keyword
    if keyword == "RUN":
        return " ".join(instruction.listed) if instruction.listed is not None else f"{shell} {instruction.text}"
    if keyword == "WORKDIR":
        return f"{shell} #(nop) WORKDIR {after['WorkingDir']}"
    return f"{shell} #(nop)  {keyword} {_described(instruction, after, variables)}"


def copied(instruction: Instruction, config: Config, kind: str, content: str, destination: str) -> str:
    """`kind` is file, dir or multi; `content` the hash of what was copied."""
    shell = " ".join(config.get("Shell") or DEFAULT_SHELL)
    owner = f"--chown={instruction.flags['chown']} " if "chown" in instruction.flags else ""
    return f"{shell} #(nop) {instruction.keyword} {owner}{kind}:{content} in {destination} "


def _described(instruction: Instruction, after: Config, variables: Mapping[str, str]) -> str:
    keyword = instruction.keyword
    if keyword in ("CMD", "ENTRYPOINT"):
        return f"[{' '.join(json.dumps(word, ensure_ascii=False) for word in after[keyword.capitalize()])}]"
    if keyword in ("ENV", "LABEL"):
        return " ".join(f"{name}={value}" for name, value in pairs(instruction, variables).items())
    if keyword == "SHELL":
        return _plain(after["Shell"])
    if keyword == "VOLUME":
        asked: Sequence[Any] = instruction.listed or split(instruction.text)
        return _plain([expand(path, variables) for path in asked])
    if keyword == "EXPOSE":
        return " ".join(sorted(expand(port, variables) for port in split(instruction.text)))
    return instruction.text


def _plain(words: Sequence[str]) -> str:
    """As Go prints a list."""
    return f"[{' '.join(words)}]"
