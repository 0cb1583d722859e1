"""What a guest has passed becomes an account's, when both are one person."""

from typing import TypeVar

from django.db import transaction

from playground.checks.models import CheckPass, Help, Position, StepPass, TimeSpent, Trip
from playground.checks.progress import spend

Kept = TypeVar("Kept", CheckPass, StepPass, Help, Trip)


@transaction.atomic
def bring_along(guest_id: int, learner_id: int) -> None:
    """Add what the guest has to what the learner has. What the learner has passed already stays as it is."""
    _copy(CheckPass, guest_id, learner_id)
    _copy(StepPass, guest_id, learner_id)
    _copy(Help, guest_id, learner_id)
    _copy(Trip, guest_id, learner_id)
    for lesson, seconds in TimeSpent.objects.filter(learner=guest_id).values_list("lesson", "seconds"):
        spend(learner_id, lesson, seconds)
    if not Position.objects.filter(learner=learner_id).exists():
        Position.objects.filter(learner=guest_id).update(learner=learner_id)


def _copy(model: type[Kept], guest_id: int, learner_id: int) -> None:
    rows = list(model._default_manager.filter(learner=guest_id))
    for row in rows:
        row.pk, row.learner_id = None, learner_id
    model._default_manager.bulk_create(rows, ignore_conflicts=True)
