"""Rings at a learner's open pages when a view has changed something. What is said is only that it changed."""

from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


def learner_left(learners: Iterable[int]) -> None:
    """Their pages go back to the join form; the rows may be gone already."""
    _ring(learners, "learner.left")


def classroom_changed(learners: Iterable[int]) -> None:
    """A message is there, or a hand went down."""
    _ring(learners, "classroom.changed")


def _ring(learners: Iterable[int], what: str) -> None:
    send = async_to_sync(get_channel_layer().group_send)
    for learner in learners:
        send(f"learner.{learner}", {"type": what})
