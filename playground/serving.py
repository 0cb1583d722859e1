"""daphne around the runtime: one process, one asyncio loop, and signals that mean what an operator expects."""

import asyncio
import resource
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

# daphne installs Twisted's asyncio reactor when it is imported, so it comes before anything else of Twisted.
from daphne.server import Server  # isort:skip
from twisted.internet import reactor

from playground import bounds, sockets
from playground.runtime import Runtime

twisted: Any = reactor  # typed as a module by its stubs

# Twisted's default of 50 makes some of a class's sockets wait a whole second when they all open at once.
LISTEN_BACKLOG = 1024
# Terminal input is at most 64 KiB a frame; progress messages are smaller.
LARGEST_MESSAGE = 128 * 1024


def serve(host: str, port: int, runtime: Runtime, on_serving: Callable[[], None], on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM. `on_serving` is called once pages are served, `on_ready` once seats can be lent:
    later, where the engine is not there yet.

    SIGTERM leaves lent seats running, for the next server to adopt. SIGINT (Ctrl-C) also halts their containers, so
    that nothing that was started goes on; the next server resumes them. What kept the playground from starting is
    raised.
    """
    failures: list[BaseException] = []
    bounds.put_in_place()
    _take_all_descriptors()
    server = bounds.PatientServer(
        sockets.application(runtime),
        endpoints=[f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}:backlog={LISTEN_BACKLOG}"],
        signal_handlers=False,
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_max_frame_size=LARGEST_MESSAGE,
        server_name="playground",
    )
    server.ready_callable = partial(_start, server, runtime, on_serving, on_ready, failures)
    server.run()
    if failures:
        raise failures[0]


def _take_all_descriptors() -> None:
    """Every page, terminal and docker command takes some; the usual soft limit is for one at a time."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _start(
    server: Server,
    runtime: Runtime,
    on_serving: Callable[[], None],
    on_ready: Callable[[], None],
    failures: list[BaseException],
) -> None:
    loop: asyncio.AbstractEventLoop = twisted._asyncioEventloop
    stopping: list[asyncio.Task[None]] = []

    async def start() -> None:
        on_serving()
        await runtime.start()
        on_ready()

    async def stop(halt: bool) -> None:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await runtime.stop(halt=halt)
        twisted.stop()

    def asked_to_stop(halt: bool) -> None:
        if stopping:  # asked twice: the person does not want to wait
            twisted.stop()
        else:
            stopping.append(loop.create_task(stop(halt)))

    def started(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            failures.append(error)
            server.stop()

    starting = loop.create_task(start())
    starting.add_done_callback(started)
    loop.add_signal_handler(signal.SIGINT, asked_to_stop, True)
    loop.add_signal_handler(signal.SIGTERM, asked_to_stop, False)
