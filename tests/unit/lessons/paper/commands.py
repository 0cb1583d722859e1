"""The `docker` command on paper: what each of its commands does, and the facts that the gateway makes of it."""

from collections.abc import Sequence

from tests.unit.lessons.paper import living, looking, pruning, shelves
from tests.unit.lessons.paper.client import Client, Commands, EachOf
from tests.unit.lessons.paper.compose import compose
from tests.unit.lessons.paper.words import read

ONCE: Commands = {**living.ONCE, **looking.ONCE, **shelves.ONCE, **pruning.ONCE}
EACH: EachOf = {**living.EACH, **looking.EACH, **shelves.EACH}


def docker(client: Client, words: Sequence[str], told: str | None = None) -> str:
    """What it prints, as far as a script goes on with that."""
    if words[0].startswith("--"):
        return ""
    if words[0] == "compose":
        return compose(client.paper, client.files, client.folder, list(words[1:]))
    client.told, asked = told, read(words)
    if asked.verb in ONCE:
        return ONCE[asked.verb](client, asked) or ""
    for name in list(asked.plain):
        EACH[asked.verb](client, asked, name)
    return ""
