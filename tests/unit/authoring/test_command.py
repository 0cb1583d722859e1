"""manage.py lessons, as far as it needs no engine."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from playground.curriculum.course import FILE
from tests.unit.curriculum.lessons import HEAD


@pytest.fixture
def lessons(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An author's folder, and the author one above it."""
    settings.LESSONS_DIR = tmp_path / "lessons"
    settings.LESSONS_DIR.mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "lessons"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("lessons", *arguments)
    return capsys.readouterr().out.strip()


def test_a_new_lesson_comes_after_the_last_and_has_no_mistakes(
    lessons: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (lessons / "07-old").mkdir()
    (lessons / "07-old" / FILE).write_text(
        HEAD
        + "\n## A {#a}\n\n```quiz\nquestion: q\nanswers: [{text: a, right: true, why: w}, {text: b, why: w}]\n```\n"
    )

    assert run(capsys, "new", "my-first", "--title", "My first") == "lessons/08-my-first/lesson.md"
    assert run(capsys, "lint", "my-first") == "1 lesson, no mistakes"
    assert run(capsys, "lint") == "2 lessons, no mistakes"


@pytest.mark.parametrize("slug", ["My_First", "taken"])
def test_a_slug_that_cannot_be_or_is_taken_makes_nothing(
    lessons: Path, capsys: pytest.CaptureFixture[str], slug: str
) -> None:
    run(capsys, "new", "taken")

    with pytest.raises(CommandError, match=r"my-first|there is a lesson"):
        call_command("lessons", "new", slug)
    assert [path.name for path in lessons.iterdir()] == ["01-taken"]


def test_mistakes_are_named_as_a_compiler_does(lessons: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "new", "mine")
    file = lessons / "01-mine" / FILE
    file.write_text(file.read_text().replace("```sh solve", "```sh slove", 1).replace("exit_code: 0", "exit_cod: 0"))

    with pytest.raises(CommandError, match="2 mistakes"):
        call_command("lessons", "lint", "lessons/01-mine")
    lines = capsys.readouterr().out.splitlines()
    assert "lessons/01-mine/lesson.md:42: unknown block `sh slove`: did you mean `sh solve`?" in lines
    assert any(line.startswith("lessons/01-mine/lesson.md:25: unknown word `exit_cod`") for line in lines)


def test_a_lesson_that_is_not_there_is_asked_back(lessons: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "new", "mine")

    with pytest.raises(CommandError, match="did you mean `mine`"):
        call_command("lessons", "lint", "mien")


def test_coverage_names_the_rows_that_nothing_teaches(lessons: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "new", "mine")
    file = lessons / "01-mine" / FILE
    file.write_text(file.read_text().replace("minutes: 10", "minutes: 10\nteaches: {say-hello: [8]}"))

    with pytest.raises(CommandError, match="Not taught: 1, 2, 3, 4, 5, 6, 7, 9, "):
        call_command("lessons", "coverage")
    assert "mine/say-hello" in capsys.readouterr().out
