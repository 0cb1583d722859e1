"""Rows are read and written off the loop, by clerks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")


class Clerk:
    """A thread of its own, with a connection that stays open: opening one takes longer than most of what is asked, and
    on the thread that pages share a short question would wait for theirs.

    `await clerk(function, …)` is what the function returns."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def __call__(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        call = partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, _on_a_sound_connection, call)


def _on_a_sound_connection(call: Callable[[], T]) -> T:
    connection.close_if_unusable_or_obsolete()  # a server of the database may have been restarted since the last call
    return call()
