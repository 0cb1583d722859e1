"""lesson.md -> Lesson. Pure: text in; a Lesson or all its errors out. The format: docs/reference/lesson-format.md."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from playground.curriculum import blocks
from playground.curriculum.draws import VARIANTS, Draws, drawn, filled, unknown
from playground.curriculum.errors import BadCheck, BadLesson, LessonError, Path, did_you_mean
from playground.curriculum.fences import is_closed, shown, word_and_options
from playground.curriculum.model import (
    FIRST_TERMINAL,
    Block,
    Check,
    Command,
    Hint,
    KeyPresses,
    Lesson,
    Listing,
    Output,
    Prose,
    Question,
    Step,
)
from playground.curriculum.specs import BadSpec, FrontMatter, read_draws, read_front_matter, read_quiz
from playground.curriculum.typed import MOST_TERMINALS, BadKeys, key_words, typed

ParseCheck = Callable[[object], Check]  # raises BadCheck

MAX_CHARACTERS = 128 * 1024
LISTINGS = ("text", "dockerfile", "yaml", "json")
WORDS = ("sh run", "sh", "keys", "output", "hint", "check", "quiz", "sh solve", "sh wrong", *LISTINGS)
IN_A_HINT = ("sh run", "sh", "keys", "output", *LISTINGS)
IN_A_TERMINAL = ("sh run", "sh")  # these may say which: `sh run terminal=2`
HEADING = re.compile(r"(?P<title>.+?)\s*\{#(?P<id>(?=.{1,50}\})[a-z0-9]+(?:-[a-z0-9]+)*)\}")

_markdown = MarkdownIt("commonmark")


def parse(text: str, file: str, slug: str, parse_check: ParseCheck) -> Lesson:
    """`file` is the name that errors carry. Raises BadLesson with every error of the file."""
    if len(text) > MAX_CHARACTERS:
        raise BadLesson([LessonError(file, 0, f"longer than {MAX_CHARACTERS} characters")])
    text = text.replace("\r\n", "\n")
    first, *others = _variants(text, file, slug, parse_check)
    ids = {tuple(step.id for step in lesson.steps) for lesson in (first, *others)}
    if len(ids) > 1:
        raise BadLesson([LessonError(file, 0, "the ids of its steps must not be drawn: progress is stored under them")])
    return replace(first, variants=(first, *others)) if others else first


def _variants(text: str, file: str, slug: str, parse_check: ParseCheck) -> Iterator[Lesson]:
    reader = _Reader(file, slug, parse_check)
    yield reader.read(text)
    if reader.draws:
        for variant in range(1, VARIANTS):
            yield _Reader(file, slug, parse_check, variant).read(text)


@dataclass
class _Section:
    """A step while its lines are read; the first one is the introduction."""

    line: int
    id: str = ""
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    is_checked: bool = False  # also by what could not be read
    solve: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, file: str, slug: str, parse_check: ParseCheck, variant: int = 0) -> None:
        self.file, self.slug, self.parse_check, self.variant = file, slug, parse_check, variant
        self.draws: Draws = {}
        self.errors: list[LessonError] = []

    def error(self, line: int, message: str) -> None:
        self.errors.append(LessonError(self.file, line, message))

    def read(self, text: str) -> Lesson:
        head, body, offset = self._split(text)
        self.draws = read_draws(head or "")
        if self.draws:
            body = self._fill(body, offset)
        intro, *sections = self._sections(body, offset)
        front = self._front_matter(head, [section.id for section in sections])
        self._look_over(intro, sections)
        if front and front.challenge:
            self._refuse_help(sections)
        if self.errors or front is None:
            raise BadLesson(sorted(self.errors, key=lambda error: error.line))
        steps = tuple(
            Step(
                id=section.id,
                title=section.title,
                line=section.line,
                blocks=tuple(section.blocks),
                checks=tuple(section.checks),
                solve="".join(section.solve),
                wrong=tuple(section.wrong),
                teaches=tuple(front.teaches.get(section.id, ())),
            )
            for section in sections
        )
        blocks_of_intro = tuple(intro.blocks)
        return Lesson(
            self.slug, front.title, front.summary, front.minutes, blocks_of_intro, steps, challenge=front.challenge
        )

    def _fill(self, body: str, offset: int) -> str:
        for line, name in unknown(body, self.draws):
            self.error(offset + line, f"nothing draws `@{{{name}}}`: {did_you_mean(name, list(self.draws))}")
        for name in self.draws:
            if f"@{{{name}}}" not in body:
                self.error(1, f"`draw` has `{name}`, and the text has no `@{{{name}}}`")
        return filled(body, drawn(self.draws, self.slug, self.variant))

    def _front_matter(self, head: str | None, step_ids: list[str]) -> FrontMatter | None:
        if head is None:
            self.error(1, "the file must open with front matter: `---`, then title, summary and minutes, then `---`")
            return None
        try:
            return read_front_matter(head, step_ids)
        except BadSpec as bad:
            for line, message in bad.problems:
                self.error(1 + line, message)
            return None

    def _split(self, text: str) -> tuple[str | None, str, int]:
        """Front matter, body, and the number of lines before the body."""
        if found := re.match(r"---\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE):
            return found[1], text[found.end() :], found[0].count("\n")
        return None, text, 0

    # ── Sections ────────────────────────────────────────────────────────────────────────────────────────────────

    def _sections(self, body: str, offset: int) -> list[_Section]:
        lines = body.split("\n")
        tokens = _markdown.parse(body)
        sections = [_Section(line=offset + 1)]
        prose_from = 0
        for place, token in enumerate(tokens):
            if token.level or token.map is None or token.type not in ("heading_open", "fence"):
                self._refuse_nested(token, offset)
                continue
            start, end = token.map
            if token.type == "heading_open" and token.tag != "h2":
                if token.tag == "h1":
                    self.error(offset + start + 1, "the title stands in the front matter; steps are `##` headings")
                continue
            self._prose(sections[-1], lines[prose_from:start])
            prose_from = end
            if token.type == "fence":
                self._fence(sections[-1], token, offset + start + 1, closed=is_closed(token, lines))
            else:
                sections.append(self._heading(tokens[place + 1].content, offset + start + 1))
        self._prose(sections[-1], lines[prose_from:])
        return sections

    def _prose(self, section: _Section, lines: list[str]) -> None:
        if markdown := "\n".join(lines).strip("\n"):
            section.blocks.append(Prose(markdown))

    def _heading(self, content: str, line: int) -> _Section:
        found = HEADING.fullmatch(content)
        if not found:
            slug = re.sub(r"[^a-z0-9]+", "-", content.split("{")[0].lower()).strip("-")
            self.error(line, f"a step needs an id of small letters, digits and hyphens: `## {content} {{#{slug}}}`")
            return _Section(line=line, title=content)
        return _Section(line=line, id=found["id"], title=found["title"])

    def _refuse_nested(self, token: Token, offset: int) -> None:
        word, _ = word_and_options(token.info)
        if token.type == "fence" and token.map and word in WORDS and word not in LISTINGS:
            line = offset + token.map[0] + 1
            self.error(line, f"a `{word}` block must stand at the margin, not in a list or a quotation")

    # ── Fenced blocks ───────────────────────────────────────────────────────────────────────────────────────────

    def _fence(self, section: _Section, token: Token, line: int, closed: bool) -> None:
        word, options = word_and_options(token.info)
        if not closed:
            self.error(line, f"this `{word}` block is never closed")
        if word not in WORDS:
            self.error(line, f"unknown block `{word}`: {did_you_mean(word, WORDS)}")
            return
        terminal = self._terminal(word, options, line)
        text = token.content
        if not text.strip():
            self.error(line, f"this `{word}` block is empty")
        elif word == "check":
            section.is_checked = True
            self._checks(section, text, line)
        elif word == "quiz":
            section.is_checked = True
            self._quiz(section, text, line)
        elif word == "hint":
            section.blocks.append(Hint(tuple(self._hint(text, line))))
        elif word in ("sh solve", "sh wrong"):
            self._script(section, word, text, line)
        elif word == "keys":
            self._keys(section, text, line)
        else:
            section.blocks.append(shown(word, text, terminal))

    def _terminal(self, word: str, options: dict[str, str], line: int) -> int:
        """The terminal that a block names, the first unless it does."""
        known = ("terminal",) if word in IN_A_TERMINAL else ()
        for name in options.keys() - set(known):
            says = did_you_mean(name, known) if known else "it takes none"
            self.error(line, f"unknown option `{name}` of a `{word}` block: {says}")
        given = options.get("terminal", str(FIRST_TERMINAL))
        if given in map(str, range(FIRST_TERMINAL, MOST_TERMINALS + 1)):
            return int(given)
        self.error(line, f"`terminal` is a number from {FIRST_TERMINAL} to {MOST_TERMINALS}, not `{given}`")
        return FIRST_TERMINAL

    def _keys(self, section: _Section, text: str, line: int) -> None:
        try:
            section.blocks.append(KeyPresses(key_words(text)))
        except BadKeys as bad:
            self.error(line + bad.line, str(bad))

    def _script(self, section: _Section, word: str, text: str, line: int) -> None:
        (section.solve if word == "sh solve" else section.wrong).append(text)
        try:
            typed(text)
        except BadKeys as bad:
            self.error(line + bad.line, str(bad))

    def _hint(self, text: str, line: int) -> list[Prose | Command | KeyPresses | Output | Listing]:
        inner = _Reader(self.file, self.slug, self.parse_check)
        first, *more = inner._sections(text, line)
        self.errors += inner.errors
        if more:
            self.error(line, "a hint has no steps of its own: use `###` headings or none")
        held = [block for block in first.blocks if isinstance(block, Prose | Command | KeyPresses | Output | Listing)]
        if len(held) < len(first.blocks) or first.is_checked or first.solve or first.wrong:
            self.error(line, f"a hint holds text and these blocks: {', '.join(IN_A_HINT)}")
        return held

    def _checks(self, section: _Section, text: str, line: int) -> None:
        try:
            spec = blocks.read(text)
        except blocks.BadYaml as bad:
            self.error(line + bad.line, str(bad))
            return
        several = isinstance(spec.value, list)
        for place, one in enumerate(spec.value if isinstance(spec.value, list) else [spec.value]):
            base: Path = (place,) if several else ()
            try:
                check = self.parse_check(one)
            except BadCheck as bad:
                for problem in bad.problems:
                    self.error(line + spec.line(base + problem.path), problem.message)
                continue
            if check.key in {goal.key for goal in section.checks}:
                self.error(line + spec.line(base), "this step has the same check twice")
            section.checks.append(check)
            if check.asks:
                section.blocks.append(Question(check.key, check.asks))

    def _quiz(self, section: _Section, text: str, line: int) -> None:
        try:
            section.blocks.append(read_quiz(text))
        except BadSpec as bad:
            for at, message in bad.problems:
                self.error(line + at, message)

    # ── The lesson as a whole ───────────────────────────────────────────────────────────────────────────────────

    def _refuse_help(self, sections: list[_Section]) -> None:
        for section in sections:
            if any(isinstance(block, Hint) for block in section.blocks):
                self.error(section.line, "a challenge has no hints: take this one out, or `challenge` out of the top")

    def _look_over(self, intro: _Section, sections: list[_Section]) -> None:
        if not sections:
            self.error(0, "a lesson needs at least one step: `## Title {#id}`")
        if intro.is_checked or intro.solve or intro.wrong:
            self.error(intro.line, "checks, `sh solve` and `sh wrong` belong under a `##` heading")
        first_of: dict[str, int] = {}
        for section in sections:
            if section.id and section.id in first_of:
                self.error(section.line, f"the id `{section.id}` is taken by the step in line {first_of[section.id]}")
            first_of.setdefault(section.id, section.line)
            on_engine = any(not check.asks for check in section.checks)
            if not section.is_checked:
                self.error(section.line, "nothing checks this step: give it a `check` or a `quiz`")
            if on_engine and not section.solve:
                self.error(section.line, "a step with a check needs a `sh solve` block with the commands that pass it")
