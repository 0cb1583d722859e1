"""What every lesson of the course must offer, whatever it teaches."""

import pytest
from django.conf import settings

from playground.checks import kinds
from playground.curriculum.course import load
from playground.curriculum.model import Lesson

COURSE = load(settings.LESSONS_DIR, kinds.parse)
# Rows of the syllabus that the first three lessons teach by doing.
FIRST_ROWS = {4, 5, 8, 23} | set(range(13, 22))

each_lesson = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.slug)


def test_no_lesson_has_an_error() -> None:
    assert COURSE.errors == ()
    assert [lesson.slug for lesson in COURSE.lessons] == ["hello-world", "images-and-containers", "a-containers-life"]


def test_every_row_is_taught_in_a_step_that_is_seen_on_the_engine() -> None:
    seen_on_engine = {
        row
        for lesson in COURSE.lessons
        for step in lesson.steps
        if any(not check.asks for check in step.checks)
        for row in step.teaches
    }

    assert FIRST_ROWS - seen_on_engine == set()


@each_lesson
def test_a_lesson_takes_ten_to_fifteen_minutes_and_five_to_eight_steps(lesson: Lesson) -> None:
    assert 10 <= lesson.minutes <= 15
    assert 5 <= len(lesson.steps) <= 8


@each_lesson
def test_every_check_has_a_line_for_the_learner(lesson: Lesson) -> None:
    assert [(step.id, goal.key) for step in lesson.steps for goal in step.goals if not goal.goal] == []


@each_lesson
def test_every_lesson_asks_to_think_and_not_only_to_click(lesson: Lesson) -> None:
    assert any(step.quizzes for step in lesson.steps)
