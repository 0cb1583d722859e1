"""What is taken for a flood, and what for a browser."""

from playground.floods import MOST_FRAMES, Frames


def test_more_in_a_second_than_a_browser_sends_is_a_flood() -> None:
    frames = Frames()

    assert [frames.too_many(7.5, behind=False) for _ in range(MOST_FRAMES + 1)] == [*[False] * MOST_FRAMES, True]


def test_a_browser_may_send_for_ever() -> None:
    frames = Frames()

    assert not any(frames.too_many(each / MOST_FRAMES, behind=False) for each in range(20 * MOST_FRAMES))


def test_a_server_that_is_too_slow_for_a_flood_takes_it_for_one_nevertheless() -> None:
    frames = Frames()

    assert [frames.too_many(each / 30, behind=True) for each in range(MOST_FRAMES + 1)] == [
        *[False] * MOST_FRAMES,
        True,
    ]


def test_what_has_waited_for_a_busy_server_is_no_flood_once_it_has_caught_up() -> None:
    frames = Frames()
    for second in range(1, 100):
        assert not frames.too_many(second, behind=False)
        assert not any(frames.too_many(second + each / 400, behind=True) for each in range(MOST_FRAMES // 2))
