"""`manage.py createteacher tess`: an account with the right to hold classrooms."""

import getpass
import sys
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from playground.classroom import teachers
from playground.classroom.models import Learner


class Command(BaseCommand):
    help = "Make an account with the right to hold classrooms, or give that right to an account that is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="how learners see the teacher; the username if left out")
        parser.add_argument("--email", default="")

    def handle(self, *, username: str, name: str, email: str, **options: object) -> None:
        teacher = Learner.objects.filter(username__iexact=username).first()
        if teacher is None:
            teacher = Learner(username=username, display_name=name or username, email=email)
            try:
                teacher.full_clean(exclude=["password"])
                password = self._password(teacher)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            teacher.set_password(password)
            teacher.save()
            said = f"{teacher.username} can sign in and hold classrooms."
        elif teacher.is_guest:
            raise CommandError(f"{username} is a guest: a teacher needs an account.")
        else:
            said = f"{teacher.username} was there already, and can hold classrooms now. The password stays."
        teachers.appoint(teacher)
        self.stdout.write(said)

    def _password(self, teacher: Learner) -> str:
        """Asked for twice at a terminal; otherwise the first line of what is piped in."""
        if sys.stdin.isatty():
            password = getpass.getpass("Password: ")
            if getpass.getpass("Again: ") != password:
                raise CommandError("The two differ. Nothing was made; run the command again.")
        else:
            password = sys.stdin.readline().rstrip("\n")
        validate_password(password, teacher)
        return password
