"""The containers that a copy has paused, and that must go on after it: also when the engine was gone meanwhile, or the
gateway was killed. The engine does not say who has paused a container, so that is written down beside the seat's
socket."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playground.gateway.policy.names import is_id_prefix

FILE = "halted"


class Halts:
    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._file: Path | None = None

    def __bool__(self) -> bool:
        return bool(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._ids))

    def keep_in(self, directory: Path) -> None:
        """From here on; what a gateway before has left there is ours to let go."""
        self._file = directory / FILE
        with suppress(FileNotFoundError):
            self._ids |= {line for line in self._file.read_text().split() if is_id_prefix(line)}

    def add(self, identity: str) -> None:
        self._ids.add(identity)
        self._write()

    def discard(self, identity: str) -> None:
        self._ids.discard(identity)
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        if self._ids:
            self._file.write_text("\n".join(self._ids))
        else:
            self._file.unlink(missing_ok=True)
