"""What a learner has passed: read it, add to it, take it back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, F, Value

from playground.checks.models import Attempt, CheckPass, Help, Position, StepPass, TimeSpent, Trip
from playground.clerk import Clerk
from playground.curriculum.model import Lesson, Step

off_loop = Clerk("progress")


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is passed in one lesson."""

    steps: frozenset[str] = frozenset()
    checks: frozenset[tuple[str, str]] = frozenset()  # (step, check key)
    # Beside what is passed: how each step was (StepPass.How), and when something of the lesson was passed last.
    hows: Mapping[str, str] = field(default_factory=dict, compare=False)
    last: datetime | None = field(default=None, compare=False)

    def of(self, step: str) -> frozenset[str]:
        """The keys of the step's passed checks."""
        return frozenset(key for of_step, key in self.checks if of_step == step)

    def plus(self, step: Step, keys: Collection[str]) -> "Ticks":
        """With these keys of the step passed too, and the step if they were all that was left of it."""
        passed = self.of(step.id) | set(keys)
        complete = all(goal.key in passed for goal in step.goals)
        steps = self.steps | {step.id} if complete else self.steps
        return replace(self, steps=steps, checks=self.checks | {(step.id, key) for key in keys})

    def first_unpassed(self, lesson: Lesson, after: str = "") -> Step | None:
        """The first step of the lesson to do: after the step `after` if one is left there, otherwise of all."""
        ids = [step.id for step in lesson.steps]
        begin = ids.index(after) + 1 if after in ids else 0
        ordered = lesson.steps[begin:] + lesson.steps[:begin]
        return next((step for step in ordered if step.id not in self.steps), None)


def ticks(learner_id: int, lesson: str) -> Ticks:
    """One query."""
    nothing = Value("", output_field=CharField())
    steps = StepPass.objects.filter(learner=learner_id, lesson=lesson).values_list("step", nothing, "how", "at")
    checks = CheckPass.objects.filter(learner=learner_id, lesson=lesson)
    checks = checks.values_list("step", "check_key", nothing, "at")
    rows = list(steps.union(checks))
    return Ticks(
        steps=frozenset(step for step, key, *_ in rows if not key),
        checks=frozenset((step, key) for step, key, *_ in rows if key),
        hows={step: how for step, key, how, _ in rows if not key},
        last=max((at for *_, at in rows), default=None),
    )


def steps_passed(learner_id: int) -> dict[str, frozenset[str]]:
    """The passed steps of the whole course, by lesson. One query."""
    passed: dict[str, set[str]] = defaultdict(set)
    for lesson, step in StepPass.objects.filter(learner=learner_id).values_list("lesson", "step"):
        passed[lesson].add(step)
    return {lesson: frozenset(steps) for lesson, steps in passed.items()}


def where_to_go_on(learner_id: int, lessons: Sequence[Lesson]) -> tuple[Lesson, Step] | None:
    """The step that the learner was at, or the first one left of that lesson, or of all; None: all is done."""
    passed = steps_passed(learner_id)
    position = position_of(learner_id)
    for lesson in sorted(lessons, key=lambda lesson: position is None or lesson.slug != position[0]):
        left = [step for step in lesson.steps if step.id not in passed.get(lesson.slug, frozenset())]
        if left:
            here = [step for step in left if position == (lesson.slug, step.id)]
            return lesson, (here or left)[0]
    return None


def position_of(learner_id: int) -> tuple[str, str] | None:
    """Lesson and step at hand; the step is "" when the lesson is done."""
    return Position.objects.filter(learner=learner_id).values_list("lesson", "step").first()


def stand_at(learner_id: int, lesson: str, step: str) -> None:
    Position.objects.bulk_create(
        [Position(learner_id=learner_id, lesson=lesson, step=step)],
        update_conflicts=True, unique_fields=["learner"], update_fields=["lesson", "step", "at"],
    )  # fmt: skip


