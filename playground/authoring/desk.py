"""What `manage.py lessons` works on: the files, as an author names them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playground.authoring.lint import Surroundings, findings
from playground.checks import kinds
from playground.curriculum.course import FILE, FOLDER, check_free, lesson_files, read, text_of
from playground.curriculum.errors import BadLesson, LessonError, did_you_mean
from playground.curriculum.model import Lesson


@dataclass(frozen=True, slots=True)
class Looked:
    """One file: the lesson if it can be read, and everything that is wrong with it."""

    file: Path
    lesson: Lesson | None
    errors: tuple[LessonError, ...]


class UnknownLesson(Exception):
    pass


def look(directory: Path, images: list[str], asked: str = "") -> list[Looked]:
    """At the lesson that is `asked` for by slug or path, or at all. Raises UnknownLesson."""
    course = {file: _parsed(file) for file in lesson_files(directory)}
    wanted = _wanted(asked, list(course)) if asked else list(course)
    parsed = course | {file: _parsed(file) for file in wanted if file not in course}
    lessons = {lesson.slug: [step.id for step in lesson.steps] for lesson, _ in parsed.values() if lesson}
    around = Surroundings(images, lessons)
    return [_looked(file, *parsed[file], around, taken=list(_before(file, parsed))) for file in wanted]


def _parsed(file: Path) -> tuple[Lesson | None, tuple[LessonError, ...]]:
    try:
        return read(file, _name(file), kinds.parse), ()
    except BadLesson as bad:
        return None, bad.errors


def _looked(
    file: Path, lesson: Lesson | None, errors: tuple[LessonError, ...], around: Surroundings, taken: list[Lesson]
) -> Looked:
    if lesson is None:
        return Looked(file, None, errors)
    found = list(errors)
    try:
        check_free(lesson.slug, {one.slug: one for one in taken}, _name(file))
    except BadLesson as bad:
        found += bad.errors
    found += findings(lesson, text_of(file, _name(file)), _name(file), around)
    return Looked(file, lesson, tuple(found))


def _before(file: Path, parsed: dict[Path, tuple[Lesson | None, tuple[LessonError, ...]]]) -> Iterator[Lesson]:
    for other, (lesson, _) in parsed.items():
        if other == file:
            return
        if lesson:
            yield lesson


def _wanted(asked: str, files: list[Path]) -> list[Path]:
    path = Path(asked)
    if path.is_dir():
        path /= FILE
    if path.is_file():
        return [next((file for file in files if file.samefile(path)), path.resolve())]
    by_slug = {match["slug"]: file for file in files if (match := FOLDER.fullmatch(file.parent.name))}
    by_slug |= {file.parent.name: file for file in files}
    if asked in by_slug:
        return [by_slug[asked]]
    raise UnknownLesson(f"there is no lesson `{asked}`: {did_you_mean(asked, list(by_slug))}")


def _name(file: Path) -> str:
    """As the author sees it from where they are, so that an editor can open it."""
    return os.path.relpath(file)
