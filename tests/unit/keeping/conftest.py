"""Ada's life in the playground, as far as rows tell of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from playground.checks import progress
from playground.checks.models import CheckPass, Help, Position, StepPass, Trip
from playground.classroom import members, talking
from playground.classroom.models import Classroom, Delivery, Hand, Learner, Membership
from playground.seats.models import Seat, SeatRequest

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def guest(name: str, joined: float = 300) -> Learner:
    """Joined so many days ago, and gone at once."""
    made = Learner(username=f"guest-{name.lower()}", display_name=name, date_joined=days_ago(joined))
    made.set_unusable_password()
    made.save()
    return made


def sat(learner: Learner, days: float, state: Seat.State = Seat.State.ENDED) -> Seat:
    """Has a seat since so many days ago, or had one for an hour then."""
    began, hour = days_ago(days), timedelta(hours=1)
    ended = {"ended_at": began + hour, "ended_why": Seat.Why.IDLE} if state == Seat.State.ENDED else {}
    times = {"created_at": began, "lent_at": began, "seen_at": began, "ends_at": began + hour, **ended}
    return Seat.objects.create(instance=settings.INSTANCE, learner=learner, state=state, **times)


@pytest.fixture
def tess(db: None) -> Learner:
    return Learner.objects.create_user("tess", display_name="Tess")


@pytest.fixture
def classroom(tess: Learner) -> Classroom:
    return Classroom.objects.create(name="Monday", teacher=tess)


@pytest.fixture
def ada(classroom: Classroom) -> Learner:
    """With a row in every table that tells of a learner."""
    ada = guest("Ada")
    members.join(ada, classroom)
    talking.set_hand(ada.pk, up=True)
    talking.say(classroom, "Look at this:", "docker ps", [ada.pk])
    progress.note_help(ada.pk, "hello", "run", StepPass.How.HINT)
    Trip.objects.create(learner=ada, lesson="hello", step="run", kind=Trip.Kind.ERROR, what="name is already in use")
    progress.record(ada.pk, "hello", "run", ["a-check"], step_passed=True, next_step="think")
    progress.spend(ada.pk, "hello", 90)
    progress.reset(ada.pk, "later")
    sat(ada, 300)
    SeatRequest.objects.create(instance=settings.INSTANCE, learner=ada)
    return ada


def long_ago(learner: Learner) -> None:
    """All of it was 300 days ago."""
    then = days_ago(300)
    for model in (StepPass, CheckPass, Help, Position, Trip):
        model.objects.filter(learner=learner).update(at=then)
    Membership.objects.filter(learner=learner).update(joined_at=then)
    Hand.objects.filter(membership__learner=learner).update(raised_at=then)
    Delivery.objects.filter(learner=learner).update(read_at=then)
    SeatRequest.objects.filter(learner=learner).update(asked_at=then)
