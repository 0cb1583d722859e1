"""Builds on paper: a Dockerfile's instructions, one after the other, and the cache."""

from dataclasses import replace

from playground.checks.seen import normal_image
from tests.unit.lessons.paper import programs
from tests.unit.lessons.paper.client import Client
from tests.unit.lessons.paper.engine import Paper, Pictured, Refused, command_of, instructions, number
from tests.unit.lessons.paper.programs import Box
from tests.unit.lessons.paper.words import Words

SCRATCH = Pictured("", has_shell=False)
FAILED = 400


class Failed(Exception):
    pass


def build(client: Client, asked: Words) -> None:
    """Nothing where the client itself refuses: without a recipe, or without a folder."""
    folder = client.path(asked.plain[0]).removesuffix("/.") if asked.plain else ""
    recipe = client.told if asked.plain == ["-"] else client.files.get(_file(asked, folder))
    if recipe is None:
        return
    paper, tag = client.paper, asked.flags.get("tag", "")
    name = normal_image(tag) if tag else ""
    flags: dict[str, object] = {"tag": [name] if name else [], "no-cache": "no-cache" in asked}
    try:
        picture, cached = _made(paper, recipe, client.files, folder, may_cache="no-cache" not in asked)
    except Failed:
        paper.did("build", name=name, flags=flags, status=FAILED)
        return
    if name:
        paper.tag(picture, name)
    else:
        paper.nameless.append(picture)
    paper.did("build", name=name, flags=flags | ({"cached": True} if cached else {}), target=picture.id)


def _file(asked: Words, folder: str) -> str:
    name = asked.flags.get("file", "Dockerfile")
    return name if name.startswith("/") else f"{folder}/{name}"


def _made(paper: Paper, recipe: str, files: dict[str, str], folder: str, *, may_cache: bool) -> tuple[Pictured, bool]:
    picture, key, cached = SCRATCH, "", False
    for instruction in instructions(recipe):
        word, _, rest = instruction.partition(" ")
        if word.upper() == "FROM":
            picture = _base(paper, rest)
            key = picture.id
            continue
        key = number(key, instruction, files.get(f"{folder}/{rest.split()[0]}") if word.upper() == "COPY" else "")
        cached |= may_cache and key in paper.built
        paper.built.add(key)
        picture = _step(picture, word.upper(), rest, files, folder, key)
    return replace(picture, id=f"sha256:{key}"), cached


def _base(paper: Paper, name: str) -> Pictured:
    if name == "scratch":
        return SCRATCH
    try:
        return paper.picture(name)
    except Refused:
        pass
    try:
        paper.pull(normal_image(name))
    except Refused:
        raise Failed from None
    return paper.picture(name)


def _step(picture: Pictured, word: str, rest: str, files: dict[str, str], folder: str, key: str) -> Pictured:
    if word == "CMD":
        return replace(picture, command=command_of(f"CMD {rest}"))
    inside = dict(picture.files)
    if word == "COPY":
        source, place = rest.split()
        if f"{folder}/{source}" not in files:
            raise Failed
        inside[place + source if place.endswith("/") else place] = files[f"{folder}/{source}"]
    elif word != "RUN" or not picture.has_shell or programs.run(["sh", "-c", rest], Box(inside)):
        raise Failed
    return replace(picture, files=inside, layers=(*picture.layers, key))
