"""Rings at a learner's open pages, and at a classroom's rosters, when a view has changed something. What is said is
only that it changed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from asgiref.sync import async_to_sync

from playground import bells
from playground.classroom.members import classroom_of
from playground.pages.roster_bell import GROUP


def classroom_changed(learners: Iterable[int]) -> None:
    """A message is there, or a hand went down."""
    ring = async_to_sync(bells.ring)
    for learner in learners:
        ring(f"learner.{learner}", {"type": "classroom.changed"})


def roster_changed(classroom_id: int) -> None:
    """Somebody came or went, a hand went up or down, or the classroom itself has changed or is gone."""
    async_to_sync(bells.ring)(GROUP, {"type": "roster.classroom", "classroom": classroom_id})


@contextmanager
def rosters_of(learner_id: int) -> Iterator[None]:
    """Around what changes how a learner stands on a roster, or on which: those of before and after are told of it."""
    before = classroom_of(learner_id)
    yield
    for classroom in {before, classroom_of(learner_id)}:
        if classroom is not None:
            roster_changed(classroom.pk)
