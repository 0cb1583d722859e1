"""What the scripts say to a teacher who looks on at a learner's terminals."""

from django.utils.translation import gettext as _

from playground.pages.words import words

_TERMINALS_OWN = ("terminal", "terminal-number", "shell-ended", "paste", "paste-lines", "paste-long", "paste-not")
_SHARED = (*_TERMINALS_OWN, "reconnecting", "too-many")


def visit_words() -> dict[str, str]:
    """`{name}` is the learner's."""
    shared = words()
    return {key: shared[key] for key in _SHARED} | {
        "visit-reading": _("You see the terminal, and {name} sees that you do."),
        "visit-asked": _("{name} is asked whether you may type."),
        "visit-typing": _("You may type. {name} sees each key."),
        "visit-away": _("{name} has no terminal open. It shows here once there is one."),
        "visit-over": _("Your visit has ended. {name} sees it, too."),
        "visit-taken": _("Somebody else is looking on at this terminal just now."),
        "ended-visit": _("Ended"),
    }
