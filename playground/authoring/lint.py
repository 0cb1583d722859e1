"""What is wrong with a lesson that can be read: names that lead nowhere. Pure; what the parser refuses comes first.

A finding points at the line of its step in which the word stands.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from playground.authoring.commands import containers_named, docker_commands, images_made, images_wanted
from playground.checks.kinds import Check
from playground.checks.seen import normal_image
from playground.checks.words import words_in
from playground.checks.words.base import Word
from playground.checks.words.did import Did
from playground.checks.words.inside import Shell
from playground.checks.words.state import Container
from playground.curriculum.errors import LessonError, did_you_mean
from playground.curriculum.model import Block, Command, Hint, Lesson, Listing, Prose, Step

_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]*)")
_CODE = re.compile(r"`[^`\n]*`")
_VARIABLE = re.compile(r"[$*?{}]")
_ID = re.compile(r"(sha256:)?[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a lesson may point at: the catalogue's images, and the other lessons' steps by slug."""

    images: Collection[str]
    lessons: dict[str, list[str]]


def findings(lesson: Lesson, text: str, file: str, around: Surroundings) -> list[LessonError]:
    """In the order of their lines."""
    look = _Look(lesson, text, file, around)
    found = [*look.images(), *look.links(), *look.names(), *look.shells()]
    return sorted(set(found), key=lambda error: (error.line, error.message))


class _Look:
    def __init__(self, lesson: Lesson, text: str, file: str, around: Surroundings) -> None:
        self.lesson, self.file, self.around = lesson, file, around
        self.lines = text.replace("\r\n", "\n").split("\n")
        self.ends = [step.line for step in lesson.steps[1:]] + [len(self.lines) + 1]
        self.made = {
            normal_image(name) for step in lesson.steps for script in _scripts(step) for name in images_made(script)
        }

    def error(self, first: int, last: int, word: str, message: str) -> LessonError:
        """At the first line from `first` to before `last` that has the word."""
        line = next((number for number in range(first, last) if word in self.lines[number - 1]), first)
        return LessonError(self.file, line, message)

    def steps(self) -> Iterator[tuple[Step, int]]:
        """Each with the line that it ends before."""
        yield from zip(self.lesson.steps, self.ends, strict=True)

    def images(self) -> Iterator[LessonError]:
        """`sh wrong` blocks and `says` may name what does not exist; so may a step that checks for the refusal."""
        known = {normal_image(name) for name in self.around.images} | self.made
        shown = sorted(name.removesuffix(":latest") for name in known)
        for step, end in self.steps():
            wanted = [name for script in (*_shown(step.blocks), step.solve) for name in images_wanted(script)]
            wanted += [word.wants.image for word in _words(step) if isinstance(word, Did) and word.wants.image]
            wanted += [word.image for word in _words(step) if isinstance(word, Container) and word.image]
            refused = {normal_image(name) for name in _refused(step)}
            for name in wanted:
                if _VARIABLE.search(name) or _ID.fullmatch(name) or name == "scratch" or name.startswith("<"):
                    continue
                if normal_image(name) not in known | refused:
                    near = did_you_mean(name, shown)
                    yield self.error(step.line, end, name, f"the catalogue has no image `{name}`: {near}")

    def links(self) -> Iterator[LessonError]:
        first = self.lesson.steps[0].line
        for target in _links(self.lesson.intro):
            if message := self._dead(target):
                yield self.error(1, first, target, message)
        for step, end in self.steps():
            for target in _links(step.blocks):
                if message := self._dead(target):
                    yield self.error(step.line, end, target, message)

    def _dead(self, target: str) -> str:
        if target.startswith(("https://", "http://")):
            return ""
        if target.startswith("#"):
            steps = [step.id for step in self.lesson.steps]
            return (
                "" if target[1:] in steps else f"this lesson has no step `{target}`: {did_you_mean(target[1:], steps)}"
            )
        slug, _, step = target.removeprefix("/lessons/").strip("/").partition("/")
        if not target.startswith("/lessons/"):
            return f"`{target}` leads nowhere: links are `https://…`, `#step` or `/lessons/<lesson>/<step>/`"
        if slug not in self.around.lessons:
            return f"there is no lesson `{slug}`: {did_you_mean(slug, list(self.around.lessons))}"
        if step and step not in self.around.lessons[slug]:
            return f"the lesson `{slug}` has no step `{step}`: {did_you_mean(step, self.around.lessons[slug])}"
        return ""

    def names(self) -> Iterator[LessonError]:
        """Containers that a check or a hint speaks of, and that no command of the lesson knows."""
        known = {word for step in self.lesson.steps for script in _scripts(step) for word in _typed_words(script)}
        for step, end in self.steps():
            for word in _words(step):
                name = word.wants.name if isinstance(word, Did) else word.name if isinstance(word, Container) else None
                if name and not any(fnmatchcase(each, name) for each in known):
                    yield self.error(step.line, end, name, f"no command of this lesson names `{name}`")
            for hint in (block for block in step.blocks if isinstance(block, Hint)):
                for name in (name for script in _shown(hint.blocks) for name in containers_named(script)):
                    if name not in known and not _VARIABLE.search(name) and not _ID.fullmatch(name):
                        yield self.error(
                            step.line, end, name, f"the hint names `{name}`, which no command of this lesson does"
                        )

    def shells(self) -> Iterator[LessonError]:
        for step, end in self.steps():
            for word in _words(step):
                if isinstance(word, Shell) and any(True for _ in docker_commands(word.run)):
                    yield self.error(
                        step.line,
                        end,
                        "shell:",
                        "a `shell` check must not call docker: it would count as the learner's doing",
                    )


def _words(step: Step) -> list[Word]:
    """Of all its checks, with what stands in combinations; not those of `says`."""
    return [word for check in step.checks if isinstance(check, Check) for word in words_in(check.word)]


def _refused(step: Step) -> Iterator[str]:
    for word in _words(step):
        if isinstance(word, Did) and not word.wants.ok and word.wants.image:
            yield word.wants.image


def _shown(blocks: Iterable[Block]) -> Iterator[str]:
    """The commands and files on the page, those in hints too."""
    for block in blocks:
        if isinstance(block, Command | Listing):
            yield block.text
        elif isinstance(block, Hint):
            yield from _shown(block.blocks)


def _scripts(step: Step) -> list[str]:
    """What is typed in the step, in whichever way; hints speak of what is there."""
    return [*(block.text for block in step.blocks if isinstance(block, Command | Listing)), step.solve, *step.wrong]


def _typed_words(script: str) -> Sequence[str]:
    return re.findall(r"[\w.-]+", script.replace("=", " "))


def _links(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Prose):
            yield from _LINK.findall(_CODE.sub("", block.markdown))
        elif isinstance(block, Hint):
            yield from _links(block.blocks)
