"""A way to the engine that a test may cut: whoever takes it finds the engine gone, and then back."""

import asyncio
import contextlib
from pathlib import Path


class Way:
    """A socket that leads to the engine until it is cut."""

    def __init__(self, path: Path, engine_socket: str) -> None:
        self.path = path
        self._engine_socket = engine_socket
        self._leading: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def clear(self) -> None:
        self._server = await asyncio.start_unix_server(self._lead, self.path)

    async def cut(self) -> None:
        self._server.close()
        self.path.unlink()
        leading = dict(self._leading)
        for task, writer in leading.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*leading, *(writer.wait_closed() for writer in leading.values()), return_exceptions=True)

    def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._carry(reader, writer))
        self._leading[task] = writer
        task.add_done_callback(self._leading.pop)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_engine, to_engine = await asyncio.open_unix_connection(self._engine_socket)
        copies = [
            asyncio.ensure_future(self._copy(reader, to_engine)),
            asyncio.ensure_future(self._copy(from_engine, writer)),
        ]
        try:
            await asyncio.wait(copies)
        finally:
            for side in (writer, to_engine):
                side.transport.abort()
            for side in (writer, to_engine):
                with contextlib.suppress(ConnectionError):
                    await side.wait_closed()

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()
