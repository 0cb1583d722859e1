"""The pages as an ASGI application, for any ASGI server. `manage.py serve` adds the sockets: see sockets.py."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")


class Pages(ASGIHandler):
    """One step to another thread for each page, as every view of ours is a plain function.

    Django's own handler takes one at each middleware and starts two threads for a page. Here all pages have one thread,
    with a connection that stays open: they do not wait for anything but each other, and of several threads at work each
    would keep the loop, and who types, waiting in turn."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async with ThreadSensitiveContext(executor=self._thread):
            await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)


django.setup(set_prefix=False)
application = Pages()
