"""`manage.py forget`: what the running server does once a day, now."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from playground.keeping.forgetting import Forgotten, forget_some


class Command(BaseCommand):
    help = "Delete guests of whom nothing was seen for PLAYGROUND_GUEST_DAYS, old seats' rows and expired sessions."

    def handle(self, **options: object) -> None:
        gone = Forgotten()
        while some := forget_some(timezone.now(), settings.GUEST_DAYS):
            gone += some
        self.stdout.write(str(gone))
