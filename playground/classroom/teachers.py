"""Teachers: learners with the right to hold classrooms. The right is Django's own kind, so that the admin can give it
and take it too."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from playground.classroom.models import Learner

RIGHT = "classroom.hold_classrooms"


def appoint(learner: Learner) -> None:
    """Idempotent."""
    _app, codename = RIGHT.split(".")
    kind = ContentType.objects.get_for_model(Learner)
    learner.user_permissions.add(Permission.objects.get(content_type=kind, codename=codename))


def is_teacher(learner: Learner) -> bool:
    return learner.has_perm(RIGHT)
