"""Time at work: what counts and what does not."""

from playground.pages.presence import Presence

ADA, BEN = 1, 2


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def spent(*signs: tuple[float, str]) -> int:
    """Seconds in the lesson `hello` after signs at these moments, each in a lesson."""
    clock, total = Clock(), 0
    presence = Presence(clock)
    for clock.now, lesson in signs:
        seconds = presence.here(ADA, lesson)
        total += seconds if lesson == "hello" else 0
    return total


def test_the_time_between_two_signs_counts() -> None:
    assert spent((0, "hello"), (30, "hello"), (60, "hello")) == 60


def test_a_pause_does_not_count() -> None:
    assert spent((0, "hello"), (30, "hello"), (3600, "hello"), (3630, "hello")) == 60


def test_a_thousand_signs_a_second_are_no_more_time_than_one() -> None:
    assert spent(*((place / 1000, "hello") for place in range(30_000))) <= 30


def test_time_in_another_lesson_is_not_this_ones() -> None:
    assert spent((0, "hello"), (30, "other"), (60, "hello"), (90, "hello")) == 30


def test_learners_do_not_share_their_time() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.here(ADA, "hello")
    clock.now += 30
    assert presence.here(BEN, "hello") == 0
    assert presence.here(ADA, "hello") == 30
