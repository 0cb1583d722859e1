"""A challenge: no help with it, and other values when it is done again."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client
from pytest_django import Settings

from playground.checks import progress
from playground.checks.models import StepPass
from playground.classroom.models import Learner
from playground.curriculum.course import Course
from playground.pages.course import course as the_course
from tests.unit.pages.test_consumers import Playground

pytestmark = pytest.mark.django_db(transaction=True)

CHALLENGE = """\
---
title: Alone
summary: Show what you know.
minutes: 10
challenge: true
draw:
  web: [shop, blog, wiki, mail, news, game, chat, maps]
---

## Build it {#build}

Run an image called `@{web}`.

```check
did: {pull: "@{web}"}
goal: Pull @{web}
```

```sh solve
docker pull @{web}
```

## Again {#again}

```check
did: ps
```

```sh solve
docker ps
```
"""


@pytest.fixture
def course(tmp_path: Path, settings: Settings) -> Iterator[Course]:
    (tmp_path / "01-alone").mkdir()
    (tmp_path / "01-alone" / "lesson.md").write_text(CHALLENGE)
    (tmp_path / "glossary.md").write_text("## image\n\nFiles.\n")
    settings.LESSONS_DIR = tmp_path
    the_course.cache_clear()
    yield the_course()
    the_course.cache_clear()


@pytest.fixture
async def playground(course: Course) -> AsyncIterator[Playground]:
    playground = Playground(course)
    yield playground
    await playground.close()


async def the(page: WebsocketCommunicator, kind: str) -> dict[str, Any]:
    """The next message of that kind; no solution is among those before it."""
    while (message := await page.receive_json_from())["type"] != kind:
        assert message["type"] != "solution"
    return dict(message)


def web_of(learner: Learner, course: Course) -> str:
    return progress.as_drawn(learner.pk, course.lessons[0]).steps[0].solve.split()[2]


def test_a_challenge_offers_no_help_and_explains_its_words(adas_browser: Client, ada: Learner, course: Course) -> None:
    page = adas_browser.get("/lessons/alone/again/").content.decode()
    for act in ('data-act="solution"', 'data-act="play"'):
        assert act not in page
    assert "Try again with other values" in page
    assert f"<code>{web_of(ada, course)}</code>" in page
    assert 'class="term"' in page


async def test_again_draws_other_values(playground: Playground, ada: Learner, course: Course) -> None:
    before = await database_sync_to_async(web_of)(ada, course)
    await StepPass.objects.acreate(learner=ada, lesson="alone", step="build")
    page = await playground.page(ada)
    await page.connect()
    await page.send_json_to({"type": "again", "lesson": "alone", "step": ""})
    await the(page, "again")
    assert await database_sync_to_async(web_of)(ada, course) != before
    assert not await StepPass.objects.aexists()


async def test_nobody_gets_the_solution_of_a_challenge(playground: Playground, ada: Learner) -> None:
    page = await playground.page(ada)
    await page.connect()
    await page.send_json_to({"type": "solution", "lesson": "alone", "step": "again"})
    await page.send_json_to({"type": "play", "lesson": "alone", "step": "again"})
    assert (await the(page, "script"))["steps"] == []
