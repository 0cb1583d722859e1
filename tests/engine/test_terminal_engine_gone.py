"""The engine goes away under an open terminal and comes back. Here it is the way to the engine that is cut."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.engine.client import EngineClient
from playground.engine.images import CatalogueImage
from playground.terminal.relay import TerminalRelay
from tests.engine.terminals import one_seat, tab


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


@pytest.fixture
async def way(run_dir: Path, engine_socket: str) -> AsyncIterator[Way]:
    way = Way(run_dir / "engine.sock", engine_socket)
    await way.clear()
    yield way
    await way.cut()


async def test_a_terminal_stays_open_while_the_engine_is_gone_and_goes_on_when_it_is_back(
    way: Way, engine_client: EngineClient, instance: str, catalogue_images: list[CatalogueImage]
) -> None:
    async with one_seat(engine_client, instance) as desk:
        relay = TerminalRelay(desk, EngineClient(str(way.path)))
        async with tab(relay) as ada:
            await ada.until_notice("live")
            ada.type("kept=$((1 + 1)); echo is-$kept\r")
            await ada.until("is-2")
            await way.cut()
            assert (await ada.until_notice("engine")).fields == {"alive": False}
            await way.clear()
            assert (await ada.until_notice("engine")).fields == {"alive": True}
            await ada.until_notice("live")
            ada.type("echo kept-$kept\r")
            await ada.until("kept-2")
