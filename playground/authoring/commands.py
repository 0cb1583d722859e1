"""What shell commands in a lesson name: images and containers. Pure, and no shell: it finds misspelt names."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ENDS = frozenset({"\n", ";", "|", "||", "&", "&&", "(", ")", "$("})
TAKES_IMAGE = frozenset({"run", "create", "pull", "history", "rmi", "save", "tag"})
MAKES_IMAGE = frozenset({"tag", "build", "commit"})
TAKES_CONTAINER = frozenset(
    {"start", "attach", "logs", "exec", "top", "stop", "kill", "restart", "pause", "unpause", "rename", "rm", "wait"}
    | {"diff", "stats", "commit", "port", "update"}
)
GROUPS = frozenset({"container", "image"})  # `docker container run` is `docker run`
# Of the commands here, the flags that take a value.
VALUES = frozenset(
    {"--name", "--env", "--env-file", "--volume", "--publish", "--network", "--net", "--memory", "--memory-swap"}
    | {"--workdir", "--user", "--entrypoint", "--hostname", "--label", "--mount", "--pids-limit", "--detach-keys"}
    | {"--stop-signal", "--stop-timeout", "--ulimit", "--restart", "--log-driver", "--log-opt", "--link", "--cap-add"}
    | {"--cap-drop", "--add-host", "--dns", "--network-alias", "--tmpfs", "--pull", "--platform", "--expose"}
    | {"--volumes-from", "--shm-size", "--sysctl", "--security-opt", "--health-cmd", "--health-interval", "--ipc"}
    | {"--pid", "--cpu-shares", "--cpuset-cpus", "--storage-opt", "--group-add", "--tag", "--file", "--build-arg"}
    | {"--target", "--change", "--message", "--author", "--time", "--signal", "--tail", "--since", "--until"}
    | {"--filter", "--output", "--cidfile", "--cpus", "--device", "--format"}
)  # fmt: skip
# The same letter is a switch in one command and takes a value in another.
LETTERS = {"run": "evpmwuhlc", "create": "evpmwuhlc", "build": "tf", "commit": "cma", "stop": "ts", "restart": "ts"} | {
    "kill": "s", "logs": "n", "save": "o", "exec": "euw",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Docker:
    """One `docker` command: its verb, its words that are no flags, and the values of its flags."""

    verb: str
    words: tuple[str, ...]
    flags: dict[str, str]


def docker_commands(text: str) -> Iterator[Docker]:
    """Nothing where the text is not shell."""
    command: list[str] = []
    for word in [*_words(text), "\n"]:
        if word not in ENDS:
            command.append(word)
            continue
        while command and command[0] in ("time", "exec", "!", "do", "then", "else", "if", "while", "until", "{", "$"):
            del command[0]
        if len(command) > 1 and command[0] == "docker":
            yield _docker(command[1:])
        command = []


def images_wanted(text: str) -> Iterator[str]:
    """What the commands take from the catalogue, or from what was made before; ids and variables are left out."""
    for command in docker_commands(text):
        if command.verb in TAKES_IMAGE and command.words:
            yield command.words[0]
    for found in re.finditer(r"^\s*FROM\s+(?!--)(\S+)", text, re.MULTILINE):
        yield found[1]


def images_made(text: str) -> Iterator[str]:
    for command in docker_commands(text):
        if command.verb == "build":
            yield from (command.flags[flag] for flag in ("-t", "--tag") if flag in command.flags)
        elif command.verb in MAKES_IMAGE and len(command.words) > 1:
            yield command.words[1]
    for found in re.finditer(r"^\s*FROM\s+\S+\s+AS\s+(\S+)", text, re.MULTILINE | re.IGNORECASE):
        yield found[1]


def containers_named(text: str) -> Iterator[str]:
    for command in docker_commands(text):
        if command.verb in TAKES_CONTAINER and command.words:
            yield from command.words[:1] if command.verb in ("exec", "rename", "commit", "top") else command.words


def _words(text: str) -> list[str]:
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars="();|&\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, "#"
    try:
        return [part for word in lexer for part in (list(word) if set(word) <= {"\n"} else [word])]
    except ValueError:  # a quote without its other half, such as an apostrophe in a here-document
        return []


def _docker(words: Sequence[str]) -> Docker:
    verb, *rest = words[1:] if words[0] in GROUPS and len(words) > 1 else words
    plain: list[str] = []
    flags: dict[str, str] = {}
    left = iter(rest)
    for word in left:
        if not word.startswith("-") or word == "-":
            plain.append(word)
            if verb in ("run", "create", "exec"):
                break  # the rest is for the container
        elif "=" in word:
            flag, _, value = word.partition("=")
            flags[flag] = value
        elif _takes_value(verb, word):
            flags[word] = next(left, "")
    return Docker(verb, tuple(plain), flags)


def _takes_value(verb: str, flag: str) -> bool:
    if flag.startswith("--"):
        return flag in VALUES
    return flag[-1] in LETTERS.get(verb, "")
