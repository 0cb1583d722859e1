"""`docker container prune` and its like."""

from tests.unit.lessons.paper.client import Client, Commands
from tests.unit.lessons.paper.engine import Paper
from tests.unit.lessons.paper.words import Words


def prune(client: Client, asked: Words) -> None:
    kinds = [asked.flags["kind"]]
    if kinds == ["system"]:
        kinds = ["container", "network", *(["volume"] if "volumes" in asked else []), "image", "builder"]
    for kind in kinds:
        known = {"kind": kind} | ({"all": "all" in asked} if kind == "image" else {})
        _KINDS[kind](client.paper, "all" in asked)
        client.paper.did("prune", flags=known)


def _container(paper: Paper, every: bool) -> None:
    for held in [one for one in paper.containers if not one.runs]:
        paper.remove(held)


def _image(paper: Paper, every: bool) -> None:
    used = {one.picture.id for one in paper.containers}
    paper.nameless = [one for one in paper.nameless if one.id in used]
    if every:
        paper.tags = {tag: one for tag, one in paper.tags.items() if one.id in used}


def _network(paper: Paper, every: bool) -> None:
    used = {one.flags["network"] for one in paper.containers if one.runs}
    paper.networks = [name for name in paper.networks if name in used]


def _volume(paper: Paper, every: bool) -> None:
    """The engine since 23 takes those without a name only; here all have one, and before that it took all."""
    used = {source.partition(":")[0] for one in paper.containers for source in one.flags.get("volume", [])}
    paper.volumes = {name: files for name, files in paper.volumes.items() if name in used}


def _builder(paper: Paper, every: bool) -> None:
    pass


_KINDS = {"container": _container, "image": _image, "network": _network, "volume": _volume, "builder": _builder}
ONCE: Commands = {"prune": prune}
