"""The maps of the pages that are open: each is told what there is, and again whenever that has changed or something has
happened. Nothing is kept for anybody else."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playground.gateway.facts import Fact
from playground.gateway.state import State
from playground.map.picture import Picture, picture_of
from playground.map.story import News, Story

PACE = 0.1  # seconds between two messages to a page: what comes meanwhile goes together
EVERY = 2.0  # seconds between looks at what no fact tells of, as when a seat is given back


@dataclass(frozen=True, slots=True)
class Update:
    """What a page draws next. `hub`: the images that may be pulled."""

    picture: Picture | None  # None: there is no seat
    news: News
    hub: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "picture": self.picture.as_json() if self.picture else None,
            "moments": [moment.as_json() for moment in self.news.moments],
            "gone": list(self.news.gone),
            "hub": list(self.hub),
        }


@dataclass(slots=True, eq=False)
class _Follower:
    story: Story = field(default_factory=Story)
    bell: asyncio.Event = field(default_factory=asyncio.Event)


class MapBoard:
    """`state_of` tells what a learner's seat has, None without one; `hub` the catalogue's names."""

    def __init__(
        self,
        state_of: Callable[[int], State | None],
        learner_of_seat: Callable[[str], int | None],
        hub: Callable[[], Sequence[str]],
        pace: float = PACE,
        every: float = EVERY,
    ) -> None:
        self._state_of, self._learner_of_seat, self._hub = state_of, learner_of_seat, hub
        self._pace, self._every = pace, every
        self._followers: dict[int, set[_Follower]] = defaultdict(set)  # pages, by learner

    def on_fact(self, fact: Fact) -> None:
        """Does not block, and costs nothing while the learner has no page open."""
        learner_id = self._learner_of_seat(fact.seat) if self._followers else None
        if learner_id in self._followers:
            for follower in self._followers[learner_id]:
                follower.story.take(fact)
                follower.bell.set()

    async def follow(self, learner_id: int) -> AsyncGenerator[Update, None]:
        follower = _Follower()
        self._followers[learner_id].add(follower)
        shown: tuple[Picture | None, tuple[str, ...]] | None = None
        try:
            while True:
                follower.bell.clear()
                state = self._state_of(learner_id)
                now = picture_of(state) if state else None, tuple(self._hub())
                news = follower.story.news()
                if now != shown or news.moments or news.gone:
                    yield Update(now[0], news, now[1])
                    shown = now
                    await asyncio.sleep(self._pace)
                with suppress(TimeoutError):
                    await asyncio.wait_for(follower.bell.wait(), self._every)
        finally:
            self._followers[learner_id].discard(follower)
            if not self._followers[learner_id]:
                del self._followers[learner_id]
