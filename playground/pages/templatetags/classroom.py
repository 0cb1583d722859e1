"""How a roster is put into words."""

from collections.abc import Sequence
from datetime import timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from playground.classroom.roster import Roster, Standing
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
