"""Rings at the rosters that are open when something about learners has changed. It carries ids, the database has the
rest, and a roster knows itself which learners are its own: while nobody looks, a ring costs next to nothing."""

import asyncio

from playground import bells

GROUP = "rosters"
PACE = 0.2  # seconds for which what comes is rung together


class RosterBell:
    """For what runs on the loop; views ring with `doorbell.roster_changed`."""

    def __init__(self, pace: float = PACE) -> None:
        self._pace = pace
        self._learners: set[int] = set()
        self._ringing: asyncio.Task[None] | None = None

    def ring(self, learner_id: int) -> None:
        """The learner has moved, tripped, or got or lost a seat. Does not block."""
        self._learners.add(learner_id)
        if self._ringing is None:
            self._ringing = asyncio.create_task(self._ring(), name="rosters")

    async def stop(self) -> None:
        if self._ringing is not None:
            self._ringing.cancel()
            await asyncio.wait([self._ringing])

    async def _ring(self) -> None:
        try:
            while self._learners:
                learners, self._learners = sorted(self._learners), set()
                await bells.ring(GROUP, {"type": "roster.learners", "learners": learners})
                await asyncio.sleep(self._pace)
        finally:
            self._ringing = None
