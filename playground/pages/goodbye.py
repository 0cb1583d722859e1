"""Tells pages that are open elsewhere that their learner has gone; they go back to the join form."""

from collections.abc import Iterable

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


def tell(learners: Iterable[int]) -> None:
    """From a view; the rows may be gone already."""
    send = async_to_sync(get_channel_layer().group_send)
    for learner in learners:
        send(f"learner.{learner}", {"type": "learner.left"})
