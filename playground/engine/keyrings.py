"""Room for the session keyring that each running container holds in the kernel.

They are counted for the user that owns them. With userns-remap that is one user for all containers, and the kernel
gives a user other than root 200 keys: the 201st container of an engine does not start ("disk quota exceeded").
"""

from collections.abc import Callable
from pathlib import Path

SETTINGS = Path("/proc/sys/kernel/keys")
ENOUGH = {"maxkeys": 20_000, "maxbytes": 4_000_000}  # a keyring takes about 70 bytes


def make_room(say: Callable[[str], None], settings: Path = SETTINGS) -> None:
    """Raise the kernel's limits where they are lower; what cannot be raised is said."""
    for name, wanted in ENOUGH.items():
        limit = settings / name
        try:
            if int(limit.read_text()) < wanted:
                limit.write_text(str(wanted))
        except OSError:
            say(f"warning: kernel.keys.{name} cannot be raised here: some 200 containers can run at once, and no more")
