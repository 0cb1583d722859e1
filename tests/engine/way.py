"""A way to the engine that a test may cut: whoever takes it finds the engine gone, and then back."""

import asyncio
import contextlib
from pathlib import Path


class Way:
    """A socket that leads to the engine until it is cut."""

    def __init__(self, path: Path, engine_socket: str) -> None:
        self.path = path
        self._engine_socket = engine_socket
        self._leading: set[asyncio.Task[None]] = set()

    async def clear(self) -> None:
        self._server = await asyncio.start_unix_server(self._lead, self.path)

    async def cut(self) -> None:
        self._server.close()
        self.path.unlink()
        for task in self._leading:
            task.cancel()
        await asyncio.gather(*self._leading, return_exceptions=True)

    def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._leading.add(task)
        task.add_done_callback(self._leading.discard)
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_engine, to_engine = await asyncio.open_unix_connection(self._engine_socket)
        try:
            await asyncio.wait(
                [
                    asyncio.ensure_future(self._copy(reader, to_engine)),
                    asyncio.ensure_future(self._copy(from_engine, writer)),
                ]
            )
        finally:
            to_engine.transport.abort()

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()
