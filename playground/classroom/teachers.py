"""Teachers: learners with the right to hold classrooms. The right is Django's own kind, so that the admin can give it
and take it too."""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from playground.classroom.models import Learner

RIGHT = "classroom.hold_classrooms"
_APP, _CODENAME = RIGHT.split(".")


def appoint(*learners: Learner) -> None:
    """Idempotent."""
    _right().user_set.add(*learners)


def dismiss(*learners: Learner) -> None:
    """Idempotent. Classrooms of theirs stay, for an administrator; what a group gives is the group's to take."""
    _right().user_set.remove(*learners)


def is_teacher(learner: Learner) -> bool:
    return learner.has_perm(RIGHT)


def are_teachers() -> Q:
    """The same for a query of learners."""
    right = Permission.objects.filter(content_type__app_label=_APP, codename=_CODENAME)
    own, groups = right.filter(user=OuterRef("pk")), right.filter(group__user=OuterRef("pk"))
    return Q(is_active=True) & (Q(is_superuser=True) | Q(Exists(own)) | Q(Exists(groups)))


def _right() -> Any:
    """A Permission; the stubs see the other side of `user_permissions` at some times only."""
    return Permission.objects.get(content_type=ContentType.objects.get_for_model(Learner), codename=_CODENAME)
