"""`docker exec`: made on a container, started as a stream or in the background, asked how it ended."""

from playground.engine.errors import NotFound
from playground.gateway.call import Answer, Call, Raw
from playground.gateway.handlers.streams import check_upgrade, size
from playground.gateway.owned import Exec
from playground.gateway.policy import answers
from playground.gateway.policy import execs as policy
from playground.gateway.policy.errors import Refused, no_such_exec


async def create(call: Call) -> Answer:
    container = call.container()
    call.note.command = tuple(str(word) for word in call.body.get("Cmd") or ())
    body = policy.read_exec(call.body)
    made = await call.ask("POST", f"/containers/{container.id}/exec", body=body)
    call.owned.add_exec(Exec(made["Id"], container, tuple(body["Cmd"]), policy.exec_flags(body)))
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
    path = f"/exec/{found.id}/start"
    if body["Detach"]:
        await call.ask("POST", path, body=body)
        return Answer()
    check_upgrade(call)
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
