"""What a classroom has of the machine's seats, and how that is said: kept while it is open, for who is in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from playground.classroom import members
from playground.classroom.models import Classroom, Learner
from playground.seats import actions, reservations
from playground.seats.parties import Parties

CLASSES = Parties(members.classrooms_of, members.still_open)


def reserve(classroom: Classroom) -> None:
    """As many as it is to have now; a closed one has none. Raises reservations.TooMany."""
    reservations.reserve(classroom.pk, classroom.seats if classroom.is_open else 0)


@contextmanager
def given_back(learner: Learner, going_to: Classroom | None = None) -> Iterator[bool]:
    """Around leaving a class: who leaves one that seats are kept for leaves the seat, too, or with its code seat after
    seat could be taken out of it, and what is kept for other classes would go. Gives whether that is so here. The seat
    ends last: until the learner has left, the desk would lend them another one of the class's."""
    left = members.classroom_of(learner.pk)
    goes = left is not None and left != going_to and left.seats > 0
    yield goes
    if goes:
        actions.end(learner)


def now(classroom: Classroom) -> dict[str, object]:
    """For parts/class_seats_now.html."""
    stand = reservations.stand(classroom.pk, CLASSES)
    failing = stand is not None and stand.is_warming and reservations.last_start_failed()
    return {"classroom": classroom, "stand": stand, "failing": failing, "fits": how_many_fit(classroom)}


def how_many_fit(classroom: Classroom) -> str:
    """How many seats fit, and how many of them are spoken for, as far as that is known."""
    fits = reservations.fits()
    if fits is None:
        return _("How many seats fit this machine is known once its engine has answered. Leave 0 until then.")
    kept = reservations.reserved(besides=classroom.pk)
    sentence = ngettext("This machine fits %(fits)d seat.", "This machine fits %(fits)d seats.", fits)
    if kept:
        sentence = ngettext(
            "This machine fits %(fits)d seats; %(kept)d is kept for others.",
            "This machine fits %(fits)d seats; %(kept)d are kept for others.",
            kept,
        )
    return sentence % {"fits": fits, "kept": kept}


def refusal(error: reservations.TooMany) -> str:
    if error.left is None:
        return _("How many seats fit this machine is not known yet, as its engine has not answered. Leave 0 for now.")
    if not error.left:
        return _("Every seat of this machine is kept for other classrooms. Close one of them first, or choose 0.")
    return (
        ngettext(
            "Only %d seat of this machine is left for this classroom. Choose 1, or 0.",
            "Only %d seats of this machine are left for this classroom. Choose that many, or fewer.",
            error.left,
        )
        % error.left
    )
