"""One seat's desk: every connection of the seat comes here, is counted, and has its calls decided and told of."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

from playground.engine.errors import Conflict, EngineError, EngineGone, NotFound
from playground.gateway.call import Call, Ground, Outcome
from playground.gateway.facts import Fact
from playground.gateway.framing import Head
from playground.gateway.handlers import HANDLERS
from playground.gateway.invocation import Invocation, Invocations
from playground.gateway.limits import Limits
from playground.gateway.owned import Owned
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.messages import UNKNOWN, learners_text
from playground.gateway.policy.pace import Pace
from playground.gateway.policy.routes import FAMILIES, match
from playground.gateway.policy.target import parse_lists, parse_query, parse_target
from playground.gateway.room import Room

log = logging.getLogger(__name__)

GONE = Refused(503, "The playground's engine is not answering; it will be back by itself. Try again in a moment.")
TOO_FAST_DELAY = 1.0  # seconds: of calls that come all at once, one with a better reason to be refused is told first
RUN_CALLS = frozenset({"attach", "wait", "resize", "run"})  # what a `docker run` does after its create
LOOKS = frozenset({"inspect", "info", "version"})  # commands of their own, and the first step of many others
LOOKS_ON = frozenset({"info", *FAMILIES})  # for what was no container, image, network or volume
_STREAM_NAMES = {
    "long": "streams (docker logs -f, stats, events, wait)",
    "upgrade": "docker attach, run and exec",
    "transfer": "docker cp, export, save and build",
}


class Desk:
    def __init__(
        self,
        ground: Ground,
        owned: Owned,
        cgroup_parent: str,
        tell: Callable[[Fact], None],
        is_alive: Callable[[], bool],
    ) -> None:
        self.owned = owned
        self.limits: Limits = ground.limits
        self.full = Refused(429, f"You have {self.limits.connections} docker commands open at once: end one first.")
        self._places = asyncio.Semaphore(self.limits.connections)
        self.invocations = Invocations()
        self._ground = ground
        self._cgroup_parent = cgroup_parent
        self._tell = tell
        self._is_alive = is_alive
        self._streams: Counter[str] = Counter()
        self._pace = Pace(ground.limits, time.monotonic())

    @property
    def memory(self) -> Room:
        return self._ground.memory

    @property
    def engine_version(self) -> str:
        return self._ground.engine.version

    def call(self, head: Head, invocation: Invocation) -> Call:
        """Raises Refused where the table has no row for it."""
        target = parse_target(head.target)
        route, params = match(head.method, target.segments)
        call = Call(
            ground=self._ground,
            owned=self.owned,
            cgroup_parent=self._cgroup_parent,
            invocation=invocation,
            route=route,
            params=params,
            query=parse_query(target.query, route.query, route.lists),
            lists=parse_lists(target.query, route.lists),
            upgrade=head.upgrade,
        )
        call.note.action = route.action
        return call

    async def turn(self, call: Call) -> bool:
        """Wait until the call may begin; whether that took a while. Raises Refused."""
        try:
            seconds = self._pace.wait(call.route.handler, time.monotonic())
        except Refused:
            await asyncio.sleep(TOO_FAST_DELAY)
            raise
        await asyncio.sleep(seconds)
        return seconds > 0

    def give_back(self, call: Call) -> None:
        """The call whose turn it was is not made."""
        self._pace.give_back(call.route.handler)

    async def handle(self, call: Call) -> Outcome:
        if not self._is_alive() and call.route.decision != "synth":
            raise GONE
        return await HANDLERS[call.route.handler](call)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[bool]:
        """One among the connections that are served at once, waited for a while; whether there was one."""
        try:
            async with asyncio.timeout(self.limits.connection_wait):
                await self._places.acquire()
        except TimeoutError:
            yield False
            return
        try:
            yield True
        finally:
            self._places.release()

    @contextmanager
    def room_for(self, stream: str) -> Iterator[None]:
        """A place among the streams of this kind that may be open at once."""
        most = {
            "long": self.limits.long_streams,
            "upgrade": self.limits.upgrades,
            "transfer": self.limits.transfers,
        }[stream]
        if self._streams[stream] >= most:
            raise Refused(429, f"You have {most} {_STREAM_NAMES[stream]} open at once: end one first.")
        self._streams[stream] += 1
        try:
            yield
        finally:
            self._streams[stream] -= 1

    def refusal(self, call: Call, error: EngineError) -> Refused:
        """What a learner is told of the engine's error; the engine's own words stand in the log where that says
        nothing."""
        if isinstance(error, EngineGone):
            return GONE
        message = learners_text(str(error), self.owned.on_engine(""), call.params.get("container", ""))
        if isinstance(error, NotFound | Conflict):
            return Refused(error.status, message)
        if message == UNKNOWN:  # else it is a mistake that the learner can read of, and make in a loop
            log.warning("seat %s: the engine answered %s: %.500s", self.owned.seat, error.status, error)
        return Refused(error.status if 400 <= error.status < 500 else 400, message)

    # ── Facts ────────────────────────────────────────────────────────────────────────────────────────────────────

    def publish(self, call: Call, status: int, error: str) -> None:
        """The call's fact, its answer being on the way. Some wait for the next call of their process, or for its end:
        only then is it known whether a create was a `docker run`, or an inspect the beginning of a `docker exec`."""
        note, invocation = call.note, call.invocation
        if not note.action:
            return
        fact = replace(self._fact(call, note.action), status=status, error=error)
        invocation.has_called = True
        if note.action in LOOKS and _lacks_image(invocation.waiting):
            return  # it looks up where to pull from
        if note.action in LOOKS_ON and _found_nothing(invocation.waiting):
            return  # `docker inspect` looks among all kinds of things, those included that are not here
        if fact.part_of_compose:
            if not fact.ok and call.route.method != "GET":  # what is not there yet, compose makes
                invocation.refused = fact
            self._tell(fact)
            return
        self._settle(invocation, fact)
        if note.held_back or note.action in LOOKS:
            invocation.waiting = fact
        else:
            self._tell(fact)

    def _fact(self, call: Call, action: str) -> Fact:
        note = call.note
        return Fact(
            seat=self.owned.seat,
            action=action,
            source="call",
            at=time.time(),
            target=note.target,
            name=note.name,
            image=note.image,
            command=note.command,
            exit_code=note.exit_code,
            flags=note.flags,
            part_of_run=note.part_of_run and action != "detach",
            part_of_compose=call.invocation.compose is not None,
        )

    def let_go(self, call: Call) -> None:
        """The client of a raw stream is gone before the stream's end. The keys for it never leave the CLI."""
        note, container = call.note, self.owned.containers.get(call.note.target)
        was_terminal = note.action == "attach" and note.flags.get("interactive") and note.flags.get("tty")
        if was_terminal and container is not None and container.status in ("running", "paused"):
            self._tell(self._fact(call, "detach"))

    def _settle(self, invocation: Invocation, following: Fact | None) -> None:
        waiting, invocation.waiting = invocation.waiting, None
        if waiting is None:
            return
        if waiting.action == "create":
            self._tell(replace(waiting, part_of_run=following is not None and _goes_on(waiting, following)))
        elif following is None or (following.action == waiting.action and not _found_nothing(waiting)):
            self._tell(waiting)

    def leave(self, invocation: Invocation) -> None:
        """One of the process' connections was closed."""
        if not self.invocations.leave(invocation):
            return
        self._settle(invocation, None)
        if invocation.compose is not None and invocation.has_called:
            status, error = (refused.status, refused.error) if (refused := invocation.refused) else (200, "")
            seat, words = self.owned.seat, invocation.compose
            self._tell(Fact(seat, "compose", "call", time.time(), status, command=words, error=error))


def _goes_on(create: Fact, following: Fact) -> bool:
    """Whether they are steps of one command; a create that lacked its image is tried again after a pull."""
    return following.part_of_run or (following.action in RUN_CALLS and following.target == create.target)


def _found_nothing(waiting: Fact | None) -> bool:
    return waiting is not None and waiting.action == "inspect" and not waiting.ok


def _lacks_image(waiting: Fact | None) -> bool:
    return waiting is not None and waiting.action == "create" and not waiting.ok
