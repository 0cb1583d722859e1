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
from playground.gateway.facts import Fact
from playground.gateway.owned import Container, Owned
from playground.gateway.policy import answers

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
_EXIT_CODE = re.compile(r"-?[0-9]{1,10}")

Event = Mapping[str, Any]


class Follower:
    """`learn` is called before each subscription, `alive` whenever the engine comes or goes."""

    def __init__(
        self,
        client: EngineClient,
        learn: Callable[[], Awaitable[None]],
        owner_of: Callable[[str], Owned | None],
        publish: Callable[[Fact], None],
        alive: Callable[[bool], None],
    ) -> None:
        self._client = client
        self._learn = learn
        self._owner_of = owner_of
        self._publish = publish
        self._alive = alive

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
        if event.get("Type") != "container":
            return
        actor = event["Actor"]
        owned = self._owner_of(actor["Attributes"].get(labels.SEAT, ""))
        container = owned.containers.get(actor["ID"]) if owned else None
        if owned is None or container is None:
            return
        action = event["Action"].partition(":")[0]
        if action == "create":
            return  # told by the call itself, as it mostly comes before the call knows the id
        if action in ("pause", "unpause") and container.unheard:
            container.unheard -= 1
            return
        old_name = container.name
        if effect := _EFFECTS.get(action):
            effect(owned, container, actor["Attributes"])
        shown = answers.container_event(event, container.name, container.image, old_name if action == "rename" else "")
        owned.emit(shown)
        owned.changed()
        if fact := _fact(owned, container, action, event):
            self._publish(fact)


# ── What an event does to the seat's table ───────────────────────────────────────────────────────────────────────


def _start(owned: Owned, container: Container, attributes: Event) -> None:
    container.status, container.started, container.exit_code, container.oom_killed = "running", True, None, False
    container.starts += 1


def _die(owned: Owned, container: Container, attributes: Event) -> None:
    container.status, container.exit_code = "exited", _exit_code(attributes)
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
