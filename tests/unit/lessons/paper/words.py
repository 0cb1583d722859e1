"""A `docker` command line, taken apart as the CLI does it."""

from collections.abc import Sequence
from dataclasses import dataclass

GROUPS = ("container", "image", "network", "volume", "system", "builder")
OWN_WORDS = {"system info": "info", "system df": "df", "system events": "events"} | {
    "container ls": "ps", "container list": "ps", "image ls": "images", "image list": "images", "image rm": "rmi",
    "image prune": "prune image", "container prune": "prune container", "network prune": "prune network",
    "volume prune": "prune volume", "system prune": "prune system", "builder prune": "prune builder",
}  # fmt: skip
_MAKES = {"d": "detach", "i": "interactive", "t": "tty", "P": "publish-all", "m": "memory", "h": "hostname"} | {
    "e": "env", "v": "volume", "p": "publish", "w": "workdir", "u": "user", "l": "label",
}  # fmt: skip
_LETTERS = {
    "run": _MAKES,
    "create": _MAKES,
    "exec": _MAKES,
    "start": {"a": "attach", "i": "interactive"},
    "ps": {"a": "all", "q": "quiet", "l": "latest", "n": "last", "s": "size", "f": "filter"},
    "images": {"a": "all", "q": "quiet", "f": "filter"},
    "logs": {"f": "follow", "t": "timestamps", "n": "tail"},
    "stop": {"t": "time"},
    "restart": {"t": "time"},
    "kill": {"s": "signal"},
    "rm": {"f": "force", "v": "volumes"},
    "rmi": {"f": "force"},
    "build": {"t": "tag", "f": "file", "q": "quiet"},
    "commit": {"m": "message", "c": "change", "a": "author"},
    "save": {"o": "output"},
    "inspect": {"f": "format", "s": "size"},
    "pull": {"q": "quiet"},
    "history": {"q": "quiet", "H": "human"},
    "prune": {"f": "force", "a": "all"},
    "volume ls": {"q": "quiet"},
    "network ls": {"q": "quiet"},
}
_VALUES = frozenset(
    {"name", "env", "volume", "publish", "network", "network-alias", "memory", "workdir", "user", "hostname", "label"}
    | {"pids-limit", "cpus", "entrypoint", "restart", "detach-keys", "tail", "since", "until", "time", "signal"}
    | {"filter", "format", "last", "file", "tag", "change", "message", "author", "output", "build-arg", "limit"}
)


@dataclass(frozen=True)
class Words:
    verb: str
    flags: dict[str, str]  # "" for a switch
    plain: list[str]

    def __contains__(self, flag: str) -> bool:
        return flag in self.flags


def read(words: Sequence[str]) -> Words:
    verb, rest = _verb(words)
    flags: dict[str, str] = {}
    plain: list[str] = []
    left = list(rest)
    while left:
        word = left.pop(0)
        if word == "--" or not word.startswith("-") or word == "-":
            plain.append(word)
            if verb in ("run", "create", "exec"):
                break  # the rest is the container's
            continue
        for name, value in _flags(verb, word):
            if value is None:
                value = left.pop(0) if name in _VALUES else ""
            flags[name] = value
    return Words(verb, flags, plain + left)


def _verb(words: Sequence[str]) -> tuple[str, Sequence[str]]:
    if words[0] not in GROUPS or len(words) < 2:
        return words[0], words[1:]
    both = f"{words[0]} {words[1]}"
    if both in OWN_WORDS:
        verb, _, kind = OWN_WORDS[both].partition(" ")
        return verb, ([f"--kind={kind}"] if kind else []) + list(words[2:])
    if words[0] in ("network", "volume"):
        return both.replace(" list", " ls"), words[2:]
    return words[1], ([f"--kind={words[0]}"] if words[1] == "inspect" else []) + list(words[2:])


def _flags(verb: str, word: str) -> list[tuple[str, str | None]]:
    name, equals, value = word.lstrip("-").partition("=")
    if word.startswith("--"):
        return [("network" if name == "net" else name, value if equals else None)]
    letters = _LETTERS[verb]
    found: list[tuple[str, str | None]] = []
    for place, letter in enumerate(name):
        long = letters[letter]
        if long in _VALUES and name[place + 1 :]:
            return [*found, (long, name[place + 1 :])]
        found.append((long, value if equals else None))
    return found
