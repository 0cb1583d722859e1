"""`manage.py learner`: what is kept about somebody, exported or deleted because they asked for it."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from playground.classroom.models import Learner
from playground.keeping.exporting import all_about
from playground.seats import actions

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Export what is kept about a learner as JSON, or delete the learner with everything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("export", "delete"))
        parser.add_argument("who", help="a username, a display name that only one has, or the number in the admin")
        parser.add_argument("--yes", action="store_true", help="delete without a question")

    def handle(self, *, what: str, who: str, yes: bool, **options: object) -> None:
        learner = _find(who)
        if what == "export":
            encoder = DjangoJSONEncoder(indent=2, ensure_ascii=False)
            self.stdout.write(encoder.encode(all_about(learner)))
            return
        said = _describe(learner)
        if not yes and not self._sure(learner, said):
            raise CommandError(_("Nothing was deleted."))
        actions.end(learner)
        learner.delete()
        self.stdout.write(_("Deleted, with everything: %(learner)s") % {"learner": said})

    def _sure(self, learner: Learner, said: str) -> bool:
        if not sys.stdin.isatty():
            raise CommandError(_("Nobody is there to answer. Say --yes to delete %(learner)s.") % {"learner": said})
        held = learner.classrooms.count()
        if held:
            text = ngettext("%d classroom of theirs goes too.", "%d classrooms of theirs go too.", held)
            self.stdout.write(text % held)
        return input(_("Delete %(learner)s with everything? Type yes: ") % {"learner": said}) == "yes"


def _find(who: str) -> Learner:
    """Raises CommandError where it is nobody, or more than one."""
    if who.isdecimal() and (one := Learner.objects.filter(pk=int(who)).first()):
        return one
    if one := Learner.objects.filter(username__iexact=who).first():
        return one
    found = list(Learner.objects.filter(display_name__iexact=who).order_by("-date_joined")[: MOST_SHOWN + 1])
    if not found:
        raise CommandError(_("There is no learner “%(who)s”.") % {"who": who})
    if len(found) > 1:
        listed = "\n".join(f"  {_describe(learner)}" for learner in found[:MOST_SHOWN])
        more = "\n  …" if len(found) > MOST_SHOWN else ""
        raise CommandError(_("Several have this name; say the number:\n%(learners)s") % {"learners": listed + more})
    return found[0]


def _describe(learner: Learner) -> str:
    kind = _("guest") if learner.is_guest else learner.username
    return f"{learner.pk}  {learner} ({kind}, {learner.date_joined:%Y-%m-%d})"
