import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from playground.checks import progress
from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.pages.course import course as the_course
from playground.pages.lesson_page import END, progress_of, shown_steps
from playground.pages.outline import resume

pytestmark = pytest.mark.django_db


def passed(html: str) -> set[str]:
    """The steps that the page draws with a tick."""
    return set(re.findall(r'data-step="([^"]+)"[^>]* data-passed', html))


def on_show(html: str) -> list[str]:
    return re.findall(r'data-step="([^"]+)"[^>]* data-current', html)


def test_the_course_page_counts_the_steps_that_are_done(adas_browser: Client, ada: Learner, course: Course) -> None:
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    html = adas_browser.get("/lessons/").content.decode()
    assert "1 of 2 steps" in html
    assert "0 of 2 steps" in html


def test_an_author_sees_the_error_of_a_lesson_that_breaks_and_the_lesson_as_it_was(
    adas_browser: Client, tmp_path: Path, settings: Settings, course: Course
) -> None:
    settings.LESSONS_WATCH = True
    the_course.cache_clear()
    assert b"cannot be read" not in adas_browser.get("/lessons/hello/").content
    file = tmp_path / "01-hello" / "lesson.md"
    file.write_text(file.read_text().replace("did:", "dit:"))

    html = adas_browser.get("/lessons/hello/").content.decode()

    assert "01-hello/lesson.md:16: unknown check `dit`: did you mean `did`?" in html
    assert "Run one" in html
    assert "cannot be read" not in adas_browser.get("/lessons/later/").content.decode()
    assert adas_browser.get("/lessons/broken/").headers["Location"] == "/lessons/"
    settings.LESSONS_WATCH = False
    assert "cannot be read" not in adas_browser.get("/lessons/hello/").content.decode()


def test_ticks_are_drawn_with_the_page(adas_browser: Client, ada: Learner, course: Course) -> None:
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    assert passed(adas_browser.get("/lessons/hello/").content.decode()) == {"run"}


def test_nobody_gets_the_ticks_of_another_learner(adas_browser: Client, ben: Learner, course: Course) -> None:
    progress.record(ben.pk, "hello", "run", [], step_passed=True)
    assert passed(adas_browser.get("/lessons/hello/").content.decode()) == set()
    assert b"1 of 2" not in adas_browser.get("/lessons/").content


def test_a_lesson_opens_at_the_first_step_that_is_left(adas_browser: Client, ada: Learner, course: Course) -> None:
    assert on_show(adas_browser.get("/lessons/hello/").content.decode()) == ["run"]
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    assert on_show(adas_browser.get("/lessons/hello/").content.decode()) == ["think"]


def test_an_address_opens_its_step_and_all_steps_are_on_the_page(adas_browser: Client, course: Course) -> None:
    html = adas_browser.get("/lessons/hello/think/").content.decode()
    assert on_show(html) == ["think"]
    assert re.findall(r'data-step="([^"]+)"', html) == ["run", "think", "~end"]
    assert on_show(adas_browser.get("/lessons/hello/~end/").content.decode()) == ["~end"]


def test_every_step_leads_to_its_neighbours_and_the_last_one_to_the_end(ada: Learner, course: Course) -> None:
    steps = shown_steps(course.lessons[0], "run", progress.ticks(ada.pk, "hello"))
    assert [(step.previous_url, step.next_url) for step in steps] == [
        ("", "/lessons/hello/think/"),
        ("/lessons/hello/run/", "/lessons/hello/~end/"),
    ]


def test_one_check_of_two_ticks_by_itself(ada: Learner, course: Course) -> None:
    lesson = course.lessons[0]
    first, second = lesson.steps[0].goals
    progress.record(ada.pk, "hello", "run", [first.key], step_passed=False)
    step = shown_steps(lesson, "run", progress.ticks(ada.pk, "hello"))[0]
    assert [(goal.text, goal.passed) for goal in step.goals] == [
        ("hello-world has run", True),
        ("Its image is there", False),
    ]
    assert not step.passed
    assert progress_of(lesson, progress.ticks(ada.pk, "hello"), {"run": {second.key: "Pull it."}})["run"] == {
        "passed": False,
        "how": "",
        "goals": {first.key: {"passed": True, "says": ""}, second.key: {"passed": False, "says": "Pull it."}},
    }


def test_in_a_passed_step_a_check_that_was_added_later_is_ticked(ada: Learner, course: Course) -> None:
    progress.record(ada.pk, "hello", "run", [], step_passed=True)
    step = shown_steps(course.lessons[0], END, progress.ticks(ada.pk, "hello"))[0]
    assert all(goal.passed for goal in step.goals)


def test_the_end_leads_to_the_next_lesson_and_the_last_one_to_the_course(adas_browser: Client, course: Course) -> None:
    assert b'href="/lessons/later/"' in adas_browser.get("/lessons/hello/~end/").content
    assert b'href="/lessons/broken/"' not in adas_browser.get("/lessons/later/~end/").content


def test_going_on_is_offered_until_all_is_done(ada: Learner, course: Course) -> None:
    for lesson in course.lessons:
        found = resume(ada, course.lessons)
        assert found is not None
        assert found.url == f"/lessons/{lesson.slug}/run/"
        for step in lesson.steps:
            progress.record(ada.pk, lesson.slug, step.id, [], step_passed=True)
    assert resume(ada, course.lessons) is None


def test_only_a_lesson_that_was_begun_is_continued(adas_browser: Client, ada: Learner, course: Course) -> None:
    first, later = course.lessons
    assert f"Start “{first.title}”" in adas_browser.get("/").content.decode()

    for step in first.steps:
        progress.record(ada.pk, first.slug, step.id, [], step_passed=True, next_step="")
    assert f"Start “{later.title}”" in adas_browser.get("/lessons/").content.decode()

    progress.stand_at(ada.pk, later.slug, "run")
    assert f"Continue “{later.title}”" in adas_browser.get("/lessons/").content.decode()


def test_a_broken_lesson_is_told_to_staff_and_to_authors_but_not_to_learners(
    adas_browser: Client, ada: Learner, course: Course, settings: Settings
) -> None:
    assert b"03-broken" not in adas_browser.get("/lessons/").content
    settings.DEBUG = True
    assert b"03-broken/lesson.md:" in adas_browser.get("/lessons/").content
    settings.DEBUG = False
    ada.is_staff = True
    ada.save()
    assert b"03-broken/lesson.md:" in adas_browser.get("/lessons/").content


def test_a_lesson_that_its_author_has_changed_is_shown_as_it_is_now(
    adas_browser: Client, course: Course, settings: Settings
) -> None:
    settings.LESSONS_WATCH = True
    the_course.cache_clear()
    assert b"Run two" not in adas_browser.get("/lessons/hello/").content
    file = settings.LESSONS_DIR / "01-hello" / "lesson.md"
    file.write_text(file.read_text().replace("## Run one", "## Run two"))
    assert b"Run two" in adas_browser.get("/lessons/hello/").content
