from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from playground.checks import kinds, progress
from playground.checks.models import CheckPass, StepPass
from playground.checks.progress import (
    Ticks,
    note_help,
    record,
    reset,
    spend,
    stand_at,
    steps_passed,
    ticks,
    time_spent,
    where_to_go_on,
)
from playground.classroom.models import Learner
from playground.curriculum.course import Course, load

LESSON = """---
title: {title}
summary: S
minutes: 5
---
"""
STEP = """
## {id} {{#{id}}}

```check
did: {action}
```

```sh solve
docker {action}
```
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Two lessons: `first` with the steps a, b and c; `second` with the step d."""
    for folder, steps in (("01-first", "abc"), ("02-second", "d")):
        (tmp_path / folder).mkdir()
        body = "".join(STEP.format(id=step, action="ps") for step in steps)
        (tmp_path / folder / "lesson.md").write_text(LESSON.format(title=folder) + body)
    return load(tmp_path, kinds.parse)


def test_a_pass_is_stored_once_however_often_it_is_seen(ada: Learner) -> None:
    for _ in range(2):
        record(ada.pk, "first", "a", ["k1", "k2"], step_passed=True)

    assert CheckPass.objects.count() == 2
    assert StepPass.objects.count() == 1


def test_the_first_pass_keeps_its_time(ada: Learner) -> None:
    record(ada.pk, "first", "a", ["k1"], step_passed=True)
    at = StepPass.objects.get().at

    record(ada.pk, "first", "a", ["k1"], step_passed=True)

    assert StepPass.objects.get().at == at


