"""Sixty who have been at it for an hour: what `manage.py shell` is told to make of a classroom."""

_SCRIPT = """
from datetime import timedelta
from django.utils import timezone
from playground.checks.models import StepPass, Trip
from playground.classroom.models import Classroom, Hand, Learner, Membership
from playground.pages.course import of_classroom

room = Classroom.objects.get(name=CLASSROOM)
steps = [(lesson.slug, step.id) for lesson in of_classroom(room) for step in lesson.steps]
went_wrong = [
    ("error", "name is already in use"),
    ("check", "The container runs, but it is not called web, as the step asks for; look at --name once more."),
    ("answer", "Who has fetched the image?"),
]
came = timezone.now() - timedelta(hours=1)
names = ["Maximiliana Featherstonehaugh-Smythe", *(f"Learner {number}" for number in range(2, 61))]
hall = Learner.objects.bulk_create(
    Learner(username=f"guest-hall-{number}", display_name=name) for number, name in enumerate(names)
)
members = Membership.objects.bulk_create(Membership(classroom=room, learner=one, joined_at=came) for one in hall)
Hand.objects.bulk_create(Hand(membership=member) for member in members[:2])
for number, one in enumerate(hall):
    done = len(steps) if number % 20 == 7 else number % 9
    for place, (lesson, step) in enumerate(steps[:done]):
        how = "hint" if (number + place) % 5 == 0 else "alone"
        at = came + timedelta(minutes=(3 + number % 4) * place)
        StepPass.objects.create(learner=one, lesson=lesson, step=step, how=how, at=at)
    if done < len(steps) and number % 2 == 0:
        kind, what = went_wrong[number % 3]
        lesson, step = steps[done]
        Trip.objects.create(learner=one, lesson=lesson, step=step, kind=kind, what=what, count=1 + number % 7)
"""


def hall(classroom: str) -> str:
    """For the classroom of that name."""
    return _SCRIPT.replace("CLASSROOM", repr(classroom))
