"""A container's life: made, started, talked to, ended, removed."""

from typing import Any

from playground.checks.seen import normal_image
from tests.unit.lessons.paper import programs
from tests.unit.lessons.paper.client import Client, Commands, EachOf, in_bytes
from tests.unit.lessons.paper.engine import IN_USE, NO_CONTAINER, Held, Refused
from tests.unit.lessons.paper.programs import KILLED
from tests.unit.lessons.paper.words import Words

RUNS_ALREADY = 304


def make(client: Client, asked: Words, *, part_of_run: bool) -> Held | None:
    image, *words = asked.plain
    flags = made_with(asked)
    known: dict[str, Any] = {"image": image, "command": tuple(words), "flags": flags}
    try:
        client.paper.picture(image)
    except Refused:
        client.paper.did("create", part_of_run=True, status=NO_CONTAINER, **known)
        try:
            client.paper.pull(normal_image(image))
        except Refused as refused:  # of a `docker create`, too: until then they are the same calls
            client.paper.did("run", image=normal_image(image), status=refused.status)
            return None
        client.paper.did("pull", image=normal_image(image), part_of_run=True)
    try:
        held = client.paper.make(image, words, flags, {})
    except Refused as refused:
        client.paper.did("create", name=asked.flags.get("name", ""), status=refused.status, **known)
        return None
    client.paper.did("create", held, part_of_run=part_of_run, command=tuple(words), flags=flags)
    return held


def create(client: Client, asked: Words) -> None:
    make(client, asked, part_of_run=False)


def run(client: Client, asked: Words) -> None:
    held = make(client, asked, part_of_run=True)
    if held is None:
        return
    known: dict[str, Any] = {"command": held.words, "flags": held.flags}
    told = client.told or "" if "interactive" in asked else ""
    try:
        code = client.paper.set_going(held, told)
    except Refused as refused:
        client.paper.did("run", held, status=refused.status, **known)
        return
    client.paper.did("run", held, **known)
    client.paper.let_run(held, code)
    if "detach" not in asked:
        client.stay("run", held)


def start(client: Client, asked: Words) -> None:
    for name in asked.plain:
        held = client.about("start", name)
        if held is None:
            continue
        if held.runs:
            client.paper.did("start", held, status=RUNS_ALREADY if held.status == "running" else IN_USE)
            continue
        if "attach" in asked:
            client.paper.did("attach", held, flags={"interactive": "interactive" in asked, "tty": held.flags["tty"]})
        code = client.paper.set_going(held)
        client.paper.did("start", held)
        client.paper.let_run(held, code)
        if "attach" in asked:
            client.stay("run", held)


def each_attach(client: Client, asked: Words, name: str) -> None:
    held = client.about("inspect", name)
    if held is None:
        return
    if held.status != "running":  # the client itself says so, having looked
        client.paper.did("inspect", held)
        return
    flags = {"interactive": held.flags["interactive"], "tty": held.flags["tty"]}
    client.paper.did("attach", held, flags=flags)
    client.stay("run", held)


def execute(client: Client, asked: Words) -> None:
    name, *words = asked.plain
    held = client.about("inspect", name)
    if held is None:
        return
    flags = {one: one in asked for one in ("interactive", "tty", "detach")}
    if held.status != "running":
        client.paper.did("exec", held, command=tuple(words), status=IN_USE)
        return
    client.paper.did("exec", held, command=tuple(words), flags=flags)
    told = held.box.told
    held.box.told = client.told or "" if "interactive" in asked else ""
    said = len(held.box.output)
    programs.run(words, held.box)
    held.box.told = told
    del held.box.output[said:]  # that is in no log


def each_stop(client: Client, asked: Words, name: str) -> None:
    held = client.about("stop", name)
    if held is None:
        return
    flags = {"time": int(asked.flags["time"])} if "time" in asked else {}
    if not held.runs:
        client.paper.did("stop", held, flags=flags, status=RUNS_ALREADY)
        return
    client.paper.end(held, 0 if held.box.listens else KILLED)
    client.paper.did("stop", held, flags=flags)


def each_kill(client: Client, asked: Words, name: str) -> None:
    held = client.about("kill", name)
    if held is None:
        return
    signal = asked.flags.get("signal", "KILL").removeprefix("SIG")
    if not held.runs:
        client.paper.did("kill", held, flags={"signal": signal}, status=IN_USE)
        return
    client.paper.did("kill", held, flags={"signal": signal})
    if signal in ("KILL", "9") or held.box.listens:
        client.paper.end(held, KILLED if signal in ("KILL", "9") else 0)


def each_restart(client: Client, asked: Words, name: str) -> None:
    held = client.about("restart", name)
    if held is None:
        return
    if held.runs:
        client.paper.end(held, 0 if held.box.listens else KILLED)
    code = client.paper.set_going(held)
    client.paper.did("restart", held, flags={"time": int(asked.flags["time"])} if "time" in asked else {})
    client.paper.let_run(held, code)


def each_pause(client: Client, asked: Words, name: str) -> None:
    freeze(client, "pause", name, before="running", after="paused")


def each_unpause(client: Client, asked: Words, name: str) -> None:
    freeze(client, "unpause", name, before="paused", after="running")


def freeze(client: Client, action: str, name: str, *, before: str, after: str) -> None:
    held = client.about(action, name)
    if held is None:
        return
    if held.status != before:
        client.paper.did(action, held, status=IN_USE)
        return
    held.status = after
    client.paper.did(action, held)


def each_rm(client: Client, asked: Words, name: str) -> None:
    flags = {"force": "force" in asked, "volumes": "volumes" in asked}
    held = client.about("rm", name)
    if held is None:
        return
    if held.runs and "force" not in asked:
        client.paper.did("rm", held, flags=flags, status=IN_USE)
        return
    if held.runs:
        held.flags["rm"] = False
        client.paper.end(held, KILLED)
    client.paper.remove(held)
    client.paper.did("rm", held, flags=flags)


def each_rename(client: Client, asked: Words, name: str) -> None:
    client.paper.find(name).name = asked.plain.pop()
    client.paper.did("rename", client.paper.find(asked.plain[0]))


def update(client: Client, asked: Words) -> None:
    for name in asked.plain:
        held = client.about("update", name)
        if held:
            client.paper.did("update", held, flags={"memory": in_bytes(asked.flags["memory"])})


def made_with(asked: Words) -> dict[str, Any]:
    """The flags of a run, as its fact tells them."""
    flags: dict[str, Any] = {one: one in asked for one in ("interactive", "tty", "detach", "rm")}
    flags["network"] = asked.flags.get("network", "default")
    flags |= {one: asked.flags[one] for one in ("name", "user", "workdir", "hostname", "env") if one in asked}
    flags |= {"memory": in_bytes(asked.flags["memory"])} if "memory" in asked else {}
    flags |= {"pids-limit": int(asked.flags["pids-limit"])} if "pids-limit" in asked else {}
    flags |= {"cpus": f"{float(asked.flags['cpus']):g}"} if "cpus" in asked else {}
    return flags | ({"volume": [asked.flags["volume"]]} if "volume" in asked else {})


ONCE: Commands = {
    "create": create,
    "run": run,
    "start": start,
    "exec": execute,
    "update": update,
}
EACH: EachOf = {
    "attach": each_attach,
    "stop": each_stop,
    "kill": each_kill,
    "restart": each_restart,
    "pause": each_pause,
    "unpause": each_unpause,
    "rm": each_rm,
    "rename": each_rename,
}
