"""How long learners are at work: the time between two signs of life of a page, and never more than a pause."""

import time
from collections.abc import Callable

LONGEST = 60.0  # seconds between two signs that still count; a page gives one every 30 while somebody is there
SHORTEST = 10.0  # more often is not looked at


class Presence:
    """By learner, however many pages they have open."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[int, tuple[float, str]] = {}

    def here(self, learner_id: int, lesson: str) -> int:
        """Whole seconds to add to the lesson; time that was spent in another one is not this one's."""
        now = self._clock()
        before, was_in = self._seen.get(learner_id, (now - LONGEST, ""))
        if 0 < now - before < SHORTEST and was_in == lesson:
            return 0
        self._seen[learner_id] = (now, lesson)
        return int(min(now - before, LONGEST)) if was_in == lesson and now - before <= LONGEST else 0

    def gone(self, learner_id: int) -> None:
        self._seen.pop(learner_id, None)
