"""What a classroom's learners have done, for a spreadsheet or another program. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from playground.classroom.roster import StepDone
from playground.curriculum.model import Lesson

COLUMNS = ("learner", "lesson", "step", "passed_at", "how", "hints", "seconds_on_lesson")
# With one of these at its beginning, a spreadsheet would take a name for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    joined_at: datetime
    passed: Mapping[tuple[str, str], StepDone]  # by lesson and step
    seconds: Mapping[str, int]  # at work, by lesson
    hints: frozenset[tuple[str, str]]  # steps of which a hint or the solution was opened


def as_csv(people: Sequence[Person], lessons: Sequence[Lesson]) -> str:
    """A line for each learner and step; `passed_at` is empty for what is not passed."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for person in people:
        name = f"'{person.name}" if person.name.startswith(_FORMULA) else person.name
        for lesson in lessons:
            for step in lesson.steps:
                done = person.passed.get((lesson.slug, step.id))
                when = (done.at.isoformat(timespec="seconds"), done.how) if done else ("", "")
                hint = int((lesson.slug, step.id) in person.hints)
                lines.writerow((name, lesson.slug, step.id, *when, hint, person.seconds.get(lesson.slug, 0)))
    return text.getvalue()


def as_data(name: str, people: Sequence[Person], lessons: Sequence[Lesson]) -> dict[str, object]:
    """The same for JSON."""
    return {"classroom": name, "learners": [_person(person, lessons) for person in people]}


def _person(person: Person, lessons: Sequence[Lesson]) -> dict[str, object]:
    return {
        "name": person.name,
        "joined_at": person.joined_at.isoformat(timespec="seconds"),
        "lessons": [
            {
                "lesson": lesson.slug,
                "seconds": person.seconds.get(lesson.slug, 0),
                "steps": [_step(person, lesson.slug, step.id) for step in lesson.steps],
            }
            for lesson in lessons
        ],
    }


def _step(person: Person, lesson: str, step: str) -> dict[str, object]:
    done = person.passed.get((lesson, step))
    return {
        "step": step,
        "passed_at": done.at.isoformat(timespec="seconds") if done else None,
        "how": done.how if done else None,
        "hints": (lesson, step) in person.hints,
    }
