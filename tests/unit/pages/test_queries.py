"""A page asks the database as often for a large course in a full house as for a small one."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from playground.checks import progress
from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.pages import urls
from playground.pages.course import course as the_course
from playground.seats.models import Seat
from tests.unit.pages.conftest import learner

pytestmark = pytest.mark.django_db

PAGES: Mapping[str, str] = {
    "front": "/",
    "lessons": "/lessons/",
    "lesson": "/lessons/lesson-1/",
    "lesson-end": "/lessons/lesson-1/~end/",
    "step": "/lessons/lesson-1/step-1/",
    "search": "/search/?q=container",
    "glossary": "/glossary/",
    "me": "/me/",
    "account": "/me/account/",
    "sign-in": "/sign-in/",
    "certificate": "/me/certificate/",
    "delete-me": "/me/delete/",
}
# Those that lead a guest elsewhere, that need mail, and that only a script asks for.
NO_PAGES = {"join", "password", "forgotten", "new-password", "leave", "extend-seat", "end-seat", "healthz"}
HEAD = "---\ntitle: Lesson {lesson}\nsummary: About a container.\nminutes: 10\n---\n"
STEP = """
## Step {step} {{#step-{step}}}

Run a container.

```check
did: {{run: busybox}}
goal: A container has run
```

```sh solve
docker run busybox
```
"""


def write(folder: Path, lessons: int, steps: int) -> None:
    for lesson in range(1, lessons + 1):
        text = HEAD.format(lesson=lesson) + "".join(STEP.format(step=step) for step in range(1, steps + 1))
        (folder / f"{lesson:02}-lesson-{lesson}").mkdir(parents=True)
        (folder / f"{lesson:02}-lesson-{lesson}" / "lesson.md").write_text(text)
    the_course.cache_clear()


def at_work(someone: Learner) -> None:
    """With all of the course passed, some time spent, and a seat."""
    now = timezone.now()
    Seat.objects.create(
        instance=settings.INSTANCE, learner=someone, state=Seat.State.LENT, lent_at=now, seen_at=now, ends_at=now
    )
    for lesson in the_course().lessons:
        progress.spend(someone.pk, lesson.slug, 60)
        for step in lesson.steps:
            keys = [goal.key for goal in step.goals]
            progress.record(someone.pk, lesson.slug, step.id, keys, step_passed=True, next_step="")


def queries(page: str) -> list[str]:
    browser = Client()
    browser.force_login(Learner.objects.earliest("pk"))
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page)
    assert answer.status_code == 200
    return [query["sql"] for query in asked]


def test_every_page_is_counted() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == PAGES.keys() | NO_PAGES


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_no_page_asks_more_for_more_lessons_steps_and_learners(
    page: str, tmp_path: Path, settings: Settings, course: Course
) -> None:
    settings.LESSONS_DIR = tmp_path / "small"
    write(settings.LESSONS_DIR, lessons=1, steps=1)
    at_work(learner("Ada"))
    small = queries(page)

    settings.LESSONS_DIR = tmp_path / "large"
    write(settings.LESSONS_DIR, lessons=5, steps=4)
    for someone in (Learner.objects.get(), *(learner(name) for name in ("Ben", "Cleo", "Tess"))):
        Seat.objects.filter(learner=someone).delete()
        at_work(someone)
    large = queries(page)

    assert len(large) == len(small), "\n".join(large)
