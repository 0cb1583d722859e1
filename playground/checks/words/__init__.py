"""The words a check is written in, and when each holds. Pure; docs/reference/lesson-format.md explains them to authors.

To add a word, add its class to one of the modules here and its line in WORDS.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from playground.checks.seen import Probe, Seen
from playground.checks.words.base import Word
from playground.checks.words.did import Did
from playground.checks.words.inside import Answer, File, Log, Shell
from playground.checks.words.state import Container, Image, Network, Volume
from playground.curriculum.errors import BadCheck, Path, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class All:
    words: tuple[Word, ...]

    @classmethod
    def read(cls, value: object, path: Path) -> "All":
        return cls(_several(value, path))

    def holds(self, seen: Seen) -> bool:
        return all(word.holds(seen) for word in self.words)

    def probes(self) -> Iterator[Probe]:
        for word in self.words:
            yield from word.probes()


class Any(All):
    __slots__ = ()

    def holds(self, seen: Seen) -> bool:
        return any(word.holds(seen) for word in self.words)


@dataclass(frozen=True, slots=True)
class Not:
    word: Word

    @classmethod
    def read(cls, value: object, path: Path) -> "Not":
        return cls(read_word(value, path))

    def holds(self, seen: Seen) -> bool:
        return not self.word.holds(seen)

    def probes(self) -> Iterator[Probe]:
        yield from self.word.probes()


class _Readable(Protocol):
    def read(self, value: object, path: Path) -> Word: ...


WORDS: dict[str, _Readable] = {
    "did": Did,
    "container": Container,
    "image": Image,
    "network": Network,
    "volume": Volume,
    "file": File,
    "shell": Shell,
    "log": Log,
    "answer": Answer,
    "all": All,
    "any": Any,
    "not": Not,
}


def read_word(value: object, path: Path) -> Word:
    """The one word of a mapping. Raises BadCheck."""
    if not isinstance(value, Mapping) or len(value) != 1:
        raise BadCheck([Problem(path, f"a check is one of these words and what it wants: {', '.join(WORDS)}")])
    ((word, wants),) = value.items()
    if word not in WORDS:
        raise BadCheck([Problem((*path, word), f"unknown check `{word}`: {did_you_mean(str(word), list(WORDS))}")])
    return WORDS[word].read(wants, (*path, word))


def _several(value: object, path: Path) -> tuple[Word, ...]:
    if not isinstance(value, list) or not value:
        raise BadCheck([Problem(path, f"`{path[-1]}` takes a list of checks")])
    words = tuple(read_word(one, (*path, place)) for place, one in enumerate(value))
    if any(isinstance(word, Answer) for word in words):
        raise BadCheck([Problem(path, "an `answer` is a check of its own: give it its own line in the step")])
    return words


def words_in(word: Word) -> Iterator[Word]:
    """The word, or those that it combines."""
    inner = word.words if isinstance(word, All) else (word.word,) if isinstance(word, Not) else ()
    for one in inner:
        yield from words_in(one)
    if not inner:
        yield word


def could_hold(word: Word, seen: Seen) -> bool:
    """Whether it holds if probes find whatever they must: where not, none of them needs to be run."""
    if isinstance(word, Any):
        return any(could_hold(one, seen) for one in word.words)
    if isinstance(word, All):
        return all(could_hold(one, seen) for one in word.words)
    return next(word.probes(), None) is not None or word.holds(seen)
