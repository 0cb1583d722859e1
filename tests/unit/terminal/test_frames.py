import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.terminal import frames
from playground.terminal.frames import (
    Consent,
    Credit,
    Exit,
    FrameError,
    FromBrowser,
    HangUp,
    Input,
    Notice,
    Output,
    Resize,
    ToBrowser,
    Word,
)

SIDE = st.integers(1, frames.LARGEST_SIDE)
WORDS = st.dictionaries(st.text().filter(lambda word: word != "kind"), st.text() | st.integers() | st.booleans())
FROM_BROWSER = st.one_of(
    st.builds(Input, st.binary()),
    st.builds(Resize, SIDE, SIDE),
    st.builds(Credit, st.integers(0, 2**32 - 1)),
    st.builds(HangUp),
    st.builds(Consent, st.sampled_from(Word)),
)
TO_BROWSER = st.one_of(
    st.builds(Output, st.binary()),
    st.builds(Notice, st.text(), WORDS),
    st.builds(Exit, st.integers(-(2**31), 2**31 - 1)),
)


@given(FROM_BROWSER)
def test_what_the_browser_encodes_is_read_as_it_was_meant(frame: FromBrowser) -> None:
    assert frames.from_browser(frames.encode(frame)) == frame


@given(TO_BROWSER)
def test_what_the_relay_encodes_is_read_as_it_was_meant(frame: ToBrowser) -> None:
    assert frames.to_browser(frames.encode(frame)) == frame


@given(st.binary(max_size=12))
def test_any_bytes_are_a_frame_or_a_frame_error(message: bytes) -> None:
    for read in (frames.from_browser, frames.to_browser):
        try:
            frame = read(message)
        except FrameError:
            continue
        assert read(frames.encode(frame)) == frame


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (Input(b"ls\r"), b"\x00ls\r"),
        (Resize(80, 24), b"\x01\x00\x50\x00\x18"),
        (Credit(65536), b"\x02\x00\x01\x00\x00"),
        (HangUp(), b"\x03"),
        (Consent(Word.YES), b"\x04\x01"),
        (Output(b"\x1b[m"), b"\x10\x1b[m"),
        (Notice("queue", {"position": 2}), b'\x11{"kind": "queue", "position": 2}'),
        (Exit(137), b"\x12\x00\x00\x00\x89"),
    ],
)
def test_frames_look_as_the_documentation_says(frame: FromBrowser | ToBrowser, message: bytes) -> None:
    assert frames.encode(frame) == message


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x05",  # no such opcode
        b"\x04\x03",  # no such word
        b"\x10output",  # only the relay may say this
        b"\x01\x00\x50\x00",  # half a size
        b"\x01\x00\x50\x00\x18\x00",  # and more than a size
        b"\x01\x00\x00\x00\x18",  # no columns
        b"\x01\x03\xe9\x00\x18",  # 1001 columns
        b"\x02\x00\x01",
        b"\x00" + b"x" * (frames.LARGEST_INPUT + 1),
    ],
)
def test_what_a_browser_may_not_send_is_refused(message: bytes) -> None:
    with pytest.raises(FrameError):
        frames.from_browser(message)


@pytest.mark.parametrize("payload", [b"", b"[]", b"{}", b"\xff", json.dumps("kind").encode()])
def test_a_notice_without_a_kind_is_refused(payload: bytes) -> None:
    with pytest.raises(FrameError):
        frames.to_browser(b"\x11" + payload)
