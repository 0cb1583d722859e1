"""What a learner has passed: read it, add to it, take it back."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, F, Value

from playground.checks.models import Attempt, CheckPass, Position, StepPass
from playground.curriculum.course import Course
from playground.curriculum.model import Lesson, Step


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is passed in one lesson."""

    steps: frozenset[str] = frozenset()
    checks: frozenset[tuple[str, str]] = frozenset()  # (step, check key)

    def of(self, step: str) -> frozenset[str]:
        """The keys of the step's passed checks."""
        return frozenset(key for of_step, key in self.checks if of_step == step)

    def plus(self, step: Step, keys: Collection[str]) -> "Ticks":
        """With these keys of the step passed too, and the step if they were all that was left of it."""
        passed = self.of(step.id) | set(keys)
        complete = all(goal.key in passed for goal in step.goals)
        return Ticks(self.steps | {step.id} if complete else self.steps, self.checks | {(step.id, key) for key in keys})

    def first_unpassed(self, lesson: Lesson, after: str = "") -> Step | None:
        """The first step of the lesson to do: after the step `after` if one is left there, otherwise of all."""
        ids = [step.id for step in lesson.steps]
        begin = ids.index(after) + 1 if after in ids else 0
        ordered = lesson.steps[begin:] + lesson.steps[:begin]
        return next((step for step in ordered if step.id not in self.steps), None)


def ticks(learner_id: int, lesson: str) -> Ticks:
    """One query."""
    no_key = Value("", output_field=CharField())
    steps = StepPass.objects.filter(learner=learner_id, lesson=lesson).values_list("step", no_key)
    checks = CheckPass.objects.filter(learner=learner_id, lesson=lesson).values_list("step", "check_key")
    rows = list(steps.union(checks))
    return Ticks(
        steps=frozenset(step for step, key in rows if not key),
        checks=frozenset((step, key) for step, key in rows if key),
    )


def steps_passed(learner_id: int) -> dict[str, frozenset[str]]:
    """The passed steps of the whole course, by lesson. One query."""
    passed: dict[str, set[str]] = defaultdict(set)
    for lesson, step in StepPass.objects.filter(learner=learner_id).values_list("lesson", "step"):
        passed[lesson].add(step)
    return {lesson: frozenset(steps) for lesson, steps in passed.items()}


def where_to_go_on(learner_id: int, course: Course) -> tuple[Lesson, Step] | None:
    """The step that the learner was at, or the first one left of that lesson, or of the course; None: all is done."""
    passed = steps_passed(learner_id)
    position = position_of(learner_id)
    lessons = sorted(course.lessons, key=lambda lesson: position is None or lesson.slug != position[0])
    for lesson in lessons:
        left = [step for step in lesson.steps if step.id not in passed.get(lesson.slug, frozenset())]
        if left:
            here = [step for step in left if position == (lesson.slug, step.id)]
            return lesson, (here or left)[0]
    return None


def position_of(learner_id: int) -> tuple[str, str] | None:
    """Lesson and step at hand; the step is "" when the lesson is done."""
    return Position.objects.filter(learner=learner_id).values_list("lesson", "step").first()


def stand_at(learner_id: int, lesson: str, step: str) -> None:
    Position.objects.update_or_create(learner_id=learner_id, defaults={"lesson": lesson, "step": step})


@transaction.atomic
def record(
    learner_id: int, lesson: str, step: str, keys: Collection[str], *, step_passed: bool, next_step: str | None = None
) -> None:
    """Store passed checks, and the step when they were its last; what is stored already stays as it is. `next_step`
    is at hand from now on, "" for none left; with None the learner stays where they are."""
    CheckPass.objects.bulk_create(
        [CheckPass(learner_id=learner_id, lesson=lesson, step=step, check_key=key) for key in keys],
        ignore_conflicts=True,
    )
    if step_passed:
        passed = StepPass(learner_id=learner_id, lesson=lesson, step=step)
        StepPass.objects.bulk_create([passed], ignore_conflicts=True)
    if next_step is not None:
        stand_at(learner_id, lesson, next_step)


def as_drawn(learner_id: int, lesson: Lesson) -> Lesson:
    """The lesson with what was drawn for this learner. One query, and none where nothing is drawn."""
    if not lesson.variants:
        return lesson
    numbers = Attempt.objects.filter(learner=learner_id, lesson=lesson.slug).values_list("number", flat=True)
    return lesson.variants[(learner_id + (numbers.first() or 0)) % len(lesson.variants)]


@transaction.atomic
def reset(learner_id: int, lesson: str, step: str = "") -> None:
    """Take back the passes of a lesson, or of one of its steps. A whole lesson is drawn anew."""
    if not step:
        Attempt.objects.update_or_create(
            learner_id=learner_id, lesson=lesson, defaults={"number": F("number") + 1}, create_defaults={"number": 1}
        )
    for model in (CheckPass, StepPass):
        passes = model.objects.filter(learner=learner_id, lesson=lesson)
        (passes.filter(step=step) if step else passes).delete()
