"""Starting, stopping, pausing, renaming and removing containers.

Each waits for the engine's event before it answers, so that the seat's state and the next call see what was done.
"""

from playground.engine.errors import Conflict, EngineError, NotFound
from playground.gateway.call import NOT_MODIFIED, Answer, Call
from playground.gateway.handlers.containers import written
from playground.gateway.handlers.volumes import check_room_in, discard
from playground.gateway.owned import Container
from playground.gateway.policy import filters
from playground.gateway.policy.errors import Refused, bad, name_conflict
from playground.gateway.policy.resources import read_update
from playground.gateway.policy.signals import check_signal, signal_name
from playground.gateway.policy.strictjson import Json
from playground.gateway.policy.target import flag, integer

_STOPPED = ("created", "exited", "dead")


async def start(call: Call) -> Answer:
    container = call.container()
    if call.note.part_of_run and not container.started:
        call.note.action, call.note.part_of_run = "run", False
        call.note.flags = dict(container.asked)
        call.note.command = call.note.flags.pop("command", ())  # type: ignore[assignment]
    await check_room_in(call, container)
    before = container.starts
    try:
        status = await call.to_the_end(_set_going(call, container, "start"))
    except EngineError:
        # The CLI would call it an error of its own that nobody told it how the container ended.
        await call.owned.catch_up(lambda: not container.waited_for)
        raise
    if status != NOT_MODIFIED:
        await call.owned.catch_up(lambda: container.starts > before)
    await _ports_stand(call, container)
    return Answer(status=status)


async def _set_going(call: Call, container: Container, verb: str, query: dict[str, str] | None = None) -> int:
    """With its ports, or not at all: an engine, too, removes a container of `--rm` that could not start."""
    ports = call.ground.ports
    try:
        await ports.publish(call.owned, container)
    except Refused:
        if container.auto_remove:
            await _remove(call, container, force=True)
        raise
    try:
        return await _moved(call, container, verb, query)
    except (Refused, EngineError):
        if not container.runs:
            await ports.withdraw(call.owned, container)
        raise


async def _ports_stand(call: Call, container: Container) -> None:
    """The end of the run before may have been told of only now, and have taken them back."""
    if container.wishes:
        await call.ground.ports.settle(call.owned)


async def stop(call: Call) -> Answer:
    container = call.container()
    before = container.ends
    status = await _move(call, container, "stop", _patience(call))
    if status != NOT_MODIFIED:
        await call.owned.catch_up(lambda: container.ends > before)
    return Answer(status=status)


async def restart(call: Call) -> Answer:
    container = call.container()
    await check_room_in(call, container)
    before = container.starts
    status = await call.to_the_end(_set_going(call, container, "restart", _patience(call)))
    await call.owned.catch_up(lambda: container.starts > before)
    await _ports_stand(call, container)
    return Answer(status=status)


def _patience(call: Call) -> dict[str, str]:
    """-1 would wait for ever."""
    longest = call.ground.limits.stop_timeout
    if not call.query.get("t"):
        return {}
    asked = integer(call.query, "t", -1, longest, longest)
    call.note.flags["time"] = asked
    return {"t": str(longest if asked < 0 else asked)}


async def kill(call: Call) -> Answer:
    try:
        container = call.container()
    except Refused as refused:
        raise Refused(refused.status, f"Cannot kill container: {call.params['container']}: {refused.message}") from None
    asked = call.query.get("signal", "")
    try:
        number = check_signal(asked)
    except Refused:
        if not asked.isdecimal():
            raise
        why = f"The linux daemon does not support signal {asked[:40]}"
        raise bad(f"Cannot kill container: {call.params['container']}: {why}") from None
    call.note.flags["signal"] = signal_name(number) or "KILL"
    return Answer(status=await _move(call, container, "kill", {"signal": number} if number else {}))


async def pause(call: Call) -> Answer:
    container = call.container()
    status = await _move(call, container, "pause")
    await call.owned.catch_up(lambda: container.status == "paused")
    return Answer(status=status)


