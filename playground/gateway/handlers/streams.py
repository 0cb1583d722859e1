"""What flows: attach, logs, stats, wait."""

import json
import re
from collections.abc import AsyncGenerator

from playground.engine.client import Reply
from playground.gateway.ahead import read_ahead
from playground.gateway.belongings import Container
from playground.gateway.call import Answer, Call, Flow, Raw
from playground.gateway.policy import answers
from playground.gateway.policy.errors import bad
from playground.gateway.policy.keys import check_detach_keys
from playground.gateway.policy.target import flag, integer

RAW_STREAM = "application/vnd.docker.raw-stream"
MAX_TAIL = 100_000
MAX_LINE = 1024 * 1024
MAX_CELLS = 1000
_TIME = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_CONDITIONS = ("", "not-running", "next-exit", "removed")


def check_upgrade(call: Call) -> None:
    if not call.upgrade:
        raise bad("this call needs `Connection: Upgrade` and `Upgrade: tcp`")


async def attach(call: Call) -> Raw:
    container = call.container()
    check_upgrade(call)
    query = {key: "1" for key in ("stdin", "stdout", "stderr", "stream", "logs") if flag(call.query, key)}
    if keys := check_detach_keys(call.query.get("detachKeys", "")):
        query["detachKeys"] = keys
    call.note.flags = {"interactive": "stdin" in query, "tty": container.tty}
    return Raw(await call.ground.client.upgrade(f"/containers/{container.id}/attach", query=query))


async def resize(call: Call) -> Answer:
    container = call.container()
    await call.ask("POST", f"/containers/{container.id}/resize", query=size(call))
    return Answer()


def size(call: Call) -> dict[str, str]:
    return {key: str(integer(call.query, key, 1, MAX_CELLS, 1)) for key in ("h", "w")}


async def logs(call: Call) -> Flow:
    container = call.container()
    follow, query = flag(call.query, "follow"), _log_query(call)
    call.note.flags = {"follow": follow, "timestamps": flag(call.query, "timestamps")}
    call.note.flags |= {key: query[key] for key in ("since", "until") if key in query}
    if query["tail"] != "all":
        call.note.flags["tail"] = int(query["tail"])
    reply = await call.open("GET", f"/containers/{container.id}/logs", query=query)
    chunks = read_ahead(reply) if follow else _as_it_comes(reply)
    return Flow(chunks, reply.close, RAW_STREAM, fact_at_end=not follow)


async def _as_it_comes(reply: Reply) -> AsyncGenerator[bytes, None]:
    async for chunk in reply.chunks():
        yield chunk


def _log_query(call: Call) -> dict[str, str]:
    query = {key: "1" for key in ("follow", "stdout", "stderr", "timestamps", "details") if flag(call.query, key)}
    for key in ("since", "until"):
        value = call.query.get(key, "")
        if value and not _TIME.fullmatch(value):
            raise bad(f"{key} must be a time in seconds")
        query |= {key: value} if value else {}
    tail = call.query.get("tail", "")
    is_number = re.fullmatch(r"[0-9]{1,15}", tail)  # anything else is all of it, as with any engine
    return query | {"tail": str(min(int(tail), MAX_TAIL)) if is_number else "all"}


async def stats(call: Call) -> Flow:
    container = call.container()
    streaming = flag(call.query, "stream", default=True)
    call.note.flags = {"no-stream": not streaming}
    query = {"stream": "1" if streaming else "0"} | ({"one-shot": "1"} if flag(call.query, "one-shot") else {})
    reply = await call.open("GET", f"/containers/{container.id}/stats", query=query)
    return Flow(_stats_lines(reply, container), reply.close, fact_at_end=not streaming)


async def _stats_lines(reply: Reply, container: Container) -> AsyncGenerator[bytes, None]:
    buffer = b""
    async for chunk in reply.chunks():
        *lines, buffer = (buffer + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield json.dumps(answers.stats(json.loads(line), container.name)).encode() + b"\n"


async def wait(call: Call) -> Flow:
    container = call.container()
    condition = call.query.get("condition", "")
    if condition not in _CONDITIONS:
        raise bad(f"invalid condition: {condition[:40]!r}")
    query = {"condition": condition} if condition else {}
    reply = await call.open("POST", f"/containers/{container.id}/wait", query=query)
    return Flow(_outcome(call, reply, container, condition), reply.close, fact_at_end=True)


async def _outcome(call: Call, reply: Reply, container: Container, condition: str) -> AsyncGenerator[bytes, None]:
    """The one line that says how it ended. The head goes out before: by it the CLI knows that it may start the
    container."""
    owned = call.owned
    container.waited_for += 1
    try:
        yield b""
        found = await reply.json()
        if condition == "removed":
            await owned.catch_up(lambda: container.id not in owned.containers)
        else:
            await owned.catch_up(lambda: container.status not in ("running", "paused"))
        call.note.exit_code = found.get("StatusCode")
        yield json.dumps({"StatusCode": found.get("StatusCode"), "Error": None}).encode() + b"\n"
    finally:
        container.waited_for -= 1
        owned.changed()
