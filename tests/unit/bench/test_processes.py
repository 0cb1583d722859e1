import mmap
import os

from playground.bench import processes

HELD = 64 * 1024 * 1024


def test_a_process_that_works_uses_more_cpu() -> None:
    before = processes.cpu_of(os.getpid())
    while processes.cpu_of(os.getpid()) == before:
        sum(range(1000))
    assert processes.parent_of(os.getpid()) == os.getppid()


def test_memory_that_is_written_to_is_counted() -> None:
    before = processes.memory_of(os.getpid())
    with mmap.mmap(-1, HELD) as held:
        held.write(b"x" * HELD)
        assert processes.memory_of(os.getpid()) - before > HELD / 2
