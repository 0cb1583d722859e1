"""The end of a class, by its teacher's page or in the admin."""

from playground.classroom import members
from playground.classroom.models import Classroom
from playground.pages import class_seats
from playground.seats import actions
from playground.seats.models import Seat


def close(classroom: Classroom) -> None:
    """Nobody can join, the seats of all who are in it end, and none are kept for it; what they have passed stays."""
    members.close(classroom)
    class_seats.reserve(classroom)
    actions.end_all((learner.pk for learner in members.people_of(classroom)), Seat.Why.TEACHER)
