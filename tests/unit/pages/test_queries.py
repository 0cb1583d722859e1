"""A page asks the database as often for a large course in a full house as for a small one."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from playground.checks import progress
from playground.checks.models import Trip
from playground.classroom import members
from playground.classroom.models import Classroom, Delivery, Hand, Learner, Membership, Message
from playground.classroom.teachers import appoint
from playground.curriculum.course import Course
from playground.pages import urls
from playground.pages.course import course as the_course
from playground.seats.models import Seat
from tests.unit.pages.conftest import learner, lend

pytestmark = pytest.mark.django_db

ADAS: Mapping[str, str] = {
    "front": "/",
    "sign-in": "/sign-in/",
    "lessons": "/lessons/",
    "lesson": "/lessons/lesson-1/",
    "lesson-end": "/lessons/lesson-1/~end/",
    "step": "/lessons/lesson-1/step-1/",
    "search": "/search/?q=container",
    "glossary": "/glossary/",
    "me": "/me/",
    "my-data": "/me/data/",
    "account": "/me/account/",
    "certificate": "/me/certificate/",
    "delete-me": "/me/delete/",
    "my-classroom": "/me/classroom/",
    "type-code": "/c/",
    "join-classroom": "/c/{code}/",
}
TESSES: Mapping[str, str] = {
    "classrooms": "/classrooms/",
    "new-classroom": "/classrooms/new/",
    "classroom": "/classrooms/{pk}/",
    "roster": "/classrooms/{pk}/roster/",
    "visit": "/classrooms/{pk}/visit/{learner}/",
    "class-seats": "/classrooms/{pk}/seats/",
    "class-steps": "/classrooms/{pk}/steps/",
    "edit-classroom": "/classrooms/{pk}/edit/",
    "delete-classroom": "/classrooms/{pk}/delete/",
    "projector": "/classrooms/{pk}/projector/?names",
    "results": "/classrooms/{pk}/results.csv",
}
# What scripts and forms ask for, what leads a guest elsewhere, and what needs mail.
NO_PAGES = {
    "healthz", "leave", "extend-seat", "end-seat", "leave-classroom", "set-hand", "put-away", "open-classroom",
    "remove-member", "say", "lower-hand", "warm-seats", "join", "account-details", "password", "forgotten",
    "new-password", "file", "folder",
}  # fmt: skip
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


def at_work(someone: Learner, classroom: Classroom) -> None:
    """With all of the course passed, some trips on the way, time spent, a seat, a raised hand and something that the
    teacher has said."""
    lend(someone)
    members.join(someone, classroom)
    Hand.objects.create(membership=Membership.objects.get(learner=someone))
    Delivery.objects.create(learner=someone, message=Message.objects.create(classroom=classroom, text="Well done."))
    for lesson in the_course().lessons:
        progress.spend(someone.pk, lesson.slug, 60)
        for step in lesson.steps:
            keys = [goal.key for goal in step.goals]
            progress.record(someone.pk, lesson.slug, step.id, keys, step_passed=True, next_step="")
            Trip.objects.get_or_create(learner=someone, lesson=lesson.slug, step=step.id, kind="error", what="no image")


def queries(who: Learner, page: str) -> list[str]:
    browser = Client()
    browser.force_login(who)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(page)
    assert answer.status_code == 200
    return [query["sql"] for query in asked]


def test_every_page_is_counted() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == ADAS.keys() | TESSES.keys() | NO_PAGES


@pytest.mark.parametrize("name", [*ADAS, *TESSES])
def test_no_page_asks_more_for_more_lessons_steps_and_learners(
    name: str, tmp_path: Path, settings: Settings, course: Course
) -> None:
    ada, tess = learner("Ada"), Learner.objects.create_user("tess")
    appoint(tess)
    classroom = Classroom.objects.create(name="Monday", teacher=tess)
    who, page = (tess, TESSES[name]) if name in TESSES else (ada, ADAS[name])
    page = page.format(pk=classroom.pk, code=classroom.code, learner=ada.pk)
    settings.LESSONS_DIR = tmp_path / "small"
    write(settings.LESSONS_DIR, lessons=1, steps=1)
    at_work(ada, classroom)
    small = queries(who, page)

    settings.LESSONS_DIR = tmp_path / "large"
    write(settings.LESSONS_DIR, lessons=5, steps=4)
    Seat.objects.all().delete()
    for someone in (ada, *(learner(each) for each in ("Ben", "Cleo", "Dora"))):
        at_work(someone, classroom)
    Classroom.objects.bulk_create(Classroom(name=day, teacher=tess) for day in ("Tuesday", "Friday"))
    large = queries(who, page)

    assert len(large) == len(small), "\n".join(large)
