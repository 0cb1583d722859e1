"""Programs of one system call each, which exit with its errno, or with 0 where it worked: what a container's walls say,
from its inside."""

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from playground.engine import elf


def _x86_64(number: int, arguments: Sequence[int]) -> bytes:
    # mov to rdi, rsi, rdx, r10, r8, r9
    registers = (b"\x48\xbf", b"\x48\xbe", b"\x48\xba", b"\x49\xba", b"\x49\xb8", b"\x49\xb9")
    loads = [load + struct.pack("<Q", value) for load, value in zip(registers, arguments, strict=False)]
    return b"".join(
        (
            *loads,
            b"\xb8" + struct.pack("<I", number),  # mov eax, number
            b"\x0f\x05",  # syscall
            b"\x31\xff\x48\xf7\xd8",  # xor edi, edi; neg rax
            b"\x0f\x4f\xf8",  # cmovg edi, eax
            b"\xb8\x3c\x00\x00\x00\x0f\x05",  # exit(edi)
        )
    )


def _aarch64(number: int, arguments: Sequence[int]) -> bytes:
    code: list[int] = []
    for register, value in [*enumerate(arguments), (8, number)]:
        code.append(0xD2800000 | (value & 0xFFFF) << 5 | register)  # movz
        for part in (1, 2, 3):
            code.append(0xF2800000 | part << 21 | (value >> 16 * part & 0xFFFF) << 5 | register)  # movk
    # svc; neg x0, x0; cmp x0, #0; csel x0, x0, xzr, gt; mov x8, #93 (exit); svc
    code += [0xD4000001, 0xCB0003E0, 0xF100001F, 0x9A9FC000, 0xD2800BA8, 0xD4000001]
    return struct.pack(f"<{len(code)}I", *code)


Call = tuple[int, int, Sequence[int]]
_CODE: Mapping[str, tuple[int, Callable[[int, Sequence[int]], bytes]]] = {
    "x86_64": (0, _x86_64),
    "aarch64": (1, _aarch64),
}

# By name: the call's number on each of the two, and its arguments.
AF_ALG, AF_VSOCK, AF_INET, SOCK_STREAM, SOCK_SEQPACKET = 38, 40, 2, 1, 5
REFUSED: Mapping[str, Call] = {
    "alg": (41, 198, (AF_ALG, SOCK_SEQPACKET, 0)),
    "alg-in-disguise": (41, 198, (1 << 32 | AF_ALG, SOCK_SEQPACKET, 0)),
    "vsock": (41, 198, (AF_VSOCK, SOCK_STREAM, 0)),
    "sctp": (41, 198, (AF_INET, SOCK_STREAM, 132)),
    "netlink-generic": (41, 198, (16, 3, 16)),
    "io_uring_setup": (425, 425, (1, 0)),
    "io_uring_register": (427, 427, (0, 0, 0, 0)),
    "unshare-user": (272, 97, (0x10000000,)),
    "unshare-net": (272, 97, (0x40000000,)),
    "clone-user": (56, 220, (0x10000000 | 17, 0, 0, 0, 0)),
    "setns": (308, 268, (0, 0)),
    "keyctl": (250, 219, (0, (1 << 64) - 3, 0)),
    "add_key": (248, 217, (0, 0, 0, 0, 0)),
    "request_key": (249, 218, (0, 0, 0, 0)),
    "bpf": (321, 280, (0, 0, 0)),
    "perf_event_open": (298, 241, (0, 0, 0, 0, 0)),
    "userfaultfd": (323, 282, (1,)),
    "ptrace": (101, 117, (0, 0, 0, 0)),
    "process_vm_readv": (310, 270, (1, 0, 0, 0, 0, 0)),
    "mount": (165, 40, (0, 0, 0, 0, 0)),
    "fsopen": (430, 430, (0, 0)),
    "open_by_handle_at": (304, 265, (0, 0, 0)),
    "kcmp": (312, 272, (1, 1, 0, 0, 0)),
    "personality": (135, 92, (0x0040000,)),  # without random addresses
}
UNKNOWN: Mapping[str, Call] = {"clone3": (435, 435, (0, 0)), "inotify": (294, 26, (0,))}
ALLOWED: Mapping[str, Call] = {
    "socket-tcp": (41, 198, (AF_INET, SOCK_STREAM, 6)),
    "socket-route": (41, 198, (16, 3, 0)),
    "socket-unix": (41, 198, (1, SOCK_STREAM, 0)),
    "personality-asked": (135, 92, (0xFFFFFFFF,)),
    "epoll": (291, 20, (0,)),
}


# The 32-bit way into the kernel, where the numbers mean other calls: mov eax, 20 (getpid); int 0x80; then exit(0).
OTHER_WAYS: Mapping[str, Mapping[str, bytes]] = {
    "x86_64": {"int80": b"\xb8\x14\x00\x00\x00\xcd\x80\x31\xff\xb8\x3c\x00\x00\x00\x0f\x05"},
    "aarch64": {},
}


def write(folder: Path, machine: str) -> None:
    column, code = _CODE[machine]
    calls = {**REFUSED, **UNKNOWN, **ALLOWED}
    programs = {name: code((call[0], call[1])[column], call[2]) for name, call in calls.items()}
    for name, instructions in {**programs, **OTHER_WAYS[machine]}.items():
        (folder / name).write_bytes(elf.executable(instructions, machine))
        (folder / name).chmod(0o755)
