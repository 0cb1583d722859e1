"""Who may do what: one table of all pages and sockets, which the guard of the pages reads and a test goes through.

What is not in it is nobody's. Where somebody may not, a stranger is asked for a name and everybody else is told that
there is no such page: another's classroom and no classroom are one answer.
"""

from collections.abc import Mapping
from enum import Flag, auto

from django.contrib.auth.models import AnonymousUser

from playground.classroom.models import Classroom, Learner
from playground.classroom.teachers import is_teacher


class Who(Flag):
    """What somebody is where a page is about a classroom; elsewhere a teacher is TEACHER."""

    STRANGER = auto()  # has not given a name
    LEARNER = auto()
    TEACHER = auto()  # may hold classrooms; this one is not theirs
    HOLDER = auto()  # the teacher of this one
    ADMIN = auto()


LEARNERS = Who.LEARNER | Who.TEACHER | Who.HOLDER | Who.ADMIN
EVERYBODY = Who.STRANGER | LEARNERS
TEACHERS = Who.TEACHER | Who.HOLDER | Who.ADMIN
HOLDERS = Who.HOLDER | Who.ADMIN

PAGES: Mapping[str, Who] = {
    "front": EVERYBODY,
    "healthz": EVERYBODY,
    "join": EVERYBODY,
    "sign-in": EVERYBODY,
    "forgotten": EVERYBODY,
    "new-password": EVERYBODY,
    "type-code": EVERYBODY,
    "join-classroom": EVERYBODY,
    "lessons": LEARNERS,
    "lesson": LEARNERS,
    "lesson-end": LEARNERS,
    "step": LEARNERS,
    "search": LEARNERS,
    "glossary": LEARNERS,
    "me": LEARNERS,
    "account": LEARNERS,
    "account-details": LEARNERS,
    "password": LEARNERS,
    "certificate": LEARNERS,
    "my-data": LEARNERS,
    "leave": LEARNERS,
    "leave-classroom": LEARNERS,
    "my-classroom": LEARNERS,
    "set-hand": LEARNERS,
    "put-away": LEARNERS,
    "delete-me": LEARNERS,
    "extend-seat": LEARNERS,
    "end-seat": LEARNERS,
    "folder": LEARNERS,
    "file": LEARNERS,
    "classrooms": TEACHERS,
    "new-classroom": TEACHERS,
    "classroom": HOLDERS,
    "roster": HOLDERS,
    "class-seats": HOLDERS,
    "warm-seats": HOLDERS,
    "class-steps": HOLDERS,
    "edit-classroom": HOLDERS,
    "open-classroom": HOLDERS,
    "delete-classroom": HOLDERS,
    "projector": HOLDERS,
    "results": HOLDERS,
    "remove-member": HOLDERS,
    "visit": HOLDERS,
    "say": HOLDERS,
    "lower-hand": HOLDERS,
}


# A learner's socket serves the learner of its session only, and says nothing of anybody else. A classroom's is named
# without the classroom's number; at the last one, a teacher looks on at the terminals of who is in it (visiting.py).
SOCKETS: Mapping[str, Who] = {
    "/ws/terminal/": LEARNERS,
    "/ws/terminals/2/": LEARNERS,
    "/ws/progress/": LEARNERS,
    "/ws/classrooms/": HOLDERS,
    "/ws/visits/": HOLDERS,
}


def who(user: Learner | AnonymousUser, classroom: Classroom | None = None) -> Who:
    if not isinstance(user, Learner):
        return Who.STRANGER
    if user.is_superuser:
        return Who.ADMIN
    if not is_teacher(user):
        return Who.LEARNER
    return Who.HOLDER if classroom is not None and classroom.teacher_id == user.pk else Who.TEACHER


def may(user: Learner | AnonymousUser, place: str, classroom: Classroom | None = None) -> bool:
    """`place`: a page's name, or a socket's address."""
    return who(user, classroom) in (PAGES.get(place) or SOCKETS.get(place, Who(0)))
