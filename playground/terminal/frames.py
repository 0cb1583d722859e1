"""Frames of the terminal protocol: one opcode byte, then a payload. Bytes in, dataclasses out.

What may live here: the shape of frames. No I/O, no clock, no knowledge of who speaks. `static/terminal/frames.js` is
the browser's side of this table.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

SUBPROTOCOL = "playground.terminal.1"
LARGEST_INPUT = 64 * 1024  # bytes of one input frame's payload
LARGEST_OUTPUT = 64 * 1024
LARGEST_SIDE = 1000  # columns or rows


class FrameError(ValueError):
    """The other side sent what is not a frame of this protocol."""


@dataclass(frozen=True, slots=True)
class Input:
    """From the browser: bytes for the terminal."""

    opcode: ClassVar = 0x00
    data: bytes

    def payload(self) -> bytes:
        return self.data

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        if len(payload) > LARGEST_INPUT:
            raise FrameError(f"an input frame carries at most {LARGEST_INPUT} bytes")
        return cls(payload)


@dataclass(frozen=True, slots=True)
class Resize:
    """From the browser: how many characters its screen is wide and high."""

    opcode: ClassVar = 0x01
    columns: int
    rows: int

    def payload(self) -> bytes:
        return struct.pack("!HH", self.columns, self.rows)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        columns, rows = _unpack("!HH", payload)
        if not (1 <= columns <= LARGEST_SIDE and 1 <= rows <= LARGEST_SIDE):
            raise FrameError(f"a screen is 1 to {LARGEST_SIDE} characters wide and high")
        return cls(columns, rows)


@dataclass(frozen=True, slots=True)
class Credit:
    """From the browser: bytes of output that were written to the screen since the last credit."""

    opcode: ClassVar = 0x02
    size: int

    def payload(self) -> bytes:
        return struct.pack("!I", self.size)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        (size,) = _unpack("!I", payload)
        return cls(size)


@dataclass(frozen=True, slots=True)
class HangUp:
    """From the browser: the learner closes this terminal. Not the first one, which is the seat's own."""

    opcode: ClassVar = 0x03

    def payload(self) -> bytes:
        return b""

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        _unpack("!", payload)
        return cls()


class Word(IntEnum):
    NO = 0
    YES = 1
    END = 2


@dataclass(frozen=True, slots=True)
class Consent:
    """From the browser, while a visitor looks on: whether the visitor may type. The visitor asks with yes and the
    learner agrees with it; each may say no, and end the visit, at any time."""

    opcode: ClassVar = 0x04
    word: Word

    def payload(self) -> bytes:
        return bytes((self.word,))

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        (word,) = _unpack("!B", payload)
        if word not in Word.__members__.values():
            raise FrameError("consent is one of three words")
        return cls(Word(word))


@dataclass(frozen=True, slots=True)
class Output:
    """To the browser: bytes from the terminal."""

    opcode: ClassVar = 0x10
    data: bytes

    def payload(self) -> bytes:
        return self.data

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        return cls(payload)


@dataclass(frozen=True, slots=True)
class Notice:
    """To the browser: something about the seat; docs/explanation/terminal.md lists the kinds and their fields."""

    opcode: ClassVar = 0x11
    kind: str
    fields: Mapping[str, object]

    def payload(self) -> bytes:
        return json.dumps({"kind": self.kind, **self.fields}).encode()

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        try:
            fields = json.loads(payload)
            kind = fields.pop("kind")
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise FrameError("a notice is a JSON object with a kind") from error
        return cls(kind, fields)


@dataclass(frozen=True, slots=True)
class Exit:
    """To the browser: the terminal's shell ended with this code; a fresh one follows."""

    opcode: ClassVar = 0x12
    code: int

    def payload(self) -> bytes:
        return struct.pack("!i", self.code)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        (code,) = _unpack("!i", payload)
        return cls(code)


FromBrowser = Input | Resize | Credit | HangUp | Consent
ToBrowser = Output | Notice | Exit

_FROM_BROWSER: Mapping[int, type[FromBrowser]] = {
    kind.opcode: kind for kind in (Input, Resize, Credit, HangUp, Consent)
}
_TO_BROWSER: Mapping[int, type[ToBrowser]] = {kind.opcode: kind for kind in (Output, Notice, Exit)}


def encode(frame: FromBrowser | ToBrowser) -> bytes:
    return bytes((frame.opcode,)) + frame.payload()


def from_browser(message: bytes) -> FromBrowser:
    """Raises FrameError for anything that a browser may not send."""
    if not message or message[0] not in _FROM_BROWSER:
        raise FrameError("unknown opcode")
    return _FROM_BROWSER[message[0]].parse(message[1:])


def to_browser(message: bytes) -> ToBrowser:
    """The browser's reading of a frame, for tests and the bench. Raises FrameError."""
    if not message or message[0] not in _TO_BROWSER:
        raise FrameError("unknown opcode")
    return _TO_BROWSER[message[0]].parse(message[1:])


def _unpack(shape: str, payload: bytes) -> tuple[int, ...]:
    try:
        return struct.unpack(shape, payload)
    except struct.error as error:
        raise FrameError(f"a payload of {struct.calcsize(shape)} bytes was due, not {len(payload)}") from error
