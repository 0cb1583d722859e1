import pytest

from playground.bench.figures import Row
from playground.load.flat import flat

TIMES = [float(second) for second in range(1, 601)]


def memory(at: list[float]) -> Row:
    return Row("memory", "MiB", at)


def test_what_grows_while_it_warms_up_and_stays_then_is_flat() -> None:
    assert flat(memory([min(100 + second, 220) for second in TIMES]), TIMES, 10).met


def test_what_goes_on_growing_is_not() -> None:
    assert not flat(memory([100 + second / 10 for second in TIMES]), TIMES, 10).met


def test_what_goes_up_and_down_is_flat() -> None:
    assert flat(memory([100 + second % 50 for second in TIMES]), TIMES, 10).met


@pytest.mark.parametrize(("more", "met"), [(10, True), (11, False)])
def test_the_last_third_may_have_a_little_more(more: int, met: bool) -> None:
    assert flat(memory([100 if second <= 440 else 100 + more for second in TIMES]), TIMES, 10).met is met


def test_without_samples_nothing_is_said_to_be_flat() -> None:
    assert not flat(memory([]), [], 10).met
