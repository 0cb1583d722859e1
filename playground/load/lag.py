"""How far one who watches is behind. Pure: times are milliseconds."""

from collections.abc import Sequence
from itertools import accumulate


class RosterLag:
    """From a learner's tick, as their own page heard of it, to the first roster that shows it."""

    def __init__(self) -> None:
        self.behind: list[float] = []
        self._heard: dict[str, dict[int, float]] = {}  # learner -> count of steps -> when
        self._shown: dict[str, int] = {}

    def heard(self, learner: str, count: int, at: float) -> None:
        if count <= self._shown.get(learner, 0):
            self.behind.append(0.0)  # the teacher knew before the learner
        else:
            self._heard.setdefault(learner, {}).setdefault(count, at)

    def shows(self, learner: str, count: int, at: float) -> None:
        self._shown[learner] = count
        waiting = self._heard.get(learner, {})
        for step in [step for step in waiting if step <= count]:
            self.behind.append(at - waiting.pop(step))

    @property
    def waiting(self) -> int:
        """Ticks that no roster has shown yet."""
        return sum(map(len, self._heard.values()))


Shown = Sequence[tuple[float, bytes]]  # output of a terminal: when it came, and what


def same(learners: Shown, watchers: Shown) -> bool:
    """Whether both have seen the same terminal, from where the shorter one begins."""
    learners_own, watched = (b"".join(data for _, data in shown) for shown in (learners, watchers))
    size = min(len(learners_own), len(watched))
    return size > 0 and learners_own[-size:] == watched[-size:]


def behind(learners: Shown, watchers: Shown) -> list[float]:
    """For each piece that the learner was shown, how much later the watcher had all of it; 0 for sooner. Both end at
    the same place, and need not begin there."""
    ends = list(accumulate(len(data) for _, data in watchers))
    own_ends = list(accumulate(len(data) for _, data in learners))
    ahead = ends[-1] - own_ends[-1] if ends and own_ends else 0
    found, at = [], 0
    for (came, _), end in zip(learners, own_ends, strict=True):
        while at < len(ends) and ends[at] < end + ahead:
            at += 1
        if at < len(ends) and end + ahead > 0:
            found.append(max(0.0, watchers[at][0] - came))
    return found
