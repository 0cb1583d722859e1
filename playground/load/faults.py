"""What went wrong, by name and how often."""

from collections import Counter
from collections.abc import Iterator


class Gone(Exception):
    """Something did not come, and whoever waits for it cannot go on. It is among the faults by then."""


class Faults:
    def __init__(self) -> None:
        self._counted: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._counted)

    def __iter__(self) -> Iterator[str]:
        """One line each, the most frequent first."""
        for name, count in self._counted.most_common():
            yield f"{count} times: {name}" if count > 1 else name

    def add(self, name: str) -> None:
        self._counted[name] += 1
