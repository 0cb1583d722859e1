"""The course: the lessons that a folder holds, in the order of their folders' numbers."""

import logging
import re
from pathlib import Path

from playground.curriculum import glossary
from playground.curriculum.errors import BadLesson, LessonError
from playground.curriculum.glossary import Glossary
from playground.curriculum.model import Lesson
from playground.curriculum.parser import ParseCheck, parse
from playground.curriculum.rendering import rendered

FILE = "lesson.md"
FOLDER = re.compile(r"(?P<number>\d\d)-(?P<slug>(?=.{1,50}$)[a-z0-9]+(?:-[a-z0-9]+)*)")

log = logging.getLogger(__name__)


class Course:
    """Parsed once. With `refresh` each look sees whether a file has changed, for authors with the page open: a lesson
    that cannot be read any more is then served as it was."""

    def __init__(self, directory: Path, parse_check: ParseCheck, *, refresh: bool = False) -> None:
        self._directory, self._parse_check, self._refresh = directory, parse_check, refresh
        self._changed: dict[Path, int] = {}
        self._stamps: tuple[dict[Path, int], int] | None = None
        self._good: dict[Path, Lesson] = {}
        self._read()

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """Those without errors: a broken lesson is left out, the others are served."""
        if self._refresh:
            self._read()
        return self._lessons

    @property
    def errors(self) -> tuple[LessonError, ...]:
        if self._refresh:
            self._read()
        return self._errors

    @property
    def glossary(self) -> Glossary:
        if self._refresh:
            self._read()
        return self._glossary

    def saved(self) -> dict[str, int]:
        """When each lesson's file was saved last, by slug; those with errors too."""
        self._read()
        return {slug_of(str(file)): at for file, at in self._changed.items()}

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def _read(self) -> None:
        words = self._directory / glossary.FILE
        changed = {file: _saved_at(file) for file in lesson_files(self._directory)}
        stamps = (changed, _saved_at(words))
        if changed and stamps == self._stamps:
            return
        self._stamps = stamps
        lessons: dict[str, Lesson] = {}
        errors: list[LessonError] = []
        self._glossary = _glossary_in(words, errors)
        for file in changed:
            name = str(file.relative_to(self._directory))
            try:
                lesson = read(file, name, self._parse_check)
                check_free(lesson.slug, lessons, name)
            except BadLesson as bad:
                errors += bad.errors
                served = self._good.get(file)
            else:
                served = self._good[file] = lesson
            if served:
                lessons.setdefault(served.slug, self._glossary.explained(served))
        self._changed, self._lessons, self._errors = changed, tuple(lessons.values()), tuple(errors)
        for error in errors:
            log.error("%s", error)


def _saved_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:  # it may go while an editor saves it
        return 0


def load(directory: Path, parse_check: ParseCheck, *, refresh: bool = False) -> Course:
    """`parse_check` is `checks.kinds.parse`: the curriculum carries checks and knows nothing of what they look at."""
    return Course(directory, parse_check, refresh=refresh)


def _glossary_in(file: Path, errors: list[LessonError]) -> Glossary:
    """An empty one where there is none, or where it has errors, which are added to `errors`."""
    if not file.exists():
        return Glossary()
    try:
        return glossary.parse(text_of(file, file.name), file.name)
    except BadLesson as bad:
        errors += bad.errors
        return Glossary()


def lesson_files(directory: Path) -> list[Path]:
    """In order; a file may be missing from its folder."""
    return [folder / FILE for folder in sorted(directory.iterdir()) if folder.is_dir()]


def read(file: Path, name: str, parse_check: ParseCheck) -> Lesson:
    """One lesson with its HTML. `name` stands in errors. Raises BadLesson."""
    found = FOLDER.fullmatch(file.parent.name)
    if not found:
        raise BadLesson([LessonError(name, 0, "a lesson's folder is two digits, a hyphen and a word: `01-hello`")])
    return rendered(parse(text_of(file, name), name, found["slug"], parse_check))


def slug_of(name: str) -> str:
    """Of the lesson in this file, as errors name it; "" for what is no lesson's."""
    found = FOLDER.fullmatch(Path(name).parent.name)
    return found["slug"] if found else ""


def text_of(file: Path, name: str) -> str:
    """Raises BadLesson."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadLesson([LessonError(name, 0, "the folder has no lesson.md")]) from None
    except UnicodeDecodeError as error:
        raise BadLesson([LessonError(name, 0, f"not UTF-8: {error.reason} at byte {error.start}")]) from None
    except OSError as error:
        raise BadLesson([LessonError(name, 0, f"cannot be read: {error.strerror}")]) from None


def check_free(slug: str, taken: dict[str, Lesson], name: str) -> None:
    """Raises BadLesson."""
    if slug in taken:
        raise BadLesson([LessonError(name, 0, f"there is a lesson `{slug}` already")])
