"""Networks: each seat has a default one, shown as `bridge` and made with the first container that needs it, and those
that the learner makes. Names resolve on the latter only, as with any engine."""

from contextlib import suppress

from playground.engine import labels
from playground.engine.errors import Conflict, EngineError, NotFound
from playground.gateway.belongings import BUILT_IN, DEFAULT_NETWORK, Container, Network
from playground.gateway.call import Answer, Call
from playground.gateway.policy import answers, filters
from playground.gateway.policy import networks as policy
from playground.gateway.policy.errors import Refused, bad
from playground.gateway.policy.networks import Place
from playground.gateway.policy.options import is_own_network, network_mode
from playground.gateway.policy.strictjson import Json

NO_ROOM = Refused(
    503,
    "The machine has no addresses left for one more network. Networks of others end with their seats: try again later.",
)


# ── Making ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def create(call: Call) -> Answer:
    name, wanted = policy.read_network(call.body)
    call.note.name = name
    network = await call.to_the_end(_make_new(call, name, wanted))
    call.note.target = network.id
    return Answer({"Id": network.id, "Warning": ""}, 201)


async def _make_new(call: Call, name: str, wanted: dict[str, str]) -> Network:
    async with call.owned.networks.making:
        call.owned.networks.check_room(name)
        return await _make(call, name, wanted)


async def _default(call: Call) -> Network:
    return await call.to_the_end(_make_default(call))


async def _make_default(call: Call) -> Network:
    async with call.owned.networks.making:
        return call.owned.networks.default or await _make(call, DEFAULT_NETWORK, {})


async def _make(call: Call, name: str, wanted: dict[str, str]) -> Network:
    marks = wanted | {
        labels.INSTANCE: call.ground.instance,
        labels.SEAT: call.owned.seat,
        labels.ROLE: labels.ROLE_LEARNER,
    }
    body = policy.write_network(call.owned.on_engine(name), marks, call.ground.engine.version)
    try:
        made = await call.ask("POST", "/networks/create", body=body)
    except Conflict:
        raise Refused(409, f"network with name {name} already exists") from None
    except EngineError as error:
        if "address pool" in str(error):
            raise NO_ROOM from error
        raise
    network = Network(made["Id"], name, wanted)
    call.owned.networks.add(network)
    return network


async def place(call: Call, asked: str, name: str, aliases: tuple[str, ...]) -> Place:
    """Where a container called `name` will stand. What it cannot find is no 404, on which the CLI would pull the
    image."""
    asked = policy.built_in_name(call.owned.seat, asked) or asked
    try:
        network_mode(asked, "NetworkMode")
        if asked == "none":
            return Place("none")
        if asked.startswith("container:"):
            return Place(f"container:{call.owned.container(asked.removeprefix('container:')).id}")
        if not is_own_network(asked):
            return Place((await _default(call)).id)
        network = call.owned.networks.find(asked)
    except Refused as refused:
        raise bad(refused.message) if refused.status == 404 else refused from None
    return Place(network.id) if network.name == DEFAULT_NETWORK else Place(network.id, (name, *aliases))


# ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def listing(call: Call) -> Answer:
    wanted = filters.parse_filters(call.query.get("filters", ""))
    filters.check_known(wanted, filters.NETWORK_FILTERS)
    call.note.flags = {"filter": {key: list(values) for key, values in wanted.items()}}
    found = {network.name: await _shown(call, network) for network in list(call.owned.networks)}
    for name in BUILT_IN:
        found.setdefault(name, policy.built_in_network(call.owned.seat, name))
    return Answer([one for one in found.values() if filters.network_passes(one, wanted)])


async def inspect(call: Call) -> Answer:
    asked = call.params["network"]
    call.note.name = asked
    if asked in BUILT_IN and not (asked == DEFAULT_NETWORK and call.owned.networks.default):
        return Answer(policy.built_in_network(call.owned.seat, asked))
    return Answer(await _shown(call, _find(call)))


async def _shown(call: Call, network: Network) -> Json:
    found = await call.ask("GET", f"/networks/{network.id}")
    names = {identity: container.name for identity, container in call.owned.containers.items()}
    return policy.shown_network(found, network.name, network.labels, names)


def _find(call: Call) -> Network:
    network = call.owned.networks.find(call.params["network"])
    call.note.target, call.note.name = network.id, network.name
    return network


# ── Joining, leaving, removing ───────────────────────────────────────────────────────────────────────────────────


async def connect(call: Call) -> Answer:
    reference, aliases = policy.read_connect(call.body)
    network = await _default(call) if call.params["network"] == DEFAULT_NETWORK else _find(call)
    container = _member(call, network, reference)
    if container.network == "none":
        raise Refused(
            403, "container cannot be connected to multiple networks with one of the networks in private (none) mode"
        )
    if container.network.startswith("container:"):
        raise Refused(
            403, "container sharing network namespace with another container cannot be connected to any other network"
        )
    if network.name == DEFAULT_NETWORK and aliases:
        raise bad("network-scoped alias is supported only for containers in user defined networks")
    endpoint = {} if network.name == DEFAULT_NETWORK else {"Aliases": [container.name, *aliases]}
    body = {"Container": container.id, "EndpointConfig": endpoint}
    await call.ask("POST", f"/networks/{network.id}/connect", body=body)
    container.joined += (network.id,)
    return Answer()


async def disconnect(call: Call) -> Answer:
    reference, force = policy.read_disconnect(call.body)
    network = _find(call)
    container = _member(call, network, reference)
    call.note.flags["force"] = force
    body = {"Container": container.id, "Force": force}
    await call.ask("POST", f"/networks/{network.id}/disconnect", body=body)
    ways = network.id, call.owned.on_engine(network.name)
    container.joined = tuple(one for one in container.joined if one not in ways)
    return Answer()


def _member(call: Call, network: Network, reference: str) -> Container:
    container = call.owned.container(reference)
    call.note.target, call.note.name = network.id, network.name
    call.note.flags["container"] = container.name
    return container


async def remove(call: Call) -> Answer:
    if call.params["network"] in BUILT_IN:
        raise Refused(403, f"{call.params['network']} is a pre-defined network and cannot be removed")
    network = _find(call)
    if network.name == DEFAULT_NETWORK:
        raise Refused(403, "bridge is a pre-defined network and cannot be removed")
    try:
        await call.ask("DELETE", f"/networks/{network.id}")
    except NotFound:
        call.owned.networks.forget(network.id)
        raise
    except EngineError as error:
        if not _in_use(error):
            raise
        why = f"error while removing network: network {network.name} id {network.id} has active endpoints"
        raise Refused(403, why) from None
    call.owned.networks.forget(network.id)
    return Answer(status=204)


def _in_use(error: EngineError) -> bool:
    return "active endpoints" in str(error)


async def prune(call: Call) -> Answer:
    """Those that no running container is on."""
    wanted = filters.parse_filters(call.query.get("filters", ""))
    filters.check_prune_filters(wanted)
    call.note.flags["kind"] = "network"
    gone = []
    for network in call.owned.networks.made:
        try:
            with suppress(NotFound):
                created = answers.seconds((await _shown(call, network))["Created"]) if wanted.get("until") else 0
                if not filters.prunes(network.labels, wanted, created):
                    continue
                await call.ask("DELETE", f"/networks/{network.id}")
        except EngineError as error:
            if not _in_use(error):
                raise
            continue
        call.owned.networks.forget(network.id)
        gone.append(network.name)
    call.owned.emit(answers.pruned("network", 0))
    return Answer({"NetworksDeleted": gone or None})