@transaction.atomic
def record(
    learner_id: int,
    lesson: str,
    step: str,
    keys: Collection[str],
    *,
    step_passed: bool,
    next_step: str | None = None,
    played: bool = False,
) -> None:
    """Store passed checks, and the step when they were its last; what is stored already stays as it is. `next_step`
    is at hand from now on, "" for none left; with None the learner stays where they are. `played`: the playground
    typed the step's solve."""
    CheckPass.objects.bulk_create(
        [CheckPass(learner_id=learner_id, lesson=lesson, step=step, check_key=key) for key in keys],
        ignore_conflicts=True,
    )
    if step_passed:
        how = StepPass.How.PLAYED if played else _how(learner_id, lesson, step)
        passed = StepPass(learner_id=learner_id, lesson=lesson, step=step, how=how)
        StepPass.objects.bulk_create([passed], ignore_conflicts=True)
    if next_step is not None:
        stand_at(learner_id, lesson, next_step)


def _how(learner_id: int, lesson: str, step: str) -> StepPass.How:
    kinds = set(Help.objects.filter(learner=learner_id, lesson=lesson, step=step).values_list("kind", flat=True))
    known = (StepPass.How.SOLUTION, StepPass.How.HINT)
    return next((kind for kind in known if kind in kinds), StepPass.How.ALONE)


@dataclass(frozen=True, slots=True)
class Passed:
    """How and when a step was passed."""

    how: str  # one of StepPass.How
    at: datetime


def record_of(learner_id: int) -> dict[tuple[str, str], Passed]:
    """All that the learner has passed, by lesson and step. One query."""
    rows = StepPass.objects.filter(learner=learner_id).values_list("lesson", "step", "how", "at")
    return {(lesson, step): Passed(how, at) for lesson, step, how, at in rows}


def note_help(learner_id: int, lesson: str, step: str, kind: StepPass.How) -> None:
    """A hint or the solution was opened; after the step has passed that takes nothing away."""
    if StepPass.objects.filter(learner=learner_id, lesson=lesson, step=step).exists():
        return
    help = Help(learner_id=learner_id, lesson=lesson, step=step, kind=kind)
    Help.objects.bulk_create([help], ignore_conflicts=True)


def spend(learner_id: int, lesson: str, seconds: int) -> None:
    """Add to the learner's time in the lesson."""
    mine = TimeSpent.objects.filter(learner=learner_id, lesson=lesson)
    if not mine.update(seconds=F("seconds") + seconds):
        TimeSpent.objects.update_or_create(
            learner_id=learner_id, lesson=lesson, defaults={"seconds": F("seconds") + seconds},
            create_defaults={"seconds": seconds},
        )  # fmt: skip


def time_spent(learner_id: int) -> dict[str, int]:
    """Seconds, by lesson. One query."""
    return dict(TimeSpent.objects.filter(learner=learner_id).values_list("lesson", "seconds"))


def as_drawn(learner_id: int, lesson: Lesson) -> Lesson:
    """The lesson with what was drawn for this learner. One query, and none where nothing is drawn."""
    if not lesson.variants:
        return lesson
    numbers = Attempt.objects.filter(learner=learner_id, lesson=lesson.slug).values_list("number", flat=True)
    return variant_of(lesson, learner_id, numbers.first() or 0)


def variant_of(lesson: Lesson, learner_id: int, attempt: int) -> Lesson:
    """Which of a lesson's variants is the learner's, at the first attempt (0) and when it is begun again."""
    return lesson.variants[(learner_id + attempt) % len(lesson.variants)] if lesson.variants else lesson


@transaction.atomic
def reset(learner_id: int, lesson: str, step: str = "") -> None:
    """Take back the passes of a lesson, or of one of its steps. A whole lesson is drawn anew."""
    if not step:
        Attempt.objects.update_or_create(
            learner_id=learner_id, lesson=lesson, defaults={"number": F("number") + 1}, create_defaults={"number": 1}
        )
    for model in (CheckPass, StepPass, Help, Trip):
        passes = model.objects.filter(learner=learner_id, lesson=lesson)
        (passes.filter(step=step) if step else passes).delete()
