"""Guests of whom nothing was seen for long go, and nobody else does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from playground.checks import progress
from playground.checks.models import Position
from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.keeping import daily
from playground.keeping.exporting import TABLES
from playground.keeping.forgetting import BATCH, Forgotten, forget_some, unseen_guests
from playground.seats.models import Seat
from tests.unit.keeping.conftest import NOW, days_ago, guest, long_ago, sat

pytestmark = pytest.mark.django_db


def forget(days: int = 180) -> Forgotten:
    return forget_some(NOW, days)


def test_a_guest_unseen_for_long_goes_with_all_that_is_theirs(ada: Learner, tess: Learner) -> None:
    long_ago(ada)
    assert forget() == Forgotten(guests=1)
    assert list(Learner.objects.all()) == [tess]
    of_adas = [table for table in TABLES.values() if table.learner in ("learner", "membership__learner")]
    assert not any(table.rows._default_manager.exists() for table in of_adas)


def has_a_seat(learner: Learner) -> None:
    sat(learner, 300, Seat.State.LENT)


def sat_lately(learner: Learner) -> None:
    sat(learner, 100)


def opened_a_lesson(learner: Learner) -> None:
    progress.stand_at(learner.pk, "hello", "run")
    Position.objects.update(at=days_ago(179))


def passed_a_step(learner: Learner) -> None:
    progress.record(learner.pk, "hello", "run", [], step_passed=True)


def joined_a_classroom(learner: Learner) -> None:
    teacher = Learner.objects.create_user("tom")
    members.join(learner, Classroom.objects.create(name="Monday", teacher=teacher))


def holds_a_classroom(learner: Learner) -> None:
    Classroom.objects.create(name="Monday", teacher=learner)


def was_here(learner: Learner) -> None:
    Learner.objects.filter(pk=learner.pk).update(last_login=days_ago(179))


@pytest.mark.parametrize(
    "trace", [has_a_seat, sat_lately, opened_a_lesson, passed_a_step, joined_a_classroom, was_here, holds_a_classroom]
)
@pytest.mark.usefixtures("db")
def test_a_guest_who_was_seen_since_stays(trace: Callable[[Learner], None]) -> None:
    ada, ben = guest("Ada"), guest("Ben")
    trace(ada)
    assert forget().guests == 1
    assert Learner.objects.filter(pk=ada.pk).exists()
    assert not Learner.objects.filter(pk=ben.pk).exists()


def test_a_guest_who_joined_lately_stays(db: None) -> None:
    guest("Ada", joined=179)
    assert not forget()


def test_an_open_classroom_keeps_nobody_for_ever(ada: Learner, classroom: Classroom) -> None:
    long_ago(ada)
    assert classroom.is_open
    assert forget().guests == 1


def test_an_account_is_never_touched(db: None) -> None:
    Learner.objects.create_user("cleo", password="three whales at noon")
    Learner.objects.create_user("without-a-password")
    Learner.objects.create_user("guest-with-a-password", password="three whales at noon")
    Learner.objects.create_user("guest-of-staff", is_staff=True)
    Learner.objects.update(date_joined=days_ago(3000), last_login=days_ago(3000))
    assert not forget(1)
    assert Learner.objects.count() == 4


@pytest.mark.parametrize("days", [0, -1])
def test_guests_stay_for_ever_where_the_operator_wants_it(db: None, days: int) -> None:
    guest("Ada", joined=3000)
    assert not forget(days)


def test_old_rows_of_ended_seats_go_and_late_ones_stay(db: None) -> None:
    ada = guest("Ada", joined=50)
    old, late, mine = sat(ada, 31), sat(ada, 29), sat(ada, 40, Seat.State.LENT)
    assert forget() == Forgotten(seats=1)
    assert set(Seat.objects.values_list("pk", flat=True)) == {late.pk, mine.pk}
    assert old.pk not in {late.pk, mine.pk}


def test_sessions_that_nobody_can_use_any_more_go(db: None) -> None:
    for name, expires in {"old": days_ago(1), "new": NOW + timedelta(days=1)}.items():
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
    assert forget() == Forgotten(sessions=1)
    assert Session.objects.get().session_key == "new"


def test_many_go_in_batches_until_none_is_left(db: None) -> None:
    for number in range(BATCH + 1):
        guest(f"Learner {number}")
    assert [forget().guests for _ in range(3)] == [BATCH, 1, 0]
    assert not unseen_guests(days_ago(180)).exists()


def test_an_operator_forgets_at_once(db: None, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.GUEST_DAYS = 180
    long = timezone.now() - timedelta(days=181)
    Learner.objects.filter(pk=guest("Ada").pk).update(date_joined=long)
    call_command("forget")
    assert "Forgotten: 1 guests" in capsys.readouterr().out
    assert not Learner.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_the_server_forgets_off_its_loop_until_nothing_is_left() -> None:
    long = timezone.now() - timedelta(days=181)
    await Learner.objects.abulk_create(
        Learner(username=f"guest-{number}", password="!", date_joined=long) for number in range(BATCH + 1)
    )
    assert (await daily.sweep(180, pause=0)).guests == BATCH + 1
    assert not await Learner.objects.aexists()
