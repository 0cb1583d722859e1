"""Every lesson is typed into real terminals: `manage.py lessons test` over the whole course."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings

from playground.authoring.show import report
from playground.authoring.trials import hold, trials
from playground.checks import kinds
from playground.curriculum.course import load, read
from playground.curriculum.model import Lesson
from playground.engine.images import CatalogueImage
from playground.seats.rules import Rules, sockets_of
from tests.unit.curriculum.lessons import HEAD

SEATS = 4
KEYS = HEAD + """
## Come and go {#come-and-go}

```check
- did: {attach: {name: box, at_least: 1}}
- container: {name: box, status: exited, exit_code: 3}
- file: {path: /root/seen, contains: box}
```

```sh solve
docker run -it --name box busybox sh
echo inside > /note
<ctrl-p> <ctrl-q>
docker ps --format '{{.Names}}' > /root/seen
docker attach box
<terminal 2>
docker exec box cat /note
<terminal 1>
<enter>
exit 3
docker run -d --name counter busybox sh -c 'while sleep 0.1; do echo counting; done'
docker logs -f counter
<see counting>
<ctrl-c>
docker rm -f counter
```

```sh wrong
docker run -it --name box busybox sh
exit 3
docker rm box
```

## Nothing like it {#nothing}

```check
did: {stop: box}
goal: Stop it
```

```sh solve
docker start box
```
"""  # fmt: skip


async def problems(socket: str, run_dir: Path, instance: str, lessons: list[Lesson]) -> list[str]:
    rules = replace(Rules.from_settings(), instance=instance, sockets=sockets_of(run_dir, instance))
    outcomes = await hold(socket, rules, trials(lessons), SEATS, lambda trial, step: None)
    return list(report(outcomes, {lesson.slug: lesson.slug for lesson in lessons}))


async def test_every_lesson_passes_by_its_solves_and_by_nothing_wrong(
    engine_socket: str, catalogue_images: list[CatalogueImage], run_dir: Path, instance: str
) -> None:
    lessons = list(load(settings.LESSONS_DIR, kinds.parse).lessons)

    assert lessons
    assert await problems(engine_socket, run_dir, instance, lessons) == []


async def test_keys_texts_and_a_second_terminal_are_typed_and_a_broken_promise_is_told(
    engine_socket: str, catalogue_images: list[CatalogueImage], run_dir: Path, instance: str, tmp_path: Path
) -> None:
    file = tmp_path / "01-keys" / "lesson.md"
    file.parent.mkdir()
    file.write_text(KEYS)

    (told,) = await problems(engine_socket, run_dir, instance, [read(file, "lesson.md", kinds.parse)])

    line = KEYS[: KEYS.index("## Nothing")].count("\n") + 1
    assert told.startswith(f"keys:{line}: nothing (in order): Stop it: does not pass after the solve\n")
    assert "~ $ docker start box" in told
