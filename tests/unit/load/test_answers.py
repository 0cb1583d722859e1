from playground.checks import kinds
from playground.load import answers
from playground.pages.course import course


def test_every_question_of_the_course_can_be_answered_rightly_and_wrongly() -> None:
    asked = 0
    for lesson in course().lessons:
        for step in lesson.steps:
            for quiz in step.quizzes:
                asked += 1
                right, wrong = answers.right(quiz), answers.wrong(quiz)
                assert isinstance(right, list)
                assert isinstance(wrong, list)
                assert kinds.judge(quiz, right).passed
                assert not kinds.judge(quiz, wrong).passed
    assert asked


def test_what_is_asked_and_what_is_done_are_all_goals_of_a_step() -> None:
    for lesson in course().lessons:
        for step in lesson.steps:
            keys = [goal.key for goal in (*answers.done_on_the_engine(step), *answers.asked(step))]
            assert sorted(keys) == sorted(goal.key for goal in step.goals)
