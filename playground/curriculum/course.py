"""The course: the lessons that a folder holds, in the order of their folders' numbers."""

import logging
import re
from pathlib import Path

from playground.curriculum.errors import BadLesson, LessonError
from playground.curriculum.model import Lesson
from playground.curriculum.parser import ParseCheck, parse
from playground.curriculum.rendering import rendered

FOLDER = re.compile(r"\d\d-(?P<slug>(?=.{1,50}$)[a-z0-9]+(?:-[a-z0-9]+)*)")

log = logging.getLogger(__name__)


class Course:
    """Parsed once. With `refresh` each look sees whether a file has changed, for authors with the page open."""

    def __init__(self, directory: Path, parse_check: ParseCheck, *, refresh: bool = False) -> None:
        self._directory, self._parse_check, self._refresh = directory, parse_check, refresh
        self._changed: object = None
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

    def lesson(self, slug: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)

    def _read(self) -> None:
        files = [folder / "lesson.md" for folder in sorted(self._directory.iterdir()) if folder.is_dir()]
        changed = [(file, file.stat().st_mtime_ns if file.exists() else 0) for file in files]
        if changed == self._changed:
            return
        self._changed = changed
        lessons: dict[str, Lesson] = {}
        errors: list[LessonError] = []
        for file in files:
            try:
                lesson = self._lesson(file, taken=lessons)
            except BadLesson as bad:
                errors += bad.errors
            else:
                lessons[lesson.slug] = lesson
        self._lessons, self._errors = tuple(lessons.values()), tuple(errors)
        for error in errors:
            log.error("%s", error)

    def _lesson(self, file: Path, taken: dict[str, Lesson]) -> Lesson:
        name = str(file.relative_to(self._directory))
        found = FOLDER.fullmatch(file.parent.name)
        if not found:
            raise BadLesson([LessonError(name, 0, "a lesson's folder is two digits, a hyphen and a word: `01-hello`")])
        if found["slug"] in taken:
            raise BadLesson([LessonError(name, 0, f"there is a lesson `{found['slug']}` already")])
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BadLesson([LessonError(name, 0, "the folder has no lesson.md")]) from None
        except UnicodeDecodeError as error:
            raise BadLesson([LessonError(name, 0, f"not UTF-8: {error.reason} at byte {error.start}")]) from None
        return rendered(parse(text, name, found["slug"], self._parse_check))


def load(directory: Path, parse_check: ParseCheck, *, refresh: bool = False) -> Course:
    """`parse_check` is `checks.kinds.parse`: the curriculum carries checks and knows nothing of what they look at."""
    return Course(directory, parse_check, refresh=refresh)
