"""The closed table: every endpoint that is answered, and what becomes of it. Everything else is 404, and the engine
hears nothing of it.

A row says: method, path, decision, handler, the fact's action, and which query keys, body and stream it has.
    allow    forwarded after the reference was resolved among the learner's own
    rewrite  the request or the answer is built anew
    synth    answered by the gateway alone
    deny     refused with a sentence that says why
In a path, {container}, {exec}, {network} and {volume} are one segment; {image} is one or more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from playground.gateway.policy import buildplan
from playground.gateway.policy.errors import Refused

Decision = Literal["allow", "rewrite", "synth", "deny"]
Body = Literal["none", "small", "create", "upload"]
Stream = Literal["", "long", "upgrade", "transfer"]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    decision: Decision
    handler: str = ""  # family.function under handlers/
    action: str = ""  # the fact's; "" publishes none
    query: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()  # query keys that may be repeated
    body: Body = "none"
    stream: Stream = ""
    refusal: tuple[int, str] = (404, "page not found")


def _row(
    method: str,
    path: str,
    decision: Decision,
    handler: str,
    action: str = "",
    *,
    query: str = "",
    lists: str = "",
    body: Body = "none",
    stream: Stream = "",
) -> Route:
    keys = frozenset(query.split()), frozenset(lists.split())
    return Route(method, path, decision, handler, action, *keys, body, stream)


def _no(method: str, path: str, action: str, message: str, status: int = 403) -> Route:
    return Route(method, path, "deny", "", action, refusal=(status, message))


_NO_LOGIN = "docker login is not available in this playground: it pulls from its own catalogue, which asks no password."
_NO_REGISTRY = "Registries are not asked from this playground: docker search shows the images that it has."
_NO_PUSH = "docker push is not available in this playground: nothing leaves it. Try docker tag to name your image."
_NO_LOAD = "Images from files are not available in this playground: docker search shows the images that it has."

SYSTEM = (
    _row("HEAD", "/_ping", "synth", "system.ping"),
    _row("GET", "/_ping", "synth", "system.ping"),
    _row("GET", "/version", "synth", "system.version", "version"),
    _row("GET", "/info", "synth", "system.info", "info"),
    _row("GET", "/events", "rewrite", "events.events", "events", query="since until filters", stream="long"),
    _row("GET", "/system/df", "rewrite", "system.disk_usage", "df"),
    _no("POST", "/auth", "login", _NO_LOGIN),
    _no("GET", "/distribution/{image}/json", "manifest", _NO_REGISTRY),
)

_LOGS = "follow stdout stderr since until timestamps tail details"
_CP = "path noOverwriteDirNonDir"
_ATTACH = "stdin stdout stderr stream logs detachKeys"
CONTAINERS = (
    _row("GET", "/containers/json", "rewrite", "containers.listing", "ps", query="all limit size filters"),
    _row("POST", "/containers/create", "rewrite", "containers.create", "create", query="name platform", body="create"),
    _row("GET", "/containers/{container}/json", "rewrite", "containers.inspect", "inspect", query="size"),
    _row("GET", "/containers/{container}/top", "rewrite", "containers.top", "top", query="ps_args"),
    _row("GET", "/containers/{container}/logs", "allow", "streams.logs", "logs", query=_LOGS, stream="long"),
    _row("GET", "/containers/{container}/changes", "allow", "containers.changes", "diff"),
    _row(
        "GET",
        "/containers/{container}/stats",
        "rewrite",
        "streams.stats",
        "stats",
        query="stream one-shot",
        stream="long",
    ),
    _row("POST", "/containers/{container}/resize", "allow", "streams.resize", "resize", query="h w"),
    _row("POST", "/containers/{container}/start", "rewrite", "lifecycle.start", "start"),
    _row("POST", "/containers/{container}/stop", "rewrite", "lifecycle.stop", "stop", query="t"),
    _row("POST", "/containers/{container}/restart", "rewrite", "lifecycle.restart", "restart", query="t"),
    _row("POST", "/containers/{container}/kill", "rewrite", "lifecycle.kill", "kill", query="signal"),
    _row("POST", "/containers/{container}/pause", "allow", "lifecycle.pause", "pause"),
    _row("POST", "/containers/{container}/unpause", "allow", "lifecycle.unpause", "unpause"),
    _row("POST", "/containers/{container}/rename", "rewrite", "lifecycle.rename", "rename", query="name"),
    _row(
        "POST", "/containers/{container}/attach", "allow", "streams.attach", "attach", query=_ATTACH, stream="upgrade"
    ),
    _row("POST", "/containers/{container}/wait", "allow", "streams.wait", "wait", query="condition", stream="long"),
    _row("DELETE", "/containers/{container}", "rewrite", "lifecycle.remove", "rm", query="force v link"),
    _row("POST", "/containers/prune", "rewrite", "lifecycle.prune", "prune", query="filters"),
    _row("POST", "/containers/{container}/update", "rewrite", "lifecycle.update", "update", body="small"),
    _row("HEAD", "/containers/{container}/archive", "rewrite", "archives.stat", "cp", query=_CP),
    _row("GET", "/containers/{container}/archive", "rewrite", "archives.get", "cp", query=_CP, stream="transfer"),
    _row(
        "PUT",
        "/containers/{container}/archive",
        "rewrite",
        "archives.put",
        "cp",
        query=_CP,
        body="upload",
        stream="transfer",
    ),
    _row("GET", "/containers/{container}/export", "rewrite", "archives.export", "export", stream="transfer"),
)

EXECS = (
    _row("POST", "/containers/{container}/exec", "rewrite", "execs.create", "exec", body="small"),
    _row("POST", "/exec/{exec}/start", "rewrite", "execs.start", "exec", body="small", stream="upgrade"),
    _row("POST", "/exec/{exec}/resize", "allow", "execs.resize", query="h w"),
    _row("GET", "/exec/{exec}/json", "rewrite", "execs.inspect"),
)

_COMMIT = "container repo tag comment author pause"
IMAGES = (
    _row("GET", "/images/json", "rewrite", "images.listing", "images", query="all filters"),
    _row("GET", "/images/search", "synth", "images.search", "search", query="term limit filters"),
    _row("GET", "/images/{image}/json", "rewrite", "images.inspect", "inspect"),
    _row("GET", "/images/{image}/history", "rewrite", "images.history", "history"),
    _row("POST", "/images/create", "synth", "images.pull", "pull", query="fromImage tag fromSrc platform"),
    _row("POST", "/images/{image}/tag", "rewrite", "images.tag", "tag", query="repo tag"),
    _row("DELETE", "/images/{image}", "rewrite", "imageremoval.remove", "rmi", query="force noprune"),
    _row("POST", "/images/prune", "rewrite", "imageremoval.prune", "prune", query="filters"),
    _no("POST", "/images/{image}/push", "push", _NO_PUSH),
    _no("POST", "/images/load", "load", _NO_LOAD),
    _row("GET", "/images/get", "rewrite", "saving.save", "save", lists="names", stream="transfer"),
    _row("GET", "/images/{image}/get", "rewrite", "saving.save", "save", stream="transfer"),
    _row("POST", "/commit", "rewrite", "images.commit", "commit", query=_COMMIT, lists="changes"),
    _row(
        "POST",
        "/build",
        "rewrite",
        "build.build",
        "build",
        query=buildplan.QUERY,
        lists="t",
        body="upload",
        stream="transfer",
    ),
    _row("POST", "/build/prune", "synth", "system.build_prune", "prune"),
)

NETWORKS = (
    _row("GET", "/networks", "rewrite", "networks.listing", "network ls", query="filters"),
    _row("POST", "/networks/create", "rewrite", "networks.create", "network create", body="small"),
    _row("POST", "/networks/prune", "rewrite", "networks.prune", "prune", query="filters"),
    _row("GET", "/networks/{network}", "rewrite", "networks.inspect", "inspect"),
    _row("DELETE", "/networks/{network}", "allow", "networks.remove", "network rm"),
    _row("POST", "/networks/{network}/connect", "rewrite", "networks.connect", "network connect", body="small"),
    _row("POST", "/networks/{network}/disconnect", "allow", "networks.disconnect", "network disconnect", body="small"),
)

VOLUMES = (
    _row("GET", "/volumes", "rewrite", "volumes.listing", "volume ls", query="filters"),
    _row("POST", "/volumes/create", "rewrite", "volumes.create", "volume create", body="small"),
    _row("POST", "/volumes/prune", "rewrite", "volumes.prune", "prune", query="filters"),
    _row("GET", "/volumes/{volume}", "rewrite", "volumes.inspect", "inspect"),
    _row("DELETE", "/volumes/{volume}", "allow", "volumes.remove", "volume rm", query="force"),
)

# The CLI's `docker inspect` asks whether a plugin has the name, and goes on after a 404 only.
PLUGINS = (_row("GET", "/plugins", "synth", "system.no_plugins"),)

ROUTES = SYSTEM + CONTAINERS + EXECS + IMAGES + NETWORKS + VOLUMES + PLUGINS

# Everything under these, whatever the method, after the rows above.
_NO_SWARM = (
    503,
    "This node is not a swarm manager, and cannot become one: in this playground there is one engine only.",
)
FAMILIES: Mapping[str, tuple[int, str]] = {
    "swarm": _NO_SWARM,
    "nodes": _NO_SWARM,
    "services": _NO_SWARM,
    "tasks": _NO_SWARM,
    "secrets": _NO_SWARM,
    "configs": _NO_SWARM,
    "plugins": (404, "Plugins are not available in this playground: they run on the machine that everyone shares."),
}


def _table() -> Mapping[tuple[str, str], Sequence[tuple[Route, tuple[str, ...]]]]:
    table = defaultdict(list)
    for route in ROUTES:
        parts = tuple(route.path[1:].split("/"))
        table[route.method, parts[0]].append((route, parts))
    return table


_BY_BEGINNING = _table()


def match(method: str, segments: tuple[str, ...]) -> tuple[Route, dict[str, str]]:
    """The row and what its {words} stand for; a family's refusal as a row; 404 raised for the rest."""
    for route, parts in _BY_BEGINNING.get((method, segments[0]), ()):
        params = _params(parts, segments)
        if params is not None:
            return route, params
    family = FAMILIES.get(segments[0])
    if family is None:
        raise Refused(404, "page not found")
    return Route(method, f"/{segments[0]}", "deny", "", segments[0], refusal=family), {}


def _params(parts: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    if "{image}" in parts:
        at = parts.index("{image}")
        after = len(parts) - at - 1
        if len(segments) < len(parts):
            return None
        image = "/".join(segments[at : len(segments) - after])
        segments = (*segments[:at], image, *segments[len(segments) - after :])
    if len(parts) != len(segments):
        return None
    params = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith("{"):
            params[part[1:-1]] = segment
        elif part != segment:
            return None
    if any("/" in value for name, value in params.items() if name != "image"):
        return None
    return params
