"""Commands that only look."""

from tests.unit.lessons.paper.client import Client, Commands, EachOf
from tests.unit.lessons.paper.engine import IN_USE, NO_CONTAINER, Refused
from tests.unit.lessons.paper.words import Words


def ps(client: Client, asked: Words) -> str:
    every = "all" in asked
    client.paper.did("ps", flags={"all": every, "size": "size" in asked, "filter": {}})
    few = 1 if "latest" in asked else int(asked.flags.get("last", 100))
    shown = [one for one in client.paper.containers if every or few < 100 or one.runs][:few]
    kind, _, value = asked.flags.get("filter", "").partition("=")
    return "\n".join(
        one.id for one in shown if kind == "" or (value in one.name if kind == "name" else one.status == value)
    )


def images(client: Client, asked: Words) -> str:
    client.paper.did("images", flags={"all": "all" in asked})
    return "\n".join(one.id for one in client.paper.state().images)


def each_logs(client: Client, asked: Words, name: str) -> None:
    follow = "follow" in asked
    held = client.about("inspect", name)
    if held is None:
        return
    flags: dict[str, object] = {"follow": follow, "timestamps": "timestamps" in asked}
    flags |= {"tail": int(asked.flags["tail"])} if asked.flags.get("tail", "").isdigit() else {}
    client.paper.did("logs", held, flags=flags)
    if follow:
        client.stay("logs", held)


def top(client: Client, asked: Words) -> None:
    held = client.about("top", asked.plain[0])
    if held:
        client.paper.did("top", held, status=200 if held.runs else IN_USE)


def each_diff(client: Client, asked: Words, name: str) -> None:
    held = client.about("diff", name)
    if held:
        client.paper.did("diff", held)


def stats(client: Client, asked: Words) -> None:
    for name in asked.plain or [one.name for one in client.paper.containers if one.runs]:
        held = client.about("stats", name)
        if held:
            client.paper.did("stats", held, flags={"no-stream": "no-stream" in asked})


def each_inspect(client: Client, asked: Words, name: str) -> None:
    """Told once, by what was found in the end."""
    kind = asked.flags.get("kind", "")
    if kind != "image":
        try:
            client.paper.did("inspect", client.paper.find(name))
            return
        except Refused:
            pass  # it is looked for among the images
    if kind != "container":
        try:
            client.paper.did("inspect", image=name, target=client.paper.picture(name).id)
            return
        except Refused:
            pass  # and among all other kinds of things
    image, other = (name if kind == "image" else ""), ("" if kind else name)
    client.paper.did("inspect", image=image, name=other, status=NO_CONTAINER)


def version(client: Client, asked: Words) -> None:
    client.paper.did("version")


def info(client: Client, asked: Words) -> None:
    client.paper.did("info")


def search(client: Client, asked: Words) -> None:
    client.paper.did("search", flags={"term": asked.plain[0]})


def dial_stdio(client: Client, asked: Words) -> str:
    """A request by hand, for the version."""
    if not client.told:
        return ""
    client.paper.did("version")
    return 'HTTP/1.1 200 OK\r\n\r\n{"ApiVersion":"1.41"}'


def df(client: Client, asked: Words) -> None:
    client.paper.did("df")


ONCE: Commands = {
    "ps": ps,
    "images": images,
    "top": top,
    "stats": stats,
    "version": version,
    "info": info,
    "search": search,
    "dial-stdio": dial_stdio,
    "df": df,
}
EACH: EachOf = {
    "logs": each_logs,
    "diff": each_diff,
    "inspect": each_inspect,
}
