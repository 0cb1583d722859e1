"""The one subscription to the engine's events: it keeps every seat's table current, and makes facts and the learners'
own events of what it hears. When the engine goes away it waits for it, and learns everything anew."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playground.engine import labels
from playground.engine.client import EngineClient
from playground.engine.errors import EngineError
from playground.gateway.belongings import DEFAULT_NETWORK, Container, Network, Volume
from playground.gateway.facts import Fact
from playground.gateway.owned import Owned
from playground.gateway.policy import answers
from playground.gateway.publishing import Publisher

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
_EXIT_CODE = re.compile(r"-?[0-9]{1,10}")

_MOVES = ("start", "die", "destroy")

Event = Mapping[str, Any]


class Follower:
    """`learn` is called before each subscription, `alive` whenever the engine comes or goes, `discard` for a volume
    that its container has left behind. `ports` hears of what moves."""

    def __init__(
        self,
        client: EngineClient,
        learn: Callable[[], Awaitable[None]],
        owner_of: Callable[[str], Owned | None],
        publish: Callable[[Fact], None],
        alive: Callable[[bool], None],
        discard: Callable[[Owned, Volume], None],
        ports: Publisher,
    ) -> None:
        self._client = client
        self._learn = learn
        self._owner_of = owner_of
        self._publish = publish
        self._alive = alive
        self._discard = discard
        self._ports = ports

    async def run(self, since: float) -> None:
        """For ever. The first time everything has been learnt already, at `since`."""
        pause, learnt = FIRST_PAUSE, True
        while True:
            try:
                if not learnt:
                    since = time.time()
                    await self._learn()
                    self._alive(True)
                    pause = FIRST_PAUSE
                async for event in self._client.events(since=f"{since:.9f}"):
                    # By the loop, so that an event that cannot be read is logged there and ends nothing here.
                    asyncio.get_running_loop().call_soon(self._take, event)
            except EngineError as error:
                log.warning("the engine does not answer: %s", error)
            learnt = False
            self._alive(False)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _take(self, event: Event) -> None:
        if take := _OTHERS.get(event.get("Type", "")):
            self._take_other(event, take)
        elif event.get("Type") == "container":
            self._take_container(event)

    def _take_other(self, event: Event, take: Callable[[Owned, str, Event], None]) -> None:
        """Of networks and volumes, whose events carry no labels: their names say who owns them."""
        actor = event["Actor"]
        name = actor["ID"] if event["Type"] == "volume" else actor["Attributes"].get("name", "")
        owner = labels.owner_of(name)
        owned = self._owner_of(owner[0]) if owner else None
        if owned is not None and owner is not None:
            take(owned, owner[1], event)
            owned.changed()
            if event["Action"] in ("connect", "disconnect"):
                self._ports.changed(owned)

    def _take_container(self, event: Event) -> None:
        actor = event["Actor"]
        owned = self._owner_of(actor["Attributes"].get(labels.SEAT, ""))
        container = owned.containers.get(actor["ID"]) if owned else None
        action = event["Action"].partition(":")[0]
        if owned is not None and actor["Attributes"].get(labels.ROLE) == labels.ROLE_TERMINAL and action in _MOVES:
            self._ports.terminal_changed(owned)
        if owned is None or container is None:
            return
        if action == "create":
            return  # told by the call itself, as it mostly comes before the call knows the id
        if action in ("pause", "unpause") and container.unheard:
            container.unheard -= 1
            return
        old_name = container.name
        if effect := _EFFECTS.get(action):
            effect(owned, container, actor["Attributes"])
        if action == "destroy" and container.auto_remove:
            self._leave_litter(owned, container)
        shown = answers.container_event(event, container.name, container.image, old_name if action == "rename" else "")
        owned.emit(shown)
        owned.changed()
        if action in _MOVES:
            self._ports.changed(owned)
        if fact := _fact(owned, container, action, event):
            self._publish(fact)

    def _leave_litter(self, owned: Owned, container: Container) -> None:
        """A container of `--rm` takes its anonymous volumes with it."""
        for name in container.volumes:
            volume = owned.volumes.get(name)
            if volume is not None and volume.anonymous:
                self._discard(owned, volume)


# ── What an event does to the seat's table ───────────────────────────────────────────────────────────────────────


def _start(owned: Owned, container: Container, attributes: Event) -> None:
    container.status, container.started, container.exit_code, container.oom_killed = "running", True, None, False
    container.starts += 1


def _die(owned: Owned, container: Container, attributes: Event) -> None:
    container.status, container.exit_code, container.published = "exited", _exit_code(attributes), ()
    container.ends += 1


def _oom(owned: Owned, container: Container, attributes: Event) -> None:
    container.oom_killed = True


def _pause(owned: Owned, container: Container, attributes: Event) -> None:
    container.status = "paused"


def _unpause(owned: Owned, container: Container, attributes: Event) -> None:
    container.status = "running"


def _rename(owned: Owned, container: Container, attributes: Event) -> None:
    container.name = attributes["name"].removeprefix("/").removeprefix(owned.on_engine(""))


def _destroy(owned: Owned, container: Container, attributes: Event) -> None:
    owned.forget(container)


def _exec_start(owned: Owned, container: Container, attributes: Event) -> None:
    if found := owned.execs.get(attributes.get("execID", "")):
        found.started = found.running = True


def _exec_die(owned: Owned, container: Container, attributes: Event) -> None:
    if found := owned.execs.get(attributes.get("execID", "")):
        found.running, found.exit_code = False, _exit_code(attributes)


def _exit_code(attributes: Event) -> int | None:
    """None where a label hides it: the engine puts an image's labels, too, over what it has to tell itself."""
    text = attributes["exitCode"]
    return int(text) if _EXIT_CODE.fullmatch(text) else None


