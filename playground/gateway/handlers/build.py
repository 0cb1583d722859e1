"""`docker build`: the context read, the Dockerfile read, and then the builder's words as they come."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

from playground.engine.errors import EngineError
from playground.gateway import workshop
from playground.gateway.builder import Builder, StepFailed
from playground.gateway.call import Call, Flow
from playground.gateway.policy import buildplan, dockerfile, tarball
from playground.gateway.policy.buildfiles import Context
from playground.gateway.policy.buildplan import Asked, Plan
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.messages import learners_text

QUEUED_LINES = 64
Lines = asyncio.Queue[dict[str, Any]]
BROKEN_OFF = "the build was broken off"


async def build(call: Call) -> Flow:
    asked = buildplan.read_build(call.query, call.lists, call.ground.engine.arch)
    call.note.flags, call.note.name = asked.flags(), asked.tags[0].familiar if asked.tags else ""
    if call.owned.building.locked():
        raise Refused(409, "You have a docker build running: wait for it, or end it first.")
    limit = call.ground.limits.upload
    data = await call.upload(limit)
    entries = await asyncio.to_thread(tarball.read, data, limit)
    if call.held is not None:
        call.held.more(sum(len(entry.data) for entry in entries))  # kept for as long as the build takes
    context = Context(entries)
    plan = buildplan.plan(dockerfile.parse(context.file(asked.dockerfile), asked.dockerfile), asked)
    call.owned.check_room(asked.tags[0] if asked.tags else None)
    call.note.error = BROKEN_OFF
    return Flow(_lines(call, asked, plan, context), fact_at_end=True)


async def _lines(call: Call, asked: Asked, plan: Plan, context: Context) -> AsyncGenerator[bytes, None]:
    """From a task of its own: the time it may take counts also while the client does not read."""
    lines: Lines = asyncio.Queue(QUEUED_LINES)
    playing = asyncio.create_task(_play(call, asked, plan, context, lines))
    waiting = asyncio.create_task(lines.get())
    try:
        while True:
            await asyncio.wait({playing, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                break
            yield json.dumps(waiting.result()).encode() + b"\r\n"
            waiting = asyncio.create_task(lines.get())
        await playing
    finally:
        waiting.cancel()
        playing.cancel()
        await asyncio.gather(playing, waiting, return_exceptions=True)


async def _play(call: Call, asked: Asked, plan: Plan, context: Context, lines: Lines) -> None:
    async def say(text: str) -> None:
        if not asked.quiet:
            await lines.put({"stream": text})

    try:
        async with call.owned.building, asyncio.timeout(call.ground.limits.build_time):
            await _build(call, asked, Builder(call, asked, plan, context, say), lines)
    except TimeoutError:
        await lines.put(_failed(call, f"a build may take at most {call.ground.limits.build_time:g} seconds", 1))
    except StepFailed as failed:
        await lines.put(_failed(call, str(failed), failed.code))
    except Refused as refused:
        await lines.put(_failed(call, refused.message, 1))
    except EngineError as error:
        await lines.put(_failed(call, learners_text(str(error), call.owned.on_engine("")), 1))


async def _build(call: Call, asked: Asked, builder: Builder, lines: Lines) -> None:
    try:
        image_id = await builder.build()
    except BaseException:
        await call.to_the_end(workshop.sweep(call))
        raise
    call.note.target, call.note.error = image_id, ""
    await lines.put({"aux": {"ID": image_id}})
    if asked.quiet:
        await lines.put({"stream": f"{image_id}\n"})


def _failed(call: Call, message: str, code: int) -> dict[str, Any]:
    call.note.error, call.note.exit_code = message, code
    return {"errorDetail": {"code": code, "message": message}, "error": message}
