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

from playground.asgi import Pages

pytestmark = pytest.mark.django_db(transaction=True)


def where(request: HttpRequest) -> HttpResponse:
    """Reads something, and tells on which thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(threading.current_thread().name)


urlpatterns = [path("where/", where)]


@contextmanager
def connections_opened() -> Iterator[list[Any]]:
    opened: list[Any] = []

    def count(**about: Any) -> None:
        opened.append(about["connection"])

    connection_created.connect(count)
    yield opened
    connection_created.disconnect(count)


async def page(pages: Pages) -> bytes:
    scope = {
        "type": "http", "method": "GET", "path": "/where/", "raw_path": b"/where/", "query_string": b"",
        "headers": [(b"host", b"localhost")], "root_path": "",
    }  # fmt: skip
    browser: Any = ApplicationCommunicator(pages, scope)  # type: ignore[no-untyped-call]
    await browser.send_input({"type": "http.request", "body": b""})
    assert (await browser.receive_output())["status"] == 200
    body = await browser.receive_output()
    await browser.wait()
    return bytes(body["body"])


async def test_pages_share_a_thread_and_its_connection(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    pages = Pages()
    with connections_opened() as opened:
        answers = {await page(pages) for _ in range(3)}
    assert answers == {b"pages_0"}
    assert len(opened) == 1
