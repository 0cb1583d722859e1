"""Joining as a guest: a display name, a session, and nothing else."""

import secrets

from django.contrib.auth import login
from django.http import HttpRequest

from playground.classroom.models import GUEST, Learner


def join(request: HttpRequest, display_name: str) -> Learner:
    """A new guest, signed in on this browser. The session cookie is the only way back in."""
    learner = Learner(username=f"{GUEST}{secrets.token_hex(8)}", display_name=display_name)
    learner.set_unusable_password()
    learner.save()
    login(request, learner, backend="django.contrib.auth.backends.ModelBackend")
    return learner
