"""Somebody at a step of a lesson, on paper: which checks tick while a block is typed, and what is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from playground.checks.kinds import Check, evaluate
from playground.checks.seen import Found, Probe, Seen
from playground.curriculum.model import Step
from playground.gateway.facts import Fact
from tests.unit.lessons.paper.shell import Seat


@dataclass(frozen=True)
class Outcome:
    left: tuple[Check, ...]  # that have not come true
    says: tuple[str, ...]


def at(steps: Sequence[Step]) -> Seat:
    """A seat in which the solves of these steps were typed."""
    seat = Seat()
    for step in steps:
        seat.type(step.solve)
    return seat


def hold(step: Step, seat: Seat, script: str) -> Outcome:
    """As the watch does it: at every fact each check is looked at that is not ticked yet."""
    open_checks = {check.key: check for check in step.checks if isinstance(check, Check) and not check.asks}
    since = len(seat.facts)

    def look() -> Outcome:
        says = []
        for key, check in list(open_checks.items()):
            found = {probe: _found(seat, probe) for probe in check.probes()}
            verdict = evaluate(check, Seen(seat.facts, since, seat.paper.state(), found))
            if verdict.passed:
                del open_checks[key]
            elif verdict.says:
                says.append(verdict.says)
        return Outcome(tuple(open_checks.values()), tuple(says))

    def on_fact(fact: Fact) -> None:
        seat.facts.append(fact)
        look()

    seat.on_fact = on_fact
    look()
    seat.type(script)
    return look()


def _found(seat: Seat, probe: Probe) -> Found:
    if probe.log_of:
        held = next((one for one in seat.paper.containers if one.name == probe.log_of), None)
        return Found(1, "") if held is None else Found(0, seat.paper.log(held))
    path = next(word for word in " ".join(probe.argv).split() if word.startswith("/"))
    return Found(0, seat.files[path]) if path in seat.files else Found(1, "")
