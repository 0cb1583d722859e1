"""`docker exec`: made on a container, started as a stream or in the background, asked how it ended."""

from playground.engine.errors import EngineError, NotFound
from playground.gateway.belongings import Exec
from playground.gateway.call import Answer, Call, Raw
from playground.gateway.handlers.streams import check_upgrade, size
from playground.gateway.policy import answers
from playground.gateway.policy import execs as policy
from playground.gateway.policy.errors import Refused, no_such_exec


async def create(call: Call) -> Answer:
    container = call.container()
    body = policy.read_exec(call.body)
    call.note.command = tuple(body["Cmd"])
    call.owned.check_unstarted_execs()
    async with call.owned.stillness.moving():  # the engine takes none while a copy has the container paused
        made = await call.ask("POST", f"/containers/{container.id}/exec", body=body)
    call.owned.add_exec(Exec(made["Id"], container, call.note.command, policy.exec_flags(body)))
    call.note.action = ""  # its start is what the learner did
    return Answer({"Id": made["Id"]}, 201)


async def start(call: Call) -> Answer | Raw:
    found = call.owned.exec(call.params["exec"])
    call.about(found.container)
    body = policy.read_start(call.body)
    call.note.command = found.command
    call.note.flags = {**found.flags, "detach": body["Detach"]}
    if call.owned.running_execs() >= call.ground.limits.execs:
        raise Refused(429, f"You have {call.ground.limits.execs} docker exec running: end one first.")
    if not body["Detach"]:
        check_upgrade(call)
    found.started = found.running = True  # until its event says otherwise
    try:
        async with call.owned.stillness.moving():
            return await _start(call, f"/exec/{found.id}/start", body)
    except EngineError:
        found.running = False
        raise


async def _start(call: Call, path: str, body: dict[str, bool]) -> Answer | Raw:
    if body["Detach"]:
        await call.ask("POST", path, body=body)
        return Answer()
    return Raw(await call.ground.client.upgrade(path, json_body=body))


async def resize(call: Call) -> Answer:
    found = call.owned.exec(call.params["exec"])
    await call.ask("POST", f"/exec/{found.id}/resize", query=size(call))
    return Answer()


async def inspect(call: Call) -> Answer:
    found = call.owned.exec(call.params["exec"])
    try:
        return Answer(answers.inspected_exec(await call.ask("GET", f"/exec/{found.id}/json")))
    except NotFound:
        raise no_such_exec(found.id) from None