async def unpause(call: Call) -> Answer:
    container = call.container()
    status = await _move(call, container, "unpause")
    await call.owned.catch_up(lambda: container.status != "paused")
    return Answer(status=status)


async def rename(call: Call) -> Answer:
    container = call.container()
    wanted = call.query.get("name", "")
    if not wanted:
        raise bad("Neither old nor new names may be empty")
    call.note.flags["name"] = wanted
    if wanted.removeprefix("/") == container.name:
        raise bad("Renaming a container with the same name as its current name")
    name = _new_name(call, wanted)
    try:
        status = await _act(call, container, "rename", {"name": call.owned.on_engine(name)})
    except Conflict:
        raise name_conflict(name, "") from None
    await call.owned.catch_up(lambda: container.name == name)
    return Answer(status=status)


def _new_name(call: Call, wanted: str) -> str:
    try:
        return call.owned.free_name(wanted)
    except Refused as refused:
        if refused.status == 400:
            raise bad(f"Error when allocating new name: {refused.message.replace('(', '(/', 1)}") from None
        raise


async def update(call: Call) -> Answer:
    container = call.container()
    warnings: list[str] = []
    body = read_update(call.body, call.ground.limits, warnings)
    call.note.flags = dict(body)
    await call.to_the_end(_update(call, container, body))
    return Answer({"Warnings": warnings})


async def _update(call: Call, container: Container, body: dict[str, Json]) -> None:
    """Some runtimes let a paused container go on when its limits change."""
    async with call.owned.stillness.moving():
        await call.ask("POST", f"/containers/{container.id}/update", body=body)


async def remove(call: Call) -> Answer:
    container, force = call.container(), flag(call.query, "force")
    call.note.flags |= {"force": force, "volumes": flag(call.query, "v")}
    await _remove(call, container, force)
    if flag(call.query, "v"):
        await discard(call, container.volumes)
    return Answer(status=204)


async def prune(call: Call) -> Answer:
    no_until = "docker container prune takes the filters label=… and label!=… in this playground"
    wanted = filters.parse_prune_filters(call.query.get("filters", ""), no_until)
    call.note.flags["kind"] = "container"
    gone = []
    stopped = [one for one in call.owned.containers.values() if one.status in _STOPPED]
    going = [one for one in stopped if filters.prunes(one.labels, wanted)]
    sizes = await written(call, going)
    for container in going:
        try:
            await _remove(call, container, force=False)
        except (Conflict, NotFound):
            continue  # it was started, or removed, meanwhile
        gone.append(container.id)
    freed = sum(sizes.get(identity, 0) for identity in gone)
    return Answer({"ContainersDeleted": gone or None, "SpaceReclaimed": freed})


async def _remove(call: Call, container: Container, force: bool) -> None:
    """`v` for what an engine may have made by itself: nobody would ever find it again."""
    query = {"v": "1"} | ({"force": "1"} if force else {})
    try:
        await call.to_the_end(_delete(call, container, query))
    except NotFound:
        call.owned.forget(container)
        raise
    await call.owned.catch_up(lambda: container.id not in call.owned.containers)
    call.owned.forget(container)


async def _delete(call: Call, container: Container, query: dict[str, str]) -> None:
    async with call.owned.stillness.moving():
        await call.ask("DELETE", f"/containers/{container.id}", query=query)


async def _move(call: Call, container: Container, verb: str, query: dict[str, str] | None = None) -> int:
    """Counted as long as the engine is about it, which does not end with the client."""
    return await call.to_the_end(_moved(call, container, verb, query))


async def _moved(call: Call, container: Container, verb: str, query: dict[str, str] | None) -> int:
    async with call.owned.stillness.moving():
        return await _act(call, container, verb, query)


async def _act(call: Call, container: Container, verb: str, query: dict[str, str] | None = None) -> int:
    async with await call.open("POST", f"/containers/{container.id}/{verb}", query=query) as reply:
        return NOT_MODIFIED if reply.status == NOT_MODIFIED else 204