def test_the_ticks_of_a_lesson_are_one_query(
    ada: Learner, ben: Learner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record(ada.pk, "first", "a", ["k1"], step_passed=True)
    record(ada.pk, "first", "b", ["k2"], step_passed=False)
    record(ada.pk, "second", "d", ["k3"], step_passed=True)
    record(ben.pk, "first", "c", ["k4"], step_passed=True)

    with django_assert_num_queries(1):
        read = ticks(ada.pk, "first")

    assert read == Ticks(frozenset({"a"}), frozenset({("a", "k1"), ("b", "k2")}))
    assert read.of("b") == {"k2"}


def test_the_steps_of_the_whole_course_are_one_query(
    ada: Learner, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record(ada.pk, "first", "a", [], step_passed=True)
    record(ada.pk, "second", "d", [], step_passed=True)

    with django_assert_num_queries(1):
        assert steps_passed(ada.pk) == {"first": {"a"}, "second": {"d"}}


def test_a_newcomer_begins_with_the_first_step(ada: Learner, course: Course) -> None:
    assert where(ada, course) == ("first", "a")


def test_a_learner_goes_on_at_the_step_they_were_at(ada: Learner, course: Course) -> None:
    stand_at(ada.pk, "first", "b")

    assert where(ada, course) == ("first", "b")


def test_a_learner_whose_step_is_passed_goes_on_in_that_lesson(ada: Learner, course: Course) -> None:
    stand_at(ada.pk, "first", "b")
    record(ada.pk, "first", "b", [], step_passed=True)

    assert where(ada, course) == ("first", "a")


def test_after_the_end_of_a_lesson_comes_the_first_one_with_something_left(ada: Learner, course: Course) -> None:
    stand_at(ada.pk, "second", "")
    record(ada.pk, "second", "d", [], step_passed=True)

    assert where(ada, course) == ("first", "a")


def test_who_has_passed_everything_need_not_go_on(ada: Learner, course: Course) -> None:
    for lesson in course.lessons:
        for step in lesson.steps:
            record(ada.pk, lesson.slug, step.id, [], step_passed=True)

    assert where_to_go_on(ada.pk, course.lessons) is None


def test_the_next_step_is_the_one_after_or_the_first_left_out(course: Course) -> None:
    lesson = course.lessons[0]

    def next_after(step: str, *passed: str) -> str | None:
        found = Ticks(frozenset(passed)).first_unpassed(lesson, after=step)
        return found.id if found else None

    assert next_after("", "a") == "b"
    assert next_after("a", "a") == "b"
    assert next_after("b", "b") == "c"
    assert next_after("c", "b", "c") == "a"
    assert next_after("c", "a", "b", "c") is None


def test_a_step_can_be_taken_back_and_a_lesson_too(ada: Learner, ben: Learner) -> None:
    for learner in (ada, ben):
        record(learner.pk, "first", "a", ["k1"], step_passed=True)
        record(learner.pk, "first", "b", ["k2"], step_passed=True)

    reset(ada.pk, "first", "a")
    assert ticks(ada.pk, "first") == Ticks(frozenset({"b"}), frozenset({("b", "k2")}))

    reset(ada.pk, "first")
    assert ticks(ada.pk, "first") == Ticks()
    assert ticks(ben.pk, "first").steps == {"a", "b"}


def test_a_position_is_where_the_learner_stood_last(ada: Learner) -> None:
    assert progress.position_of(ada.pk) is None

    stand_at(ada.pk, "first", "a")
    stand_at(ada.pk, "second", "d")

    assert progress.position_of(ada.pk) == ("second", "d")


def where(learner: Learner, course: Course) -> tuple[str, str] | None:
    found = where_to_go_on(learner.pk, course.lessons)
    return (found[0].slug, found[1].id) if found else None


def how(learner: Learner, step: str) -> str:
    return StepPass.objects.get(learner=learner, lesson="first", step=step).how


def test_a_pass_knows_how_much_help_there_was(ada: Learner, ben: Learner) -> None:
    note_help(ada.pk, "first", "b", StepPass.How.HINT)
    note_help(ada.pk, "first", "c", StepPass.How.SOLUTION)
    note_help(ada.pk, "first", "c", StepPass.How.HINT)
    for learner in (ada, ben):
        for step in "abc":
            record(learner.pk, "first", step, [], step_passed=True)

    assert [how(ada, step) for step in "abc"] == ["alone", "hint", "solution"]
    assert [how(ben, step) for step in "abc"] == ["alone", "alone", "alone"]


def test_help_that_is_opened_after_the_pass_takes_nothing_away(ada: Learner) -> None:
    record(ada.pk, "first", "a", [], step_passed=True)
    note_help(ada.pk, "first", "a", StepPass.How.SOLUTION)
    record(ada.pk, "first", "a", [], step_passed=True)

    assert how(ada, "a") == "alone"


def test_what_was_done_by_oneself_does_not_become_played(ada: Learner) -> None:
    record(ada.pk, "first", "a", [], step_passed=True)
    record(ada.pk, "first", "a", [], step_passed=True, played=True)
    record(ada.pk, "first", "b", [], step_passed=True, played=True)

    assert [how(ada, step) for step in "ab"] == ["alone", "played"]
    assert ticks(ada.pk, "first").hows == {"a": "alone", "b": "played"}


def test_a_step_that_is_done_again_begins_without_help(ada: Learner) -> None:
    note_help(ada.pk, "first", "a", StepPass.How.SOLUTION)
    record(ada.pk, "first", "a", [], step_passed=True)
    reset(ada.pk, "first", "a")
    record(ada.pk, "first", "a", [], step_passed=True)

    assert how(ada, "a") == "alone"


def test_time_adds_up_by_lesson(ada: Learner, ben: Learner) -> None:
    spend(ada.pk, "first", 30)
    spend(ada.pk, "first", 12)
    spend(ada.pk, "second", 5)
    spend(ben.pk, "first", 7)

    assert time_spent(ada.pk) == {"first": 42, "second": 5}


def test_what_is_drawn_stays_until_the_lesson_is_reset_and_is_another_one_then(
    ada: Learner, ben: Learner, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (tmp_path / "01-challenge").mkdir()
    head = LESSON.format(title="Challenge").replace("minutes: 5", "minutes: 5\ndraw: {name: [a, b, c, d, e, f, g, h]}")
    (tmp_path / "01-challenge" / "lesson.md").write_text(head + "\n`@{name}`\n" + STEP.format(id="a", action="ps"))
    (challenge,) = load(tmp_path, kinds.parse).lessons

    with django_assert_num_queries(1):
        mine = progress.as_drawn(ada.pk, challenge)
    assert progress.as_drawn(ada.pk, challenge) is mine
    assert progress.as_drawn(ben.pk, challenge).intro_html != mine.intro_html

    reset(ada.pk, "challenge", "a")
    assert progress.as_drawn(ada.pk, challenge) is mine
    reset(ada.pk, "challenge")
    again = progress.as_drawn(ada.pk, challenge)
    assert again.intro_html != mine.intro_html
    reset(ada.pk, "challenge")
    assert progress.as_drawn(ada.pk, challenge).intro_html not in (mine.intro_html, again.intro_html)


def test_a_lesson_that_draws_nothing_is_the_same_for_all_and_asks_nothing(
    ada: Learner, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert progress.as_drawn(ada.pk, course.lessons[0]) is course.lessons[0]
