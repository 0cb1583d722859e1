import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.terminal.flow import (
    LONGEST_WAIT,
    MOST_INPUT,
    STEADY,
    WINDOW,
    CreditWindow,
    FlowError,
    InputBuffer,
    Pace,
)


def test_a_window_has_room_for_256_kib_and_then_for_what_is_credited() -> None:
    window = CreditWindow()
    window.sent(WINDOW)
    assert window.room == 0
    window.credited(1000)
    assert window.room == 1000


def test_sending_without_credit_is_an_error_of_ours() -> None:
    window = CreditWindow(10)
    window.sent(8)
    with pytest.raises(FlowError):
        window.sent(3)


def test_credit_for_more_than_was_sent_is_an_error_of_the_browsers() -> None:
    window = CreditWindow()
    window.sent(100)
    with pytest.raises(FlowError):
        window.credited(101)


@given(st.lists(st.integers(0, 50)))
def test_a_window_never_has_more_than_its_size_on_the_way(sizes: list[int]) -> None:
    window = CreditWindow(100)
    for size in sizes:
        if size <= window.room:
            window.sent(size)
        else:
            window.credited(100 - window.room)
        assert 0 <= window.room <= 100


@given(st.lists(st.binary()), st.integers(1, 100))
def test_input_comes_out_as_it_went_in(parts: list[bytes], size: int) -> None:
    buffer = InputBuffer()
    for part in parts:
        buffer.put(part)
    taken = b""
    while buffer:
        came = buffer.take(size)
        assert 0 < len(came) <= size
        taken += came
    assert taken == b"".join(parts)


def test_there_is_an_end_to_the_input_that_waits() -> None:
    buffer = InputBuffer()
    buffer.put(b"x" * MOST_INPUT)
    with pytest.raises(FlowError):
        buffer.put(b"x")


def test_an_exit_is_followed_by_a_fresh_shell_at_once() -> None:
    pace = Pace()
    assert [pace.wait(lived=0.1) for _ in range(2)] == [0, 0]


def test_a_shell_that_dies_at_once_is_started_slower_and_slower() -> None:
    pace = Pace()
    waits = [pace.wait(lived=0.1) for _ in range(20)]
    assert waits == sorted(waits)
    assert waits[2] > 0
    assert waits[-1] == LONGEST_WAIT


def test_a_shell_that_lived_makes_the_next_start_quick_again() -> None:
    pace = Pace()
    for _ in range(10):
        pace.wait(lived=0.1)
    assert pace.wait(lived=STEADY) == 0