_EFFECTS: Mapping[str, Callable[[Owned, Container, Event], None]] = {
    "start": _start,
    "die": _die,
    "oom": _oom,
    "pause": _pause,
    "unpause": _unpause,
    "rename": _rename,
    "destroy": _destroy,
    "exec_start": _exec_start,
    "exec_die": _exec_die,
}


def _network(owned: Owned, name: str, event: Event) -> None:
    identity, action = event["Actor"]["ID"], event["Action"]
    if action == "create" and owned.networks.get(identity) is None:
        owned.networks.add(Network(identity, name))  # the answer to the call brings its labels
    if action == "destroy":
        owned.networks.forget(identity)
    if name != DEFAULT_NETWORK or action in ("connect", "disconnect"):
        attributes = {"name": name, "type": "bridge"} | _member(owned, event)
        owned.emit(answers.event("network", action, identity, attributes, event["timeNano"]))


def _volume(owned: Owned, name: str, event: Event) -> None:
    if event["Action"] == "destroy":
        owned.volumes.forget(name)
    attributes = answers.only(("driver", "destination", "propagation", "read/write"), event["Actor"]["Attributes"])
    shown = attributes | _member(owned, event)
    owned.emit(answers.event("volume", event["Action"], name, shown, event["timeNano"]))


def _member(owned: Owned, event: Event) -> dict[str, str]:
    identity = event["Actor"]["Attributes"].get("container", "")
    return {"container": identity} if identity in owned.containers else {}


_OTHERS = {"network": _network, "volume": _volume}

# ── What an event says to the checks ─────────────────────────────────────────────────────────────────────────────

_FACTS = {
    "die": "exit",
    "oom": "oom",
    "pause": "pause",
    "unpause": "unpause",
    "destroy": "remove",
    "exec_die": "exec_exit",
}


def _fact(owned: Owned, container: Container, action: str, event: Event) -> Fact | None:
    if action not in _FACTS:
        return None
    attributes = event["Actor"]["Attributes"]
    exited = owned.execs.get(attributes.get("execID", "")) if action == "exec_die" else None
    return Fact(
        seat=owned.seat,
        action=_FACTS[action],
        source="event",
        at=event["timeNano"] / 1e9,
        target=container.id,
        name=container.name,
        image=container.image,
        command=exited.command if exited else container.command,
        # In other events it could be a label that a learner has made up.
        exit_code=_exit_code(attributes) if action in ("die", "exec_die") else None,
        flags=dict(exited.flags) if exited else {},
    )
