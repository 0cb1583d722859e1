"""How a roster is put into words."""

from collections.abc import Sequence
from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from playground.checks.models import Trip
from playground.classroom.roster import Roster, Row, Standing
from playground.classroom.steps import StepTripped
from playground.classroom.trips import ClassTrip, total
from playground.curriculum.model import Lesson

register = template.Library()

_WORDS = {
    Standing.STUCK: gettext_lazy("stuck"),
    Standing.WORKING: gettext_lazy("at work"),
    Standing.AWAY: gettext_lazy("away"),
    Standing.FINISHED: gettext_lazy("finished"),
}


@register.filter
def standing(value: Standing) -> str:
    return str(_WORDS[value])


@register.filter
def minutes(value: timedelta) -> str:
    whole = int(value.total_seconds() // 60)
    return ngettext("%d min", "%d min", whole) % whole if whole else _("under 1 min")


@register.filter
def too_long(row: Row) -> str:
    """Why somebody is taken for stuck whose step takes long."""
    if row.usual is None:
        return _("%(time)s, and nobody has passed it yet") % {"time": minutes(row.since)}
    return _("%(time)s, others took %(usual)s") % {"time": minutes(row.since), "usual": minutes(row.usual)}


@register.filter
def trips_words(row: Row) -> str:
    """How often something went wrong on the step at hand, and what did most often."""
    first = row.trips[0]
    times = total(trip for trip in row.trips if trip.kind == first.kind)
    words = {
        Trip.Kind.ERROR: ngettext("%(times)d error: %(what)s", "%(times)d errors: %(what)s", times),
        Trip.Kind.CHECK: ngettext("%(times)d near miss: %(what)s", "%(times)d near misses: %(what)s", times),
        Trip.Kind.ANSWER: ngettext("%(times)d wrong answer: %(what)s", "%(times)d wrong answers: %(what)s", times),
    }
    return words[Trip.Kind(first.kind)] % {"times": times, "what": first.what}


@register.filter
def class_words(trip: ClassTrip) -> str:
    """What the class trips over, in a line."""
    words = {
        Trip.Kind.ERROR: _("%(learners)d of %(present)d got “%(what)s”"),
        Trip.Kind.CHECK: _("%(learners)d of %(present)d were told “%(what)s”"),
        Trip.Kind.ANSWER: _("%(learners)d of %(present)d gave a wrong answer to “%(what)s”"),
    }
    return words[Trip.Kind(trip.kind)] % {"learners": trip.learners, "present": trip.present, "what": trip.what}


@register.filter
def step_words(trip: StepTripped) -> str:
    """What goes wrong most often on a step."""
    words = {Trip.Kind.ERROR: "%s", Trip.Kind.CHECK: _("near miss: %s"), Trip.Kind.ANSWER: _("wrong answer: %s")}
    by = ngettext("%(learners)d learner", "%(learners)d learners", trip.learners) % {"learners": trip.learners}
    return f"{words[Trip.Kind(trip.kind)] % trip.what} ({by})"


@register.filter
def where(trip: ClassTrip, lessons: Sequence[Lesson]) -> str:
    """The step that a class trips on."""
    for lesson in lessons:
        for number, step in enumerate(lesson.steps, 1):
            if (lesson.slug, step.id) == (trip.lesson, trip.step):
                return f"{lesson.title} · {number}. {step.title}"
    return ""


_BAR = 0.9  # of a lesson's place in the picture; the rest is the gap to the next one


@register.filter
def track(lessons: Sequence[Lesson]) -> str:
    """A picture's path: a bar for each lesson."""
    return _path([_BAR] * len(lessons))


@register.filter
def bars(row: Row) -> str:
    """How far each bar is filled."""
    return _path([_BAR * done / max(1, len(lesson.steps)) for lesson, done in row.done_by_lesson])


def _path(widths: Sequence[float]) -> str:
    return "".join(f"M{place} .5h{width:.2g}" for place, width in enumerate(widths) if width)


@register.filter
def all_steps(value: Roster) -> int:
    """What the class has to do together; never 0, which no progress bar can be out of."""
    return max(1, value.total * len(value.rows))


@register.filter
def finished_by_lesson(value: Roster, lessons: Sequence[Lesson]) -> list[tuple[Lesson, int]]:
    """Each lesson with how many have done all of it."""
    done = {lesson.slug: 0 for lesson in lessons}
    for row in value.rows:
        for lesson, steps in row.done_by_lesson:
            done[lesson.slug] += steps == len(lesson.steps)
    return [(lesson, done[lesson.slug]) for lesson in lessons]
