"""The program in our own hello-world image."""

import platform
import struct
import subprocess
from pathlib import Path

import pytest

from playground.engine import elf


def test_the_program_writes_its_text_and_exits_0(tmp_path: Path) -> None:
    program = tmp_path / "hello"
    program.write_bytes(elf.program("Hello, Ada! ✓\n".encode(), platform.machine()))
    program.chmod(0o755)

    ran = subprocess.run([program], capture_output=True, check=True)

    assert ran.stdout.decode() == "Hello, Ada! ✓\n"


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 62), ("aarch64", 183)])
def test_the_file_says_which_machine_it_is_for_and_ends_with_the_text(machine: str, number: int) -> None:
    program = elf.program(b"Hello", machine)

    assert struct.unpack_from("<H", program, 18) == (number,)
    assert program.endswith(b"Hello")


def test_on_arm_the_address_of_the_text_and_its_size_are_in_the_instructions() -> None:
    program = elf.program(b"Hello", "aarch64")
    adr, movz = struct.unpack_from("<2I", program, elf.CODE_AT + 4)

    assert elf.CODE_AT + 4 + (adr >> 5 & 0x7FFFF) * 4 == program.index(b"Hello")
    assert movz >> 5 & 0xFFFF == len(b"Hello")


def test_a_text_that_the_instructions_cannot_count_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        elf.program(b"x" * 0x10000, "x86_64")
