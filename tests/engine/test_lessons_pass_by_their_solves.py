"""Every lesson keeps its promises on a real engine: a check fails before its step's solve, passes after it, and no
`sh wrong` passes."""

import pytest
from django.conf import settings

from playground.checks import kinds
from playground.checks.rehearsal import Rehearsal
from playground.classroom.models import Learner
from playground.curriculum.course import load
from tests.engine.seating import Machine, a_seat

pytestmark = pytest.mark.django_db(transaction=True)

COURSE = load(settings.LESSONS_DIR, kinds.parse)


@pytest.mark.parametrize("slug", [lesson.slug for lesson in COURSE.lessons])
async def test_a_lesson_passes_by_its_solves_and_by_nothing_wrong(machine: Machine, ada: Learner, slug: str) -> None:
    lesson = COURSE.lesson(slug)
    assert lesson
    server = await machine.server()
    seat = await a_seat(server.seats.lend(ada.pk))
    rehearsal = Rehearsal(
        seat.id,
        run=lambda argv, timeout: server.seats.run(seat.id, argv, timeout),
        state=lambda: server.gateway.state(seat.id),
    )
    server.gateway.subscribe(rehearsal.on_fact)

    tried = [one async for one in rehearsal.lesson(lesson)]

    assert {one.step.id: one.problems for one in tried if one.problems} == {}
    assert [one.step.id for one in tried] == [step.id for step in lesson.steps]
