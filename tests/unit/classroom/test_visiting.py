from collections.abc import Callable

import pytest

from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.classroom.teachers import appoint
from playground.classroom.visiting import visitor_at

pytestmark = pytest.mark.django_db


def teacher(name: str) -> Learner:
    made = Learner.objects.create_user(name.lower(), display_name=name)
    appoint(made)
    return made


@pytest.fixture
def ada() -> Learner:
    return Learner.objects.create_user("guest-ada", display_name="Ada")


@pytest.fixture
def monday(ada: Learner) -> Classroom:
    classroom = Classroom.objects.create(name="Monday", teacher=teacher("Tess"))
    members.join(ada, classroom)
    return classroom


def test_the_teacher_of_the_classroom_and_an_administrator_may_look_on(monday: Classroom, ada: Learner) -> None:
    root = Learner.objects.create_superuser("root", display_name="Root")
    assert visitor_at(monday.teacher_id, monday.pk, ada.pk) == "Tess"
    assert visitor_at(root.pk, monday.pk, ada.pk) == "Root"


@pytest.mark.attack("another's classroom")
def test_nobody_else_may(monday: Classroom, ada: Learner) -> None:
    tom = teacher("Tom")
    tuesday = Classroom.objects.create(name="Tuesday", teacher=tom)
    ben = Learner.objects.create_user("guest-ben", display_name="Ben")
    members.join(ben, monday)
    for visitor in (ada.pk, ben.pk, tom.pk, 999):
        assert visitor_at(visitor, monday.pk, ada.pk) is None
    assert visitor_at(tom.pk, tuesday.pk, ada.pk) is None


def _leaves(monday: Classroom, ada: Learner) -> None:
    members.leave(ada)


def _closes(monday: Classroom, ada: Learner) -> None:
    members.close(monday)


def _is_deleted(monday: Classroom, ada: Learner) -> None:
    members.delete(monday)


def _teaches_no_more(monday: Classroom, ada: Learner) -> None:
    monday.teacher.user_permissions.clear()


def _is_shut_out(monday: Classroom, ada: Learner) -> None:
    Learner.objects.filter(pk=monday.teacher_id).update(is_active=False)


@pytest.mark.parametrize("what", [_leaves, _closes, _is_deleted, _teaches_no_more, _is_shut_out])
def test_once_it_is_over_nobody_may(
    monday: Classroom, ada: Learner, what: Callable[[Classroom, Learner], None]
) -> None:
    teacher, classroom = monday.teacher_id, monday.pk
    assert visitor_at(teacher, classroom, ada.pk)
    what(monday, ada)
    assert visitor_at(teacher, classroom, ada.pk) is None
