"""The certificate: who gets one, and what it says."""

from datetime import UTC, datetime

from django.test import Client

from playground.checks import progress
from playground.checks.models import StepPass
from playground.classroom.models import Learner
from playground.curriculum.course import Course


def do_all(learner: Learner, course: Course, *, played: str = "") -> None:
    for lesson in course.lessons:
        for step in lesson.steps:
            mine = played != f"{lesson.slug}/{step.id}"
            progress.record(learner.pk, lesson.slug, step.id, [], step_passed=True, played=not mine)


def test_whoever_has_done_every_step_gets_one(adas_browser: Client, ada: Learner, course: Course) -> None:
    progress.note_help(ada.pk, "hello", "run", StepPass.How.HINT)
    do_all(ada, course)
    StepPass.objects.update(at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    progress.spend(ada.pk, "hello", 12 * 60)
    page = adas_browser.get("/me/certificate/").content.decode()
    for said in ("Ada</h1>", "all 2 lessons", "4 steps, 3 of them without any help", "1 March 2026", "12 min", "Later"):
        assert said in page


def test_a_step_that_is_missing_or_was_played_stands_in_the_way(
    adas_browser: Client, ada: Learner, course: Course
) -> None:
    do_all(ada, course, played="later/think")
    page = adas_browser.get("/me/certificate/").content.decode()
    assert "/lessons/later/think/" in page
    assert "/lessons/hello/" not in page
    assert 'class="certificate"' not in page


def test_nobody_gets_one_for_nothing(adas_browser: Client, course: Course) -> None:
    assert 'class="certificate"' not in adas_browser.get("/me/certificate/").content.decode()


def test_the_course_page_leads_to_it_once_all_is_done(adas_browser: Client, ada: Learner, course: Course) -> None:
    assert 'href="/me/certificate/"' not in adas_browser.get("/lessons/").content.decode()
    do_all(ada, course)
    assert 'href="/me/certificate/"' in adas_browser.get("/lessons/").content.decode()


def test_time_spent_stands_beside_a_lesson(adas_browser: Client, ada: Learner, course: Course) -> None:
    progress.spend(ada.pk, "hello", 7 * 60)
    assert "7 spent" in adas_browser.get("/lessons/").content.decode()
    assert "7 min" in adas_browser.get("/me/").content.decode()
