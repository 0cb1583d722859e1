"""Raised hands, and what a teacher says to a class."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from playground.classroom.models import Classroom, Delivery, Hand, Membership, Message

_IN_CLASS = Q(membership__left_at=None, membership__classroom__is_open=True)
MOST_SHOWN = 5  # messages at once, the newest; a class is no chat


def set_hand(learner_id: int, *, up: bool) -> bool:
    """False where the learner is in no open classroom. A hand that is up stays where it is in the line."""
    membership = Membership.objects.filter(learner=learner_id, left_at=None, classroom__is_open=True).first()
    if membership is None:
        return False
    if up:
        Hand.objects.get_or_create(membership=membership)
    else:
        Hand.objects.filter(membership=membership).delete()
    return True


def line_of(classroom: Classroom) -> list[Hand]:
    """Whose hand is up, the first one first."""
    hands = Hand.objects.filter(_IN_CLASS, membership__classroom=classroom)
    return list(hands.select_related("membership"))


def place_in_line(learner_id: int) -> int:
    """From 1; 0 for a hand that is down."""
    hand = (
        Hand.objects.filter(_IN_CLASS, membership__learner=learner_id).select_related("membership__classroom").first()
    )
    if hand is None:
        return 0
    line = [one.pk for one in line_of(hand.membership.classroom)]
    return line.index(hand.pk) + 1 if hand.pk in line else 0


@transaction.atomic
def say(classroom: Classroom, text: str, command: str, learners: Sequence[int]) -> Message:
    """To these learners."""
    message = Message.objects.create(classroom=classroom, text=text, command=command)
    Delivery.objects.bulk_create([Delivery(message=message, learner_id=learner) for learner in learners])
    return message


def unread(learner_id: int) -> list[Delivery]:
    """What the learner is to see, the newest first. One query."""
    waiting = Delivery.objects.filter(learner=learner_id, read_at=None, message__classroom__is_open=True)
    return list(waiting.select_related("message__classroom__teacher").order_by("-message__sent_at")[:MOST_SHOWN])


def put_away(learner_id: int, delivery: int) -> None:
    """Another's delivery and none are left as they are."""
    Delivery.objects.filter(pk=delivery, learner=learner_id, read_at=None).update(read_at=timezone.now())
