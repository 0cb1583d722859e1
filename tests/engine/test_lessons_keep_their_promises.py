"""Every lesson is typed into real terminals: `manage.py lessons test` over the whole course."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from playground.authoring import typist
from playground.authoring.show import report
from playground.authoring.trials import hold, trials
from playground.checks import kinds
from playground.curriculum.course import lesson_files, load, read
from playground.curriculum.model import Lesson
from playground.engine.images import CatalogueImage
from playground.seats.rules import Rules, sockets_of
from tests.unit.curriculum.lessons import HEAD

SEATS = 4
KEYS = HEAD + """
## Come and go {#come-and-go}

```check
- did: {attach: {name: box, at_least: 1}}
- did: {detach: box}
- log: {container: box, contains: inside}
- image: {name: mine, on: busybox, layers: 2, command: "echo *", max_size: 9000000}
- did: {build: {image: ours, flags: {cached: true}}}
- did: {run: {flags: {memory: "*", pids-limit: 20}}}
- container: {status: exited, oom_killed: true, exit_code: 137}
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
docker commit --change 'CMD ["echo", "mine"]' box mine
printf 'FROM busybox\nRUN echo > /new\n' > /tmp/Dockerfile
docker build -t ours - < /tmp/Dockerfile
docker build -t ours - < /tmp/Dockerfile
docker run --memory 8m --pids-limit 20 busybox tail /dev/zero
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
- did: {stop: box}
  goal: Stop it
- did: detach
  goal: Leave it
```

```sh solve
docker run --rm -it busybox sh
exit
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

    told = await problems(engine_socket, run_dir, instance, [read(file, "lesson.md", kinds.parse)])

    line = KEYS[: KEYS.index("## Nothing")].count("\n") + 1
    assert [one.split("\n")[0] for one in told] == [
        f"keys:{line}: nothing (in order): Stop it: does not pass after the solve",
        f"keys:{line}: nothing (in order): Leave it: does not pass after the solve",
    ]
    assert "~ $ docker run --rm -it busybox sh" in told[0]


async def test_a_block_that_never_comes_back_to_the_prompt_is_told_and_ends_its_trial(
    engine_socket: str,
    catalogue_images: list[CatalogueImage],
    run_dir: Path,
    instance: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typist, "LINE_SECONDS", 3.0)
    for number, solve in enumerate(("yes", "exit"), 1):
        file = tmp_path / f"0{number}-{solve}" / "lesson.md"
        file.parent.mkdir()
        file.write_text(f"{HEAD}\n## Do {{#do}}\n\n```check\ndid: ps\n```\n\n```sh solve\n{solve}\n```\n")
    lessons = [read(file, "lesson.md", kinds.parse) for file in lesson_files(tmp_path)]

    told = await problems(engine_socket, run_dir, instance, lessons)

    assert [one.split("\n")[0] for one in told] == [
        "exit:7: do (in order): sh solve: the terminal has ended",
        "yes:7: do (in order): sh solve: the seat's prompt does not come back after 3 seconds",
    ]
