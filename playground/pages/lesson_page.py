"""A lesson as its page shows it to one learner: steps, their ticks, addresses and neighbours. No HTTP, no queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from playground.checks.progress import Ticks
from playground.curriculum.model import Check, Lesson, Quiz, Step

END = "~end"  # the address of a lesson's last page; no step can be called so


@dataclass(frozen=True, slots=True)
class ShownGoal:
    key: str
    text: str
    passed: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    id: str
    title: str
    html: str
    url: str
    passed: bool
    current: bool
    has_solve: bool
    how: str  # it was passed, one of StepPass.How; "" as long as it is not
    goals: tuple[ShownGoal, ...]
    previous_url: str
    next_url: str


def shown_steps(lesson: Lesson, current: str, ticks: Ticks) -> list[ShownStep]:
    """`current` is a step's id, or END for none of them."""
    addresses = [reverse("step", args=[lesson.slug, step.id]) for step in lesson.steps]
    before = ["", *addresses]
    after = [*addresses[1:], reverse("lesson-end", args=[lesson.slug])]
    return [
        ShownStep(
            id=step.id,
            title=step.title,
            html=step.html,
            url=address,
            passed=step.id in ticks.steps,
            current=step.id == current,
            has_solve=bool(step.solve),
            how=ticks.hows.get(step.id, ""),
            goals=tuple(_goals(step, ticks)),
            previous_url=previous,
            next_url=following,
        )
        for step, address, previous, following in zip(lesson.steps, addresses, before, after, strict=False)
    ]


def _goals(step: Step, ticks: Ticks) -> list[ShownGoal]:
    """In a passed step all are ticked, those too that were written after the learner had passed it."""
    keys = ticks.of(step.id)
    everything = step.id in ticks.steps
    return [ShownGoal(goal.key, goal.goal or _unnamed(goal), everything or goal.key in keys) for goal in step.goals]


def _unnamed(goal: Check | Quiz) -> str:
    """What to show for a goal that its author gave no words."""
    return _("Answer the question") if isinstance(goal, Quiz) or goal.asks else _("Do what this step asks")


def progress_of(lesson: Lesson, ticks: Ticks, says: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """What a page that is open needs to draw the ticks anew. `says`: step -> check key -> what helps on."""
    return {
        step.id: {
            "passed": step.id in ticks.steps,
            "how": ticks.hows.get(step.id, ""),
            "goals": {
                goal.key: {"passed": goal.passed, "says": says.get(step.id, {}).get(goal.key, "")}
                for goal in _goals(step, ticks)
            },
        }
        for step in lesson.steps
    }
