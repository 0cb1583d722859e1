"""Who may look on at a learner's terminals, asked when a visit begins and again while it lasts."""

from playground.classroom.models import Classroom, Learner, Membership
from playground.classroom.rights import may
from playground.clerk import Clerk

off_loop = Clerk("visits")


def visitor_at(visitor: int, classroom: int, learner: int) -> str | None:
    """The visitor's name, as the learner is told. None where they may not look on: by the table of rights, or
    because the learner is not in the classroom, or it is closed. A few queries."""
    held = Classroom.objects.filter(pk=classroom, is_open=True).first()
    person = Learner.objects.filter(pk=visitor, is_active=True).first()
    if held is None or person is None or not may(person, "/ws/visits/", held):
        return None
    is_here = Membership.objects.filter(classroom=held, learner=learner, left_at=None).exists()
    return str(person) if is_here else None


async def admit(visitor: int, classroom: int, learner: int) -> str | None:
    return await off_loop(visitor_at, visitor, classroom, learner)
