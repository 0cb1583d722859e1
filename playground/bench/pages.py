"""What a lesson's page costs the server. Straight is a view that does nothing, asked of the same server in turns."""

import asyncio
import http.client
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from playground.bench.figures import Row, most
from playground.bench.stage import Stage
from playground.bench.tabs import now
from playground.classroom.models import Learner
from playground.pages.course import course

ROUNDS = 20
AIM = 15.0  # milliseconds
EMPTY = "/healthz"


async def lesson_pages(stage: Stage) -> list[Row]:
    """All lessons, one after the other, as a browser asks for them: compressed, on one connection."""
    learner = await stage.join()
    pages = [f"/lessons/{lesson.slug}/" for lesson in course().lessons]
    cookies = "; ".join(f"{name}={value}" for name, value in learner.cookies.items())
    time = await asyncio.to_thread(_times, stage.url, cookies, pages)
    queries = Row("a lesson's page, queries", "pcs")
    queries.ours = await asyncio.to_thread(_queries, stage.home / "data" / "db.sqlite3", pages)
    return [time, queries]


def _times(url: str, cookies: str, pages: list[str]) -> Row:
    row = Row("a lesson's page, and an empty one", "ms")
    server = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
    for _ in range(ROUNDS):
        for page in pages:
            row.ours.append(_timed(server, page, headers))
            row.straight.append(_timed(server, EMPTY, headers))
    server.close()
    row.aim = most(row, AIM)
    return row


def _timed(server: http.client.HTTPConnection, page: str, headers: dict[str, str]) -> float:
    began = now()
    server.request("GET", page, headers=headers)
    answer = server.getresponse()
    body = answer.read()
    took = now() - began
    if answer.status != HTTPStatus.OK or not body:
        raise RuntimeError(f"GET {page}: {answer.status}")
    return took


def _queries(database: Path, pages: list[str]) -> list[float]:
    """Counted in this process, of the same learner."""
    connections.settings["default"]["NAME"] = str(database)  # for the connection of this thread, which ends with it
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(Learner.objects.get())
    counts = []
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        counts.append(float(len(queries)))
    connection.close()
    return counts
