"""Where the docker CLI's compose plugin lies on this machine, for the seat image.

`python3 -m playground.engine.plugin` prints it or exits 1. Set-up asks it, so this needs nothing but the standard
library.
"""

import sys
from pathlib import Path

ROOTS = (Path("/"), Path(__file__).resolve().parents[2] / ".packages" / "compose")  # the machine; scripts/setup.sh
_FOLDERS = ("usr/libexec/docker", "usr/lib/docker", "usr/local/libexec/docker", "usr/local/lib/docker")


def compose() -> Path | None:
    """The machine's own comes first. A user's, in a home folder, does not count."""
    places = [root / folder / "cli-plugins/docker-compose" for root in ROOTS for folder in _FOLDERS]
    return next((place for place in places if place.is_file()), None)


def main() -> int:
    found = compose()
    if found is None:
        return 1
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
