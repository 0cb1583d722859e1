"""Steps that are decided by a look into the seat."""

import pytest

from playground.checks import sitting
from tests.unit.checks.watching import Playground, call

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_file_in_the_seat_is_seen_without_a_docker_command(playground: Playground) -> None:
    await playground.open("second", "write")
    playground.files["/note"] = "oh hello"

    await playground.rings("write", "second")


async def test_what_a_container_has_printed_is_seen_without_a_docker_command(playground: Playground) -> None:
    await playground.open("second", "print")
    playground.logs["web"] = b"starting\nready\n"

    await playground.rings("print", "second")


async def test_a_seat_that_cannot_be_asked_now_is_asked_again(playground: Playground) -> None:
    playground.seat_answers = False
    playground.files["/note"] = "hello"
    await playground.open("second", "write")
    playground.watch.on_fact(call("ps"))

    playground.seat_answers = True

    await playground.rings("write", "second")


async def test_a_seat_is_not_looked_into_before_that_can_make_a_difference(playground: Playground) -> None:
    """An exec costs a tenth of a second of a processor, and a class has the same step at hand."""
    await playground.open("third")
    playground.files["/answer"] = "1.41"
    playground.watch.on_fact(call("images"))
    await playground.rings("keep", "third")
    assert playground.looked == []
    playground.watch.on_fact(call("version"))
    await playground.rings("keep", "third")
    assert playground.looked == ["/answer"]


async def test_a_seat_whose_learner_only_reads_is_looked_into_less_often_until_they_type(
    playground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitting, "AWAKE_SECONDS", 0.0)
    await playground.open("second", "write")
    playground.watch.on_fact(call("ps"))
    playground.files["/note"] = "hello"
    playground.watch.stirred(playground.ada)

    await playground.rings("write", "second")


async def test_keys_of_somebody_without_a_lesson_are_nothing_to_look_at(playground: Playground) -> None:
    playground.watch.stirred(playground.ada)
    await playground.open("second", "write")
    playground.files["/note"] = "hello"

    await playground.rings("write", "second")
