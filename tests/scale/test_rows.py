"""What happens at the same time, which SQLite lets happen one after the other."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from playground.checks import progress
from playground.checks.models import CheckPass, Trip
from playground.checks.trips import NewTrip, store
from playground.classroom.models import Learner
from playground.clerk import Clerk

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = ("hello", "run", Trip.Kind.ERROR, "name is already in use")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def ada() -> Learner:
    return Learner.objects.create_user("ada", display_name="Ada")


@pytest.fixture
def ben() -> Learner:
    return Learner.objects.create_user("ben", display_name="Ben")


class Elsewhere:
    """Another thread, with a connection of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)

    def do(self, work: Callable[[], Any]) -> "Future[Any]":
        """Returns once that is done, or waits for a lock."""
        doing = self._thread.submit(work)
        while not doing.done() and not self._somebody_waits():
            threading.Event().wait(0.01)
        return doing

    def _somebody_waits(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            return bool(cursor.fetchone()[0])

    def close(self) -> None:
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    elsewhere = Elsewhere()
    yield elsewhere
    elsewhere.close()


def test_of_ada_who_is_deleted_meanwhile_nothing_is_stored_and_ben_loses_nothing(
    ada: Learner, ben: Learner, elsewhere: Elsewhere
) -> None:
    trips = {NewTrip(ada.pk, *PLACE): 1, NewTrip(ben.pk, *PLACE): 2}
    with transaction.atomic():
        ada.delete()
        storing = elsewhere.do(lambda: store(trips))
        assert not storing.done()
    storing.result()
    assert list(Trip.objects.values_list("learner", "count")) == [(ben.pk, 2)]


@contextmanager
def _at(statement: str, work: Callable[[], None]) -> Iterator[None]:
    """`work` is done right before this statement goes to the database."""

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(statement):
            work()
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize("by", ["herself", "a list"])
def test_ada_is_deleted_though_something_of_hers_is_stored_in_that_moment(
    ada: Learner, elsewhere: Elsewhere, by: str
) -> None:
    storing: list[Future[Any]] = []

    def pass_a_check() -> None:
        storing.append(elsewhere.do(lambda: progress.record(ada.pk, "hello", "run", ["key"], step_passed=False)))

    with _at('DELETE FROM "classroom_learner"', pass_a_check):
        (ada if by == "herself" else Learner.objects.filter(pk=ada.pk)).delete()
    with pytest.raises(IntegrityError):
        storing[0].result()
    assert (Learner.objects.count(), CheckPass.objects.count()) == (0, 0)


async def test_a_clerk_goes_on_after_the_connection_was_cut() -> None:
    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    def cut(pid: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    clerk, other = Clerk("a clerk"), Clerk("another")
    first = await clerk(ask)
    await other(cut, first)
    assert await clerk(ask) != first
    for each in (clerk, other):
        await each(connections.close_all)
