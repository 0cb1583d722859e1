"""The pages as an ASGI application, for any ASGI server. `manage.py serve` adds the sockets: see sockets.py."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")

AT_ONCE = 4  # pages: one that waits for a mail server holds nobody up
AT_SEATS = 32  # requests that wait for a seat, which answers as slowly as its learner likes


class Pages(ASGIHandler):
    """One step to another thread for each page, as every view of ours is a plain function.

    Django's own handler takes one at each middleware, and for each page starts two threads and opens a connection. Here
    threads stay, each with its connection. The one that was used last is taken first, so there are no more than are
    needed, and they do not take turns for nothing while the loop, and who types, wait.

    daphne has read a request to its end before it asks for the page, and takes the answer at once: whoever sends or
    reads slowly keeps no thread."""

    def __init__(self, at_once: int) -> None:
        super().__init__()
        self._threads: asyncio.LifoQueue[ThreadPoolExecutor] = asyncio.LifoQueue()
        for _ in range(at_once):
            self._threads.put_nowait(ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages"))

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        thread = await self._threads.get()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.handle(scope, receive, send)
        finally:
            self._threads.put_nowait(thread)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)


django.setup(set_prefix=False)
application = Pages(AT_ONCE)
at_seats = Pages(AT_SEATS)  # apart, so that no page ever waits for a seat
