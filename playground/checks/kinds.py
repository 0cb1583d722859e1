"""A check: a word and what it wants, its line on the page, and what is said to a near miss. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from playground.checks.seen import Probe, Seen
from playground.checks.words import WORDS, could_hold, read_word
from playground.checks.words.base import Word
from playground.checks.words.inside import Answer
from playground.curriculum.errors import BadCheck, Problem, did_you_mean
from playground.curriculum.model import Quiz

AROUND = ("goal", "says")  # what may stand beside the word


@dataclass(frozen=True, slots=True)
class Verdict:
    """`says` helps a learner on who has not passed yet, "" where there is nothing to say."""

    passed: bool
    says: str = ""


@dataclass(frozen=True, slots=True)
class NearMiss:
    when: Word
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """Fulfils `curriculum.model.Check`."""

    key: str
    goal: str
    word: Word
    says: tuple[NearMiss, ...] = ()

    @property
    def asks(self) -> str:
        return self.word.question if isinstance(self.word, Answer) else ""

    def probes(self) -> Iterator[Probe]:
        """What must be run in the seat before `evaluate`."""
        yield from self.word.probes()
        for near in self.says:
            yield from near.when.probes()


def parse(value: object) -> Check:
    """One item of a `check` block -> Check. Raises BadCheck with the way to each wrong word.

    did: {run: {image: busybox, command: "echo *"}}     the word
    goal: busybox said something                        optional
    says: [{when: {did: {run: busybox}}, text: …}]      optional; `when` is a check: see _what_helps
    """
    if not isinstance(value, Mapping):
        raise BadCheck([Problem((), f"a check is one of these words and what it wants: {', '.join(WORDS)}")])
    asked = {word: wants for word, wants in value.items() if word not in AROUND}
    if len(asked) != 1:
        raise BadCheck([Problem((), _not_one_word(list(map(str, asked))))])
    goal = value.get("goal", "")
    if not isinstance(goal, str):
        raise BadCheck([Problem(("goal",), "`goal` is one line of text")])
    word = read_word(asked, ())
    return Check(_key(asked), goal, word, tuple(_near_misses(value.get("says", []))))


def evaluate(check: Check, seen: Seen) -> Verdict:
    """Whether the check holds; every one of `check.probes()` stands in `seen.found`."""
    if check.word.holds(seen):
        return Verdict(passed=True)
    if isinstance(check.word, Answer) and seen.typed is not None:
        return Verdict(passed=False, says=check.word.otherwise)
    return Verdict(passed=False, says=_what_helps(check.says, seen))


def awaits_probes(check: Check, seen: Seen) -> bool:
    """Whether what probes find can make a difference, to the check or to what helps on; `seen` is without any."""
    words = (check.word, *(near.when for near in check.says))
    return any(could_hold(word, seen) for word in words if next(word.probes(), None) is not None)


def judge(quiz: Quiz, chosen: Collection[int]) -> Verdict:
    """Whether exactly the right answers were chosen, and why, or why the first wrong one is not right."""
    wrong = sorted(place for place in chosen if 0 <= place < len(quiz.answers) and place not in quiz.right)
    passed = frozenset(chosen) == quiz.right
    about = wrong if wrong else sorted(quiz.right) if passed else []
    return Verdict(passed, quiz.answers[about[0]].why if about else "")


def _what_helps(says: tuple[NearMiss, ...], seen: Seen) -> str:
    """Of those that hold, the one about what was done last; of several, the first: help must not lag behind."""
    holding = [near for near in says if near.when.holds(seen)]
    if len(holding) > 1:
        for since_then in seen.narrowing():
            for near in holding:
                if near.when.holds(since_then):
                    return near.text
    return holding[0].text if holding else ""


def _near_misses(value: object) -> Iterator[NearMiss]:
    if not isinstance(value, list):
        raise BadCheck([Problem(("says",), "`says` takes a list of `{when: …, text: …}`")])
    for place, one in enumerate(value):
        path = ("says", place)
        if not isinstance(one, Mapping) or set(one) != {"when", "text"} or not isinstance(one["text"], str):
            raise BadCheck([Problem(path, "one of `says` has two words: `when`, a check, and `text`, what is said")])
        yield NearMiss(read_word(one["when"], (*path, "when")), one["text"])


def _not_one_word(asked: list[str]) -> str:
    known = (*WORDS, *AROUND)
    for word in asked:
        if word not in known:
            return f"unknown check `{word}`: {did_you_mean(word, known)}"
    if not asked:
        return f"this check asks for nothing: give it one of {', '.join(WORDS)}"
    return f"one check, one word: put `{'` and `'.join(asked)}` into an `all` or `any`, or make them two checks"


def _key(asked: Mapping[object, object]) -> str:
    """Names what is asked for, so that a new `goal` or the order of checks takes nobody's tick away."""
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]
