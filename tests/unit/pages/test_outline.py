from dataclasses import replace

from playground.curriculum.model import Lesson
from playground.pages.commands import first_used
from playground.pages.outline import Entry, standing
from tests.unit.curriculum.lessons import HEAD, STEP, lesson


def solved_by(slug: str, *lines: str, challenge: bool = False) -> Lesson:
    made = lesson(HEAD + STEP)
    steps = (replace(made.steps[0], solve="\n".join(lines)),)
    return replace(made, slug=slug, steps=steps, challenge=challenge)


def test_a_command_belongs_to_the_first_lesson_that_needs_it() -> None:
    first = solved_by("first", "docker run -d busybox sleep 9", "docker images; docker ps | grep sleep")
    second = solved_by("second", "time docker stop $(docker ps -q)", "<ctrl-c>", "docker run busybox")
    assert first_used([first, second]) == {"first": ("run", "images", "ps"), "second": ("stop",)}


def test_a_group_is_named_with_its_second_word() -> None:
    made = solved_by("nets", "docker network  create inner", "docker compose up -d", "docker container prune -f")
    assert first_used([made])["nets"] == ("network create", "compose up", "container prune")


def test_what_only_looks_like_a_command_is_none() -> None:
    assert first_used([solved_by("odd", "ls /var/run/docker", "docker --version", "my-docker run")])["odd"] == ()


def test_a_challenge_tells_no_commands() -> None:
    assert first_used([solved_by("last", "docker tag a b", challenge=True)])["last"] == ()


def test_the_whole_course_is_added_up() -> None:
    done, new = solved_by("done"), solved_by("new")
    now = standing([Entry(done, {"do-it"}), Entry(new, frozenset())])
    assert (now.steps, now.steps_passed, now.lessons, now.lessons_done) == (2, 1, 2, 1)
    assert now.minutes_left == new.minutes
    assert standing([]).minutes_left == 0
