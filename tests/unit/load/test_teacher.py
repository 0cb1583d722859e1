"""The roster's page as the load reads it: it follows a template that others work on."""

import pytest
from django.test import Client

from playground.checks.models import StepPass
from playground.classroom import members, teachers
from playground.classroom.models import Classroom, Learner
from playground.load.teacher import CODE, ROW
from playground.pages.course import course

pytestmark = pytest.mark.django_db


def test_the_code_and_each_learners_line_are_found_on_the_page() -> None:
    tess = Learner.objects.create_user("tess", display_name="Tess")
    teachers.appoint(tess)
    classroom = Classroom.objects.create(name="Load", teacher=tess)
    ada, ben = (Learner.objects.create_user(name.lower(), display_name=name) for name in ("Ada", "Ben 1-2"))
    for learner in (ada, ben):
        members.join(learner, classroom)
    lesson = course().lessons[0]
    StepPass.objects.create(learner=ada, lesson=lesson.slug, step=lesson.steps[0].id)
    client = Client()
    client.force_login(tess)

    page = client.get(f"/classrooms/{classroom.pk}/").content.decode()
    rows = ROW.findall(client.get(f"/classrooms/{classroom.pk}/roster/").content.decode())

    assert CODE.findall(page)[0] == classroom.code
    assert sorted(rows) == [(str(ada.pk), "Ada", "1"), (str(ben.pk), "Ben 1-2", "0")]
