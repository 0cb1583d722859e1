"""What a classroom's learners have done, read for the roster and the results: a few queries, however many they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from playground.checks.models import Help, Position, StepPass, TimeSpent, Trip
from playground.classroom.models import Classroom, Membership
from playground.classroom.results import Person
from playground.classroom.roster import Member, Roster, StepDone, roster
from playground.classroom.steps import Somebody, Steps, StepTripped, steps
from playground.classroom.trips import StepTrip
from playground.curriculum.model import Lesson

_LATELY = timedelta(hours=1)


def roster_of(classroom: Classroom, lessons: Sequence[Lesson], seen: Mapping[int, datetime]) -> Roster:
    """`seen`: learner -> when a terminal of theirs was open last."""
    here = Membership.objects.filter(classroom=classroom, left_at=None)
    members = [
        Member(pk, name or username, joined, seen.get(pk), raised)
        for pk, name, username, joined, raised in here.values_list(
            "learner", "learner__display_name", "learner__username", "joined_at", "hand__raised_at"
        )
    ]
    now = timezone.now()
    return roster(members, _passed(here), _at_hand(here), lessons, now, _trips(here, now))


def steps_of(classroom: Classroom, lessons: Sequence[Lesson], seen: Mapping[int, datetime]) -> Steps:
    """How the class gets through its lessons, those who have left included."""
    everybody = Membership.objects.filter(classroom=classroom)
    people = [
        Somebody(Member(pk, "", joined, seen.get(pk)), left)
        for pk, joined, left in everybody.values_list("learner", "joined_at", "left_at")
    ]
    learners = everybody.values("learner")
    trips = Trip.objects.filter(learner__in=learners).values_list("lesson", "step", "kind", "what")
    counted = trips.annotate(learners=Count("learner"), times=Sum("count"))
    return steps(
        people, _passed(everybody), _at_hand(everybody), lessons, timezone.now(), [StepTripped(*row) for row in counted]
    )


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


def _at_hand(members: QuerySet[Membership]) -> dict[int, tuple[str, str]]:
    rows = Position.objects.filter(learner__in=members.values("learner")).values_list("learner", "lesson", "step")
    return {learner: (lesson, step) for learner, lesson, step in rows}


def _trips(members: QuerySet[Membership], now: datetime) -> list[StepTrip]:
    """Those on the steps at hand, and all of late."""
    here = Q(lesson=F("learner__position__lesson"), step=F("learner__position__step"))
    rows = Trip.objects.filter(here | Q(at__gte=now - _LATELY), learner__in=members.values("learner"))
    return [StepTrip(*row) for row in rows.values_list("learner", "lesson", "step", "kind", "what", "count")]
