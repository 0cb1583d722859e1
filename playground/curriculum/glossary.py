"""The glossary: words of the course, each explained once, and in place wherever a step first uses it. Pure.

`lessons/glossary.md` is Markdown: a `##` heading for each term, an optional line `also: other, forms`, and a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from playground.curriculum.errors import BadLesson, LessonError
from playground.curriculum.model import Lesson
from playground.curriculum.rendering import inline

FILE = "glossary.md"
MAX_CHARACTERS = 64 * 1024
TERM = re.compile(r"[A-Za-z][A-Za-z0-9 .-]{0,38}[A-Za-z0-9]")
_TAG = re.compile(r'(<(?:[^<>"]|"[^"]*")*>)')
_NAME = re.compile(r"</?([a-z0-9]+)")
# No buttons in what is typed, followed or pressed, and none in headings, which other pages quote.
NOT_IN = frozenset({"a", "button", "code", "form", "h3", "h4", "pre", "summary"})


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    also: tuple[str, ...]
    text: str  # one paragraph of Markdown
    line: int

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def html(self) -> SafeString:
        return inline(self.text)


class Glossary:
    def __init__(self, terms: Sequence[Term] = ()) -> None:
        self.terms = tuple(sorted(terms, key=lambda term: term.name.lower()))
        self._of = {word.lower(): term for term in self.terms for word in (term.name, *term.also)}
        words = sorted(self._of, key=len, reverse=True)  # `bind mount` before `mount`
        self._pattern = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)

    def explained(self, lesson: Lesson) -> Lesson:
        """The lesson with the first use of each term in each step explained."""
        if not self.terms:
            return lesson
        seen: set[str] = set()
        intro = self._explain(lesson.intro_html, "intro", seen)
        steps = []
        for step in lesson.steps:
            steps.append(replace(step, html=self._explain(step.html, step.id, seen)))
            seen = set()  # the introduction stands above the first step and counts for that
        variants = tuple(self.explained(variant) for variant in lesson.variants)
        return replace(lesson, intro_html=intro, steps=tuple(steps), variants=variants)

    def _explain(self, html: str, place: str, seen: set[str]) -> SafeString:
        """`html` is our own, sanitised: each `<` in it begins a tag."""
        return mark_safe("".join(self._parts(html, place, seen)))

    def _parts(self, html: str, place: str, seen: set[str]) -> Iterator[str]:
        within = 0  # tags of NOT_IN that are open
        for part in _TAG.split(html):
            if tag := _NAME.match(part):
                if tag[1] in NOT_IN:
                    within += -1 if part.startswith("</") else 1
                yield part
            elif within:
                yield part
            else:
                yield self._pattern.sub(lambda found: self._button(found[0], place, seen), part)

    def _button(self, word: str, place: str, seen: set[str]) -> str:
        term = self._of[word.lower()]
        if term.slug in seen:
            return word
        seen.add(term.slug)
        return format_html(
            '<button type="button" class="term" popovertarget="{id}">{word}</button>'
            '<span class="term__says" id="{id}" popover role="note" aria-label="{name}"><strong>{name}</strong> {text}'
            '<button type="button" class="term__close" popovertarget="{id}" popovertargetaction="hide">{close}</button>'
            "</span>",
            id=f"term-{place}-{term.slug}",
            word=mark_safe(word),
            name=term.name,
            text=term.html,
            close=_("Close"),
        )


def parse(text: str, file: str) -> Glossary:
    """Raises BadLesson with every error of the file."""
    if len(text) > MAX_CHARACTERS:
        raise BadLesson([LessonError(file, 0, f"longer than {MAX_CHARACTERS} characters")])
    terms: list[Term] = []
    errors: list[LessonError] = []
    taken: dict[str, int] = {}
    for line, name, body in _sections(text.replace("\r\n", "\n")):
        term = _term(name, body, line)
        wrong = [word for word in (term.name, *term.also) if not TERM.fullmatch(word)]
        errors += [LessonError(file, line, f"`{word}` is no term: words of letters and digits") for word in wrong]
        if not term.text:
            errors.append(LessonError(file, line, f"`{name}` has no explanation"))
        for word in {term.name.lower(), *(also.lower() for also in term.also)}:
            if word in taken:
                errors.append(LessonError(file, line, f"`{word}` is explained in line {taken[word]} already"))
            taken.setdefault(word, line)
        terms.append(term)
    if errors:
        raise BadLesson(errors)
    return Glossary(terms)


def _sections(text: str) -> Iterator[tuple[int, str, list[str]]]:
    lines = text.split("\n")
    heads = [place for place, line in enumerate(lines) if line.startswith("## ")]
    for begin, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        yield begin + 1, lines[begin][3:].strip(), lines[begin + 1 : end]


def _term(name: str, body: list[str], line: int) -> Term:
    also = next((one.removeprefix("also:") for one in body if one.startswith("also:")), "")
    text = " ".join(one.strip() for one in body if one.strip() and not one.startswith("also:"))
    return Term(name, tuple(word.strip() for word in also.split(",") if word.strip()), text, line)
