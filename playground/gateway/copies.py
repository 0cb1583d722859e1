"""What comes out of a container, kept in a file: a container does not stand still for as long as its reader likes."""

import tempfile
from collections.abc import AsyncGenerator, Awaitable, Mapping
from typing import TypeVar

from playground.engine.client import READ_SIZE, Reply
from playground.gateway.call import Flow, Ground
from playground.gateway.policy.errors import Refused
from playground.gateway.room import Held

T = TypeVar("T")


class Copy:
    def __init__(self, ground: Ground, seat: str, command: str) -> None:
        self._limit, self._command = ground.limits.download, command
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the answer's end)
        self._held = Held(ground.files, seat)

    async def made(self, work: Awaitable[T]) -> T:
        """What the work that fills it gives; where it fails, the copy is gone."""
        try:
            return await work
        except BaseException:
            self.close()
            raise

    async def fill(self, reply: Reply) -> None:
        """Raises Refused where it is too large, or there is no room for it."""
        async for chunk in reply.chunks():
            self._file.write(chunk)
            self._held.more(len(chunk))
            if self._held.size > self._limit:
                raise Refused(413, f"{self._command} takes at most {self._limit} bytes at once here.")

    def flow(self, content_type: str, headers: Mapping[str, str]) -> Flow:
        self._file.seek(0)
        return Flow(self._chunks(), self.close, content_type, headers, keeps_room=True)

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        while chunk := self._file.read(READ_SIZE):
            yield chunk

    def close(self) -> None:
        self._file.close()
        self._held.close()
