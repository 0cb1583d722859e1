"""A whole Linux program in some 200 bytes: it writes a text to standard output and exits 0.

It needs no libc and no shell, so an image can hold it alone. ELF64, one segment; see elf(5).
"""

import struct
from collections.abc import Callable

BASE = 0x400000
EHDR_SIZE, PHDR_SIZE = 64, 56
CODE_AT = EHDR_SIZE + PHDR_SIZE


def _x86_64(size: int) -> bytes:
    after_lea = 21  # bytes of the instructions between lea and the text
    return b"".join(
        (
            b"\xbf\x01\x00\x00\x00",  # mov edi, 1
            b"\x48\x8d\x35" + struct.pack("<i", after_lea),  # lea rsi, [rip + after_lea]
            b"\xba" + struct.pack("<I", size),  # mov edx, size
            b"\xb8\x01\x00\x00\x00",  # mov eax, 1 (write)
            b"\x0f\x05",  # syscall
            b"\x31\xff",  # xor edi, edi
            b"\xb8\x3c\x00\x00\x00",  # mov eax, 60 (exit)
            b"\x0f\x05",  # syscall
        )
    )


def _aarch64(size: int) -> bytes:
    return struct.pack(
        "<8I",
        0xD2800020,  # mov x0, #1
        0x100000E1,  # adr x1, #28 (to the text)
        0xD2800002 | size << 5,  # mov x2, #size
        0xD2800808,  # mov x8, #64 (write)
        0xD4000001,  # svc #0
        0xD2800000,  # mov x0, #0
        0xD2800BA8,  # mov x8, #93 (exit)
        0xD4000001,  # svc #0
    )


MACHINES: dict[str, tuple[int, Callable[[int], bytes]]] = {  # as uname -m says: e_machine, code
    "x86_64": (62, _x86_64),
    "aarch64": (183, _aarch64),
}
MAX_TEXT = 0xFFFF  # aarch64's mov takes 16 bits


def program(text: bytes, machine: str) -> bytes:
    """The program's file. Raises ValueError for a text too long, KeyError for a machine not in MACHINES."""
    if len(text) > MAX_TEXT:
        raise ValueError(f"a text of {len(text)} bytes is too long")
    return executable(MACHINES[machine][1](len(text)) + text, machine)


def executable(code: bytes, machine: str) -> bytes:
    """A file of these instructions, of which the first is where it begins."""
    number, size = MACHINES[machine][0], CODE_AT + len(code)
    identity = b"\x7fELF" + bytes((2, 1, 1))  # 64 bits, little endian, version 1
    header = struct.pack(
        "<16sHHIQQQIHHHHHH",
        *(identity, 2, number, 1, BASE + CODE_AT, EHDR_SIZE, 0, 0, EHDR_SIZE, PHDR_SIZE, 1, 0, 0, 0),
    )
    return header + struct.pack("<IIQQQQQQ", 1, 5, 0, BASE, BASE, size, size, 0x1000) + code  # PT_LOAD, r-x
