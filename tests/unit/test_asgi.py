import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from playground.asgi import AT_ONCE, Pages

pytestmark = pytest.mark.django_db(transaction=True)


def where(request: HttpRequest) -> HttpResponse:
    """Reads something, and tells on which thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(threading.current_thread().name)


LET_GO = threading.Event()


def waits(request: HttpRequest) -> HttpResponse:
    LET_GO.wait(60)
    return HttpResponse("at last")


urlpatterns = [path("where/", where), path("waits/", waits)]


@contextmanager
def connections_opened() -> Iterator[list[Any]]:
    opened: list[Any] = []

    def count(**about: Any) -> None:
        opened.append(about["connection"])

    connection_created.connect(count)
    yield opened
    connection_created.disconnect(count)


async def page(pages: Pages, address: str = "/where/") -> bytes:
    scope = {
        "type": "http", "method": "GET", "path": address, "raw_path": address.encode(), "query_string": b"",
        "headers": [(b"host", b"localhost")], "root_path": "",
    }  # fmt: skip
    browser: Any = ApplicationCommunicator(pages, scope)  # type: ignore[no-untyped-call]
    await browser.send_input({"type": "http.request", "body": b""})
    assert (await browser.receive_output(60))["status"] == 200
    body = await browser.receive_output(60)
    await browser.wait()
    return bytes(body["body"])


async def test_pages_one_after_the_other_share_a_thread_and_its_connection(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    pages = Pages(AT_ONCE)
    with connections_opened() as opened:
        answers = {await page(pages) for _ in range(3)}
    assert len(answers) == 1
    assert len(opened) == 1


async def test_a_page_that_waits_for_something_keeps_no_other_waiting(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    pages = Pages(AT_ONCE)
    waiting = asyncio.create_task(page(pages, "/waits/"))
    assert await page(pages) == b"pages_0"
    assert not waiting.done()
    LET_GO.set()
    assert await waiting == b"at last"
