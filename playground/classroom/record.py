"""What a classroom's learners have done, read for the roster and the results: a few queries, however many they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from playground.checks.models import Help, Position, StepPass, TimeSpent
from playground.classroom.models import Classroom, Membership
from playground.classroom.results import Person
from playground.classroom.roster import Member, Roster, StepDone, roster
from playground.curriculum.model import Lesson


def roster_of(classroom: Classroom, lessons: Sequence[Lesson], seen: Mapping[int, datetime]) -> Roster:
    """`seen`: learner -> when a terminal of theirs was open last."""
    here = Membership.objects.filter(classroom=classroom, left_at=None)
    members = [
        Member(pk, name or username, joined, seen.get(pk), raised)
        for pk, name, username, joined, raised in here.values_list(
            "learner", "learner__display_name", "learner__username", "joined_at", "hand__raised_at"
        )
    ]
    passed = _passed(here)
    positions = Position.objects.filter(learner__in=here.values("learner")).values_list("learner", "lesson", "step")
    at_hand = {learner: (lesson, step) for learner, lesson, step in positions}
    return roster(members, passed, at_hand, lessons, timezone.now())


def people_of(classroom: Classroom) -> list[Person]:
    """All who are in the classroom or were, by name."""
    everybody = Membership.objects.filter(classroom=classroom)
    learners = everybody.values("learner")
    passed: dict[int, dict[tuple[str, str], StepDone]] = defaultdict(dict)
    for done in _passed(everybody):
        passed[done.learner_id][done.lesson, done.step] = done
    seconds: dict[int, dict[str, int]] = defaultdict(dict)
    for learner, lesson, spent in TimeSpent.objects.filter(learner__in=learners).values_list(
        "learner", "lesson", "seconds"
    ):
        seconds[learner][lesson] = spent
    hints: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for learner, lesson, step in Help.objects.filter(learner__in=learners).values_list("learner", "lesson", "step"):
        hints[learner].add((lesson, step))
    names = everybody.values_list("learner", "learner__display_name", "learner__username", "joined_at")
    return [
        Person(name or username, joined, passed[pk], seconds[pk], frozenset(hints[pk]))
        for pk, name, username, joined in names.order_by("learner__display_name", "learner")
    ]


def _passed(members: QuerySet[Membership]) -> list[StepDone]:
    rows = StepPass.objects.filter(learner__in=members.values("learner"))
    return [StepDone(*row) for row in rows.values_list("learner", "lesson", "step", "at", "how")]
