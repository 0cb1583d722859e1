"""A small course, and the cast with a browser each."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.pages.course import course as the_course
from playground.seats.models import Seat

HELLO = """\
---
title: Hello
summary: The first container.
minutes: 10
---

Welcome.

## Run one {#run}

```sh run
docker run hello-world
```

```check
did: {run: hello-world}
goal: hello-world has run
```

```check
image: hello-world
goal: Its image is there
```

```sh solve
docker run hello-world
```

## Think {#think}

```quiz
question: What is a container made from?
goal: You know what it is made from
answers:
  - {text: An image, right: true, why: Yes.}
  - {text: A disk, why: Not a disk.}
```
"""
LATER = HELLO.replace("title: Hello", "title: Later")
BROKEN = HELLO.replace("minutes: 10", "minutes: many")


@pytest.fixture(autouse=True)
def _nobody_has_joined_yet() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _static_files_are_not_counted_for_every_client(settings: Settings) -> None:
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _passwords_are_hashed_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def course(tmp_path: Path, settings: Settings) -> Iterator[Course]:
    """Lessons `hello` and `later`, and `broken`, which nobody can read."""
    for folder, text in {"01-hello": HELLO, "02-later": LATER, "03-broken": BROKEN}.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lesson.md").write_text(text)
    settings.LESSONS_DIR = tmp_path
    the_course.cache_clear()
    yield the_course()
    the_course.cache_clear()


def learner(name: str) -> Learner:
    return Learner.objects.create_user(username=f"guest-{name.lower()}", display_name=name)


@pytest.fixture
def ada(db: None) -> Learner:
    return learner("Ada")


@pytest.fixture
def ben(db: None) -> Learner:
    return learner("Ben")


@pytest.fixture
def adas_browser(ada: Learner) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def lend(learner: Learner) -> Seat:
    now = timezone.now()
    return Seat.objects.create(
        instance=django_settings.INSTANCE,
        learner=learner,
        state=Seat.State.LENT,
        lent_at=now,
        seen_at=now,
        ends_at=now + timedelta(minutes=3),
    )
