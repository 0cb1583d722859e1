"""What the kernel counts for all containers of a machine together, because they are one user to it.

Each process that an engine starts in a container joins a keyring, which counts as a key of the user that root in the
containers is. Where that is not the machine's root, 200 are all that a kernel gives: too few for a class.
"""

from collections.abc import Callable
from pathlib import Path

SETTINGS = Path("/proc/sys/kernel/keys")
KEYS = {"maxkeys": 20_000, "maxbytes": 2_000_000}


def has_room_for_keys(settings: Path = SETTINGS) -> bool:
    return all(int((settings / name).read_text()) >= wanted for name, wanted in KEYS.items())


def make_room_for_keys(say: Callable[[str], None], settings: Path = SETTINGS) -> None:
    """Never lowers what somebody has set."""
    for name, wanted in KEYS.items():
        if int((settings / name).read_text()) < wanted:
            try:
                (settings / name).write_text(str(wanted))
            except OSError:
                say(f"warning: the kernel has room for few containers: set kernel.keys.{name} to {wanted}")
