"""Who is in which classroom: joining, leaving, and the end of a classroom."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from playground.classroom import codes
from playground.classroom.models import GUEST, Classroom, Hand, Learner, Membership


def with_code(typed: str) -> Classroom | None:
    """The open classroom with this code. A closed one, an unknown code and what is no code are one answer."""
    code = codes.tidy(typed)
    return Classroom.objects.filter(code=code, is_open=True).first() if code else None


def classroom_of(learner_id: int) -> Classroom | None:
    """The open classroom that the learner is in. One query."""
    return Classroom.objects.filter(memberships__learner=learner_id, memberships__left_at=None, is_open=True).first()


def classrooms_of(learners: Collection[int]) -> dict[int, int]:
    """The open classroom that each of them is in, where they are in one. One query."""
    here = Membership.objects.filter(learner__in=learners, left_at=None, classroom__is_open=True)
    return dict(here.values_list("learner", "classroom"))


def still_open(classrooms: Collection[int]) -> set[int]:
    """Which of these are there and open. One query."""
    return set(Classroom.objects.filter(pk__in=classrooms, is_open=True).values_list("pk", flat=True))


@transaction.atomic
def join(learner: Learner, classroom: Classroom) -> None:
    """Leaves the classroom that the learner was in; joining again is coming back."""
    Learner.objects.select_for_update().get(pk=learner.pk)  # two tabs that join at once do so one after the other
    leave(learner)
    Membership.objects.update_or_create(
        classroom=classroom, learner=learner, defaults={"left_at": None}, create_defaults={}
    )


def leave(learner: Learner) -> None:
    """A raised hand goes down with it."""
    Hand.objects.filter(membership__learner=learner).delete()
    Membership.objects.filter(learner=learner, left_at=None).update(left_at=timezone.now())


def take_over(guest: Learner, learner: Learner) -> None:
    """The guest turned out to be this learner, who is in the guest's classroom now, unless in one of their own."""
    classroom = classroom_of(guest.pk)
    if classroom is not None and classroom_of(learner.pk) is None:
        leave(guest)
        join(learner, classroom)


def close(classroom: Classroom) -> None:
    """Nobody can join, and nobody's hand is up."""
    Hand.objects.filter(membership__classroom=classroom).delete()
    classroom.is_open = False
    classroom.save(update_fields=["is_open"])


def here(classroom: Classroom) -> QuerySet[Learner]:
    """All who are in it."""
    return Learner.objects.filter(memberships__classroom=classroom, memberships__left_at=None)


def people_of(classroom: Classroom) -> list[Learner]:
    return list(here(classroom))


def guests_of(classroom: Classroom) -> list[Learner]:
    """Whose data nobody else has a use for, once the classroom is deleted: guests who are in it, or were last."""
    guests = Learner.objects.filter(memberships__classroom=classroom, username__startswith=GUEST)
    elsewhere = Membership.objects.filter(left_at=None).exclude(classroom=classroom).values("learner")
    return list(guests.exclude(pk__in=elsewhere))


@transaction.atomic
def delete(classroom: Classroom) -> None:
    """The classroom, and everything about the guests who were in it. Accounts keep what is theirs."""
    Learner.objects.filter(pk__in=[guest.pk for guest in guests_of(classroom)]).delete()
    classroom.delete()
