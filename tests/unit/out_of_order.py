"""Doorbells that somebody could hang up on, and that do nothing since."""

from typing import Any

from channels.layers import InMemoryChannelLayer

LAYERS = {"default": {"BACKEND": "tests.unit.out_of_order.OutOfOrder"}}


class OutOfOrder(InMemoryChannelLayer):  # type: ignore[misc]  # channels has no types
    """As Redis is once it has gone away."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        raise ConnectionError("nobody answers")

    async def group_discard(self, group: str, channel: str) -> None:
        raise ConnectionError("nobody answers")


class Away(OutOfOrder):
    """As Redis is when it was never there."""

    async def group_add(self, group: str, channel: str) -> None:
        raise ConnectionError("nobody answers")

    async def receive(self, channel: str) -> dict[str, Any]:
        raise ConnectionError("nobody answers")
