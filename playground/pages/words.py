"""What the page's scripts say to people. They get it with the page, in the learner's language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """`{name}` parts are filled in by the scripts."""
    return {
        "copied": _("Copied"),
        "copy-refused": _("Select it"),
        "step-passed": _("Step passed: {title}"),
        "done": _("{passed} of {total}"),
        "choose": _("Choose an answer first."),
        "not-connected": _("The connection is gone for a moment. Please try again."),
        "connecting": _("Connecting…"),
        "starting": _("Getting your seat ready…"),
        "queue": _("The machine is full: you are number {position} in the queue. This page moves on by itself."),
        "queue-short": _("Number {position} in the queue"),
        "open": _("Your seat"),
        "reconnecting": _("Connection lost. Trying again…"),
        "engine-gone": _("The Docker Engine does not answer. Nothing is lost, and this goes on by itself."),
        "engine-gone-short": _("Engine away"),
        "ended": _("Your seat has ended."),
        "ending": _("Your seat ends in {minutes} min, with all that is in it."),
        "extended": _("More time: your seat is yours until {time}."),
        "failed": _("That did not work. Please try again."),
        "no-matches": _("No matches"),
    }
