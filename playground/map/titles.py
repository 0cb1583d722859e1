"""A call as a command line that makes such a call: near to what was typed, which only the CLI has seen. Pure."""

from collections.abc import Callable, Iterator, Mapping

from playground.gateway.facts import Fact

MOST = 160  # characters of a title
_SWITCHES = {"detach": "-d", "interactive": "-i", "tty": "-t", "rm": "--rm"}


def title(fact: Fact) -> str:
    words = ["docker", *_WORDS.get(fact.action, _plain)(fact)]
    return clip(" ".join(word for word in words if word), MOST)


def clip(text: str, most: int) -> str:
    """On one line, and no longer than that."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _plain(fact: Fact) -> Iterator[str]:
    yield fact.action
    yield fact.name or fact.image


def _flagged(**switches: str) -> Callable[[Fact], Iterator[str]]:
    """As `_plain`, with the flags that are on."""

    def words(fact: Fact) -> Iterator[str]:
        yield fact.action
        yield from (switch for flag, switch in switches.items() if fact.flags.get(flag))
        yield fact.name or fact.image

    return words


def _run(fact: Fact) -> Iterator[str]:
    yield fact.action
    yield from (switch for flag, switch in _SWITCHES.items() if fact.flags.get(flag))
    if name := fact.flags.get("name"):
        yield f"--name {name}"
    if (network := fact.flags.get("network")) not in (None, "", "default"):
        yield f"--network {network}"
    published = fact.flags.get("publish")
    yield from (f"-p {port}" for port in published) if isinstance(published, list) else ()
    yield fact.image
    yield from fact.command


def _exec(fact: Fact) -> Iterator[str]:
    yield "exec"
    yield from (switch for flag, switch in _SWITCHES.items() if fact.flags.get(flag))
    yield fact.name
    yield from fact.command


def _said(*flags: str) -> Callable[[Fact], Iterator[str]]:
    """As `_plain`, with the values of these flags after it."""

    def words(fact: Fact) -> Iterator[str]:
        yield from _plain(fact)
        yield from (str(fact.flags.get(flag) or "") for flag in flags)

    return words


_WORDS: Mapping[str, Callable[[Fact], Iterator[str]]] = {
    "run": _run,
    "create": _run,
    "exec": _exec,
    "ps": _flagged(all="-a"),
    "images": _flagged(all="-a"),
    "logs": _flagged(follow="-f"),
    "rm": _flagged(force="-f"),
    "rmi": _flagged(force="-f"),
    "rename": _said("name"),
    "commit": _said("tag"),
    "search": _said("term"),
    "network connect": _said("container"),
    "network disconnect": _said("container"),
    "build": lambda fact: iter(("build", f"-t {fact.name}" if fact.name else "", ".")),
    "tag": lambda fact: iter(("tag", fact.image, fact.name)),
    "prune": lambda fact: iter((str(fact.flags.get("kind", "")), "prune")),
    "compose": lambda fact: iter(("compose", *fact.command)),
}
