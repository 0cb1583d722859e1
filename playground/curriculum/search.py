"""Full-text search over lessons: a small index in memory. Pure.

A document is a step; its title, its text and its commands are looked at, and no solve, answer or hint: a search must
not give away what the learner is to find out.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from playground.curriculum.model import Block, Command, Lesson, Listing, Output, Prose, Step

MOST_CHARACTERS = 200  # of a question
MOST_WORDS = 8
MOST_HITS = 20
SNIPPET = 180  # characters
TITLE, COMMAND, TEXT = 8.0, 3.0, 1.0
PREFIX = 0.5  # of what the whole word would count
_WORD = re.compile(r"\w+(?:[-.]\w+)*")
_MARKDOWN = re.compile(r"[*`#>|]|\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Hit:
    lesson: Lesson
    step: Step
    snippet: tuple[tuple[str, bool], ...]  # text, and whether it is one of the words that were asked for


@dataclass(frozen=True, slots=True)
class _Document:
    lesson: Lesson
    step: Step
    text: str


class Index:
    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._documents: list[_Document] = []
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)  # word -> document -> how much of it
        for lesson in lessons:
            for place, step in enumerate(lesson.steps):
                self._add(lesson, step, first=not place)

    def search(self, question: str) -> list[Hit]:
        """Best first: what has all words before what has some."""
        words = words_of(question)
        scores: dict[int, float] = defaultdict(float)
        found_in: dict[int, int] = defaultdict(int)
        for word in words:
            for document, score in self._scores(word).items():
                scores[document] += score
                found_in[document] += 1
        ranked = sorted(scores, key=lambda document: (-found_in[document], -scores[document], document))
        return [self._hit(self._documents[document], words) for document in ranked[:MOST_HITS]]

    def _scores(self, asked: str) -> dict[int, float]:
        """Of the word and, for less, of those that begin with it; rare words count more."""
        best: dict[int, float] = {}
        for word, weights in self._weights.items():
            if not word.startswith(asked):
                continue
            rarity = math.log(1 + len(self._documents) / len(weights)) * (1.0 if word == asked else PREFIX)
            for document, weight in weights.items():
                best[document] = max(best.get(document, 0.0), weight * rarity)
        return best

    def _add(self, lesson: Lesson, step: Step, *, first: bool) -> None:
        number = len(self._documents)
        blocks = (*lesson.intro, *step.blocks) if first else step.blocks
        heads = f"{step.title} {lesson.title} {lesson.summary}" if first else step.title
        text = " ".join(_text(blocks))
        self._documents.append(_Document(lesson, step, text))
        commands = " ".join(block.text for block in blocks if isinstance(block, Command))
        for field, weight in ((heads, TITLE), (commands, COMMAND), (text, TEXT)):
            counted: dict[str, int] = defaultdict(int)
            for found in _WORD.findall(field.lower()):
                for word in {found, *re.split(r"[-.]", found)}:
                    counted[word] += 1
            for word, count in counted.items():
                weights = self._weights[word]
                weights[number] = weights.get(number, 0.0) + weight * (1 + math.log(count))

    def _hit(self, document: _Document, words: Sequence[str]) -> Hit:
        return Hit(document.lesson, document.step, tuple(_snippet(document.text, words)))


def words_of(question: str) -> list[str]:
    """What is looked for, each word once."""
    return list(dict.fromkeys(_WORD.findall(question[:MOST_CHARACTERS].lower())))[:MOST_WORDS]


def _text(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Prose):
            yield re.sub(r"\s+", " ", _MARKDOWN.sub(r"\1", block.markdown)).strip()
        elif isinstance(block, Command | Listing | Output):
            yield re.sub(r"\s+", " ", block.text).strip()


def _snippet(text: str, words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The part of the text with the first of the words in it, those words apart from the rest."""
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, words))})\w*", re.IGNORECASE)
    first = pattern.search(text)
    begin = max(0, first.start() - SNIPPET // 3) if first else 0
    if begin:
        begin = text.index(" ", begin) + 1 if " " in text[begin : first.start() if first else begin] else begin
    part = text[begin : begin + SNIPPET]
    if begin + SNIPPET < len(text):
        part = part.rsplit(" ", 1)[0] + "…"
    part = ("…" if begin else "") + part
    at = 0
    for found in pattern.finditer(part):
        yield part[at : found.start()], False
        yield found[0], True
        at = found.end()
    yield part[at:], False
