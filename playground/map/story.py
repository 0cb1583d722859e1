"""What happened, told: each command as the way that it took. Pure: facts go in, moments with their steps come out."""

from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Literal

from playground.gateway.facts import Fact
from playground.map.titles import title
from playground.map.ways import EVENTS, HEAD, LACKS, PULLS, WAYS, Step, awaited, back, between, familiar, steps, without

REMEMBERED = 50  # moments
MOST_STEPS = 40  # of one moment: compose makes many
_OF_RUN = frozenset({"create", "run"})
TOGETHER = 2.0  # seconds in which an event belongs to the call whose answer follows it


@dataclass(frozen=True, slots=True)
class Moment:
    number: int
    at: float
    steps: tuple[Step, ...]
    command: str = ""  # "" for what happened by itself
    target: str = ""
    image: str = ""
    kind: Literal["call", "event", "run", "compose"] = "call"
    done: bool = True  # nothing of the command itself is to come
    awaits: frozenset[str] = frozenset()  # events of its target that are part of it all the same
    ok: bool = True

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "at": self.at,
            "command": self.command,
            "done": self.done,
            "ok": self.ok,
            "steps": [step.as_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class News:
    """Moments that are new or others than they were, and the numbers of those that became part of another."""

    moments: tuple[Moment, ...]
    gone: tuple[int, ...]


class Story:
    """One learner's last moments."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque(maxlen=REMEMBERED)
        self._next = 1
        self._changed: set[int] = set()
        self._gone: list[int] = []

    def take(self, fact: Fact) -> None:
        if fact.source == "event":
            self._take_event(fact)
        elif fact.part_of_compose or fact.action == "compose":
            self._take_compose(fact)
        elif fact.action in _OF_RUN or (fact.action == "pull" and fact.part_of_run):
            self._take_run(fact)
        elif not fact.part_of_run:  # by its other calls a CLI waits for what it runs
            self._take_call(fact)

    def news(self) -> News:
        """Since this was asked the last time."""
        changed, gone = self._changed, tuple(self._gone)
        self._changed, self._gone = set(), []
        return News(tuple(moment for moment in self._moments if moment.number in changed), gone)

    def _take_call(self, fact: Fact) -> None:
        before = self._events_of(fact)
        way = (*steps(fact, HEAD), *without(between(fact), before), *before, *back(fact))
        awaits = awaited(fact)
        self._put(Moment(0, fact.at, way, title(fact), fact.target, fact.image, ok=fact.ok, awaits=awaits), None)

    def _take_run(self, fact: Fact) -> None:
        """Its pull, its create and its start are one moment; so are those of a `docker create`."""
        begun = self._begun_run(fact)
        old = begun or Moment(0, fact.at, steps(fact, HEAD), kind="run", image=familiar(fact.image), done=False)
        lacks = fact.action == "create" and fact.status == 404 and not fact.target  # the CLI pulls it, and tries again
        creates = fact.action == "create" and fact.ok and not fact.part_of_run
        done = not lacks and (creates or fact.action == "run" or not fact.ok)
        told = tuple(step for step in old.steps if not step.of_event)
        events = tuple(step for step in old.steps if step.of_event)
        pulls = lacks or fact.action == "pull"
        more = without(steps(fact, LACKS if lacks else PULLS) if pulls else between(fact), told)
        new = replace(
            old,
            steps=(*told, *more, *(back(fact) if done else ()), *events),
            command=title(fact if creates else replace(fact, action="run")),
            target="" if pulls else fact.target,
            done=done,
            ok=fact.ok or lacks,
            awaits=awaited(fact),
        )
        self._put(new, begun)

    def _take_compose(self, fact: Fact) -> None:
        """Its words come with its end."""
        last = self._moments[-1] if self._moments else None
        begun = last if last and last.kind == "compose" and not last.done else None
        old = begun or Moment(0, fact.at, steps(fact, HEAD), "docker compose …", kind="compose", done=False)
        if fact.action == "compose":
            new = replace(old, steps=(*old.steps, *back(fact)), command=title(fact), done=True, ok=fact.ok)
        elif fact.action in WAYS and fact.ok:
            new = replace(old, steps=(*old.steps, *without(between(fact), old.steps)))
        else:
            return
        self._put(new, begun)

    def _take_event(self, fact: Fact) -> None:
        if fact.action not in EVENTS:
            return  # what paused it says so itself
        happened = steps(fact, EVENTS[fact.action])
        last = self._moments[-1] if self._moments else None
        if last and (_is_part(last, fact) or (last.kind == "compose" and not last.done)):
            self._put(replace(last, steps=(*last.steps, *without(happened, last.steps))), last)
        else:
            self._put(Moment(0, fact.at, happened, target=fact.target, kind="event"), None)

    def _begun_run(self, fact: Fact) -> Moment | None:
        return next(
            (
                moment
                for moment in reversed(self._moments)
                if moment.kind == "run"
                and not moment.done
                and moment.target in ("", fact.target)
                and moment.image == familiar(fact.image)
            ),
            None,
        )

    def _events_of(self, fact: Fact) -> tuple[Step, ...]:
        """The engine's events can overtake the answer to the call that they belong to: they become part of it."""
        found: list[Step] = []
        while self._moments:
            last = self._moments[-1]
            belongs = last.target == fact.target or fact.action == "prune"
            if last.kind != "event" or not belongs or fact.at - last.at > TOGETHER:
                break
            found = [*last.steps, *found]
            self._gone.append(last.number)
            self._moments.pop()
        return tuple(found)

    def _put(self, new: Moment, old: Moment | None) -> None:
        bounded = replace(new, number=old.number if old else self._next, steps=new.steps[:MOST_STEPS])
        if old:
            self._moments[self._moments.index(old)] = bounded
        else:
            self._moments.append(bounded)
            self._next += 1
        self._changed.add(bounded.number)


def _is_part(moment: Moment, event: Fact) -> bool:
    return moment.target == event.target and (not moment.done or event.action in moment.awaits)
