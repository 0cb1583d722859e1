"""Steps that ask: what was typed or chosen."""

import pytest

from playground.checks import kinds
from playground.curriculum.course import Course
from tests.unit.checks.watching import Playground, position_step, read_position

pytestmark = pytest.mark.django_db(transaction=True)


async def test_answers_are_checks_like_the_others(playground: Playground, course: Course) -> None:
    await playground.pass_up_to("ask")
    await playground.open()
    lesson = course.lesson("first")
    assert lesson
    step = lesson.step("ask")
    assert step
    question, quiz = step.checks[0], step.quizzes[0]

    async def answer(key: str, given: str | list[int]) -> kinds.Verdict | None:
        return await playground.watch.answer(playground.ada, "first", "ask", key, given)

    assert await answer(question.key, "1") == kinds.Verdict(False, "Look again.")
    assert await answer(quiz.key, [1]) == kinds.Verdict(False, "It is.")
    assert await playground.passed() == {"pull", "run", "name"}
    assert await answer(question.key, "127") == kinds.Verdict(True)
    assert await answer(quiz.key, [0]) == kinds.Verdict(True, "So it is.")
    assert await playground.passed() == {"pull", "run", "name", "ask"}
    assert position_step(await read_position(playground)) == "list"


@pytest.mark.parametrize(
    ("lesson", "step", "key", "given"),
    [
        ("nowhere", "ask", "k", "1"),
        ("first", "nowhere", "k", "1"),
        ("first", "ask", "k", "1"),
        ("first", "pull", "", [0]),
    ],
)
async def test_an_answer_that_nobody_asked_for_is_no_verdict(
    playground: Playground, lesson: str, step: str, key: str, given: str | list[int]
) -> None:
    assert await playground.watch.answer(playground.ada, lesson, step, key, given) is None
