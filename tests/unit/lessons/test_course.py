"""What every lesson of the course must offer, whatever it teaches."""

import pytest
from django.conf import settings

from playground.authoring.desk import look
from playground.checks import kinds
from playground.curriculum.course import load
from playground.curriculum.model import Lesson
from playground.curriculum.syllabus import ROWS, coverage
from playground.engine.images import read_plans

COURSE = load(settings.LESSONS_DIR, kinds.parse)
# Rows about words and history: there is nothing to do, so a quiz may teach them.
TOLD = {2, 3, 12, 22, 24, 38}

each_lesson = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.slug)


def test_lint_finds_no_mistake_in_any_lesson() -> None:
    images = [plan.name for plan in read_plans() if plan.description]

    looked = look(settings.LESSONS_DIR, images)

    assert [str(error) for each in looked for error in each.errors] == []
    assert len(looked) == len(COURSE.lessons) == 11


def test_every_row_is_taught() -> None:
    assert [row for row, steps in coverage(COURSE.lessons).items() if not steps] == []


def test_every_row_is_taught_in_a_step_that_is_seen_on_the_engine() -> None:
    seen_on_engine = {
        row
        for lesson in COURSE.lessons
        for step in lesson.steps
        if any(not check.asks for check in step.checks)
        for row in step.teaches
    }

    assert set(ROWS) - seen_on_engine <= TOLD


@each_lesson
def test_a_lesson_takes_ten_to_fifteen_minutes_and_five_to_eight_steps(lesson: Lesson) -> None:
    assert 10 <= lesson.minutes <= 15
    assert 5 <= len(lesson.steps) <= 8


@each_lesson
def test_every_check_has_a_line_for_the_learner(lesson: Lesson) -> None:
    assert [(step.id, goal.key) for step in lesson.steps for goal in step.goals if not goal.goal] == []


def test_the_course_ends_with_a_challenge_that_is_drawn() -> None:
    assert [lesson.slug for lesson in COURSE.lessons if lesson.challenge] == [COURSE.lessons[-1].slug]
    assert len({str(variant.steps) for variant in COURSE.lessons[-1].variants}) > 1


@each_lesson
def test_every_lesson_asks_to_think_and_not_only_to_click(lesson: Lesson) -> None:
    assert any(step.quizzes for step in lesson.steps)
