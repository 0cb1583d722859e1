import os
from pathlib import Path

from playground.curriculum.course import load
from tests.unit.curriculum.lessons import HEAD, STEP, parse_check


def write(directory: Path, folder: str, text: str = HEAD + STEP) -> Path:
    (directory / folder).mkdir(exist_ok=True)
    file = directory / folder / "lesson.md"
    file.write_text(text)
    return file


def test_lessons_come_in_the_order_of_their_folders_and_are_named_without_the_number(tmp_path: Path) -> None:
    write(tmp_path, "02-second")
    write(tmp_path, "01-first-of-all")

    course = load(tmp_path, parse_check)

    assert [lesson.slug for lesson in course.lessons] == ["first-of-all", "second"]
    assert course.errors == ()


def test_a_broken_lesson_is_left_out_and_the_others_are_served(tmp_path: Path) -> None:
    write(tmp_path, "01-good")
    write(tmp_path, "02-broken", HEAD)

    course = load(tmp_path, parse_check)

    assert [lesson.slug for lesson in course.lessons] == ["good"]
    assert [str(error) for error in course.errors] == [
        "02-broken/lesson.md:0: a lesson needs at least one step: `## Title {#id}`"
    ]


def test_folders_that_are_no_lessons_are_named(tmp_path: Path) -> None:
    write(tmp_path, "01-good")
    write(tmp_path, "02-good")
    write(tmp_path, "Drafts")
    (tmp_path / "03-empty").mkdir()
    (write(tmp_path, "04-latin")).write_bytes(b"caf\xe9")
    (tmp_path / "README.md").write_text("no lesson")

    course = load(tmp_path, parse_check)

    assert [(error.file, error.message) for error in course.errors] == [
        ("02-good/lesson.md", "there is a lesson `good` already"),
        ("03-empty/lesson.md", "the folder has no lesson.md"),
        ("04-latin/lesson.md", "not UTF-8: unexpected end of data at byte 3"),
        ("Drafts/lesson.md", "a lesson's folder is two digits, a hyphen and a word: `01-hello`"),
    ]


def test_a_lesson_that_breaks_while_its_author_works_on_it_is_served_as_it_was(tmp_path: Path) -> None:
    file = write(tmp_path, "01-good")
    course = load(tmp_path, parse_check, refresh=True)
    before = course.saved()

    file.write_text("nothing")
    os.utime(file, ns=(1, 1))

    assert [lesson.title for lesson in course.lessons] == ["A lesson"]
    assert course.errors[0].file == "01-good/lesson.md"
    assert course.saved() != before
    file.unlink()
    assert [lesson.title for lesson in course.lessons] == ["A lesson"]
    assert [error.message for error in course.errors] == ["the folder has no lesson.md"]


def test_a_changed_file_is_read_again_when_an_author_works_on_it(tmp_path: Path) -> None:
    file = write(tmp_path, "01-good")
    served, edited = load(tmp_path, parse_check), load(tmp_path, parse_check, refresh=True)

    file.write_text(file.read_text().replace("A lesson", "A better lesson"))
    os.utime(file, ns=(1, 1))

    assert served.lessons[0].title == "A lesson"
    assert edited.lessons[0].title == "A better lesson"


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, "01-good")
    course = load(tmp_path, parse_check, refresh=True)

    assert course.lesson("good") is course.lesson("good")
