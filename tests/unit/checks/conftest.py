from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.checks import kinds
from playground.classroom.models import Learner
from playground.curriculum.course import Course, load
from tests.unit.checks.watching import FIRST, SECOND, THIRD, Playground


@pytest.fixture
def ada(db: None) -> Learner:
    return Learner.objects.create_user("ada", display_name="Ada")


@pytest.fixture
def ben(db: None) -> Learner:
    return Learner.objects.create_user("ben", display_name="Ben")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    for folder, text in (("01-first", FIRST), ("02-second", SECOND), ("03-third", THIRD)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lesson.md").write_text(text)
    course = load(tmp_path, kinds.parse)
    assert course.errors == ()
    return course


@pytest.fixture
async def playground(course: Course, ada: Learner) -> AsyncIterator[Playground]:
    playground = Playground(course, ada)
    yield playground
    await playground.watch.stop()
