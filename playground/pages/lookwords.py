"""What the scripts say to a teacher who looks on at a learner's terminals."""

from django.utils.translation import gettext as _

from playground.pages.words import words

_TERMINALS_OWN = ("terminal", "terminal-number", "shell-ended", "paste", "paste-lines", "paste-long", "paste-not")
_SHARED = (*_TERMINALS_OWN, "reconnecting", "too-many")


def look_words() -> dict[str, str]:
    """`{name}` is the learner's."""
    shared = words()
    return {key: shared[key] for key in _SHARED} | {
        "look-reading": _("You see the terminal, and {name} sees that you do."),
        "look-asked": _("{name} is asked whether you may type."),
        "look-typing": _("You may type. {name} sees each key."),
        "look-away": _("{name} has no terminal open. It shows here once there is one."),
        "look-over": _("Your visit has ended, and {name} sees that it has."),
        "look-taken": _("Somebody else is looking on at this terminal just now."),
        "look-ended": _("Ended"),
    }
