"""The stream of a command without a terminal, taken apart."""

import pytest

from playground.engine.execs import split_frames


def frame(stream: int, payload: bytes) -> bytes:
    return bytes((stream, 0, 0, 0)) + len(payload).to_bytes(4, "big") + payload


@pytest.mark.parametrize("size", [1, 3, 8, 9, 1000])
def test_frames_come_out_whole_however_the_bytes_arrive(size: int) -> None:
    stream = frame(1, b"out\n") + frame(2, b"") + frame(2, b"error\n") + frame(1, bytes(300))
    found: list[bytes] = []
    rest = b""
    for start in range(0, len(stream), size):
        payloads, rest = split_frames(rest + stream[start : start + size])
        found += payloads

    assert found == [b"out\n", b"", b"error\n", bytes(300)]
    assert rest == b""


def test_a_frame_that_breaks_off_stays_in_the_rest() -> None:
    broken = frame(1, b"out\n")[:-1]

    assert split_frames(frame(2, b"error\n") + broken) == ([b"error\n"], broken)
