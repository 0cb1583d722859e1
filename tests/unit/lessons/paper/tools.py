"""The terminal's own programs, as far as they change its files or print what a pipe carries on."""

from collections.abc import Callable

from tests.unit.lessons.paper.client import Client


def run(client: Client, words: list[str], told: str) -> str:
    """What it prints."""
    name, *rest = words
    if name == "cd":
        client.folder = client.path(rest[0]) if rest else "/root"
    elif name == "printf":
        return rest[0].encode().decode("unicode_escape")
    elif name == "echo":
        return " ".join(rest) + "\n"
    elif name == "cat" and not rest:
        return told
    elif name == "tar" and "-xOf" in rest:
        return client.files.get(client.path(rest[1]), "")
    elif name in _CHANGES:
        paths = [client.path(word) for word in rest if not word.startswith("-")]
        _CHANGES[name](client, rest, paths, told)
    return ""


def _tee(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    client.files[paths[0]] = told


def _rm(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    client.files.pop(paths[0], None)


def _cp(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    source, place = paths
    client.files[place[:-1] + source.rpartition("/")[2] if place.endswith("/.") else place] = client.files[source]


def _mv(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    client.files[paths[1]] = client.files.pop(paths[0])


def _dd(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    client.files[next(word.removeprefix("of=") for word in rest if word.startswith("of="))] = ""


def _sed(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    """`sed -i s/old/new/ file`."""
    _, old, new, _ = rest[1].split("/")
    client.files[paths[1]] = client.files[paths[1]].replace(old, new)


def _tar(client: Client, rest: list[str], paths: list[str], told: str) -> None:
    if "-xf" in rest and paths[0] in client.files:
        client.files[client.path("manifest.json")] = client.files[paths[0]]


_CHANGES: dict[str, Callable[[Client, list[str], list[str], str], None]] = {
    "tee": _tee,
    "touch": _tee,
    "rm": _rm,
    "cp": _cp,
    "mv": _mv,
    "dd": _dd,
    "sed": _sed,
    "tar": _tar,
}
