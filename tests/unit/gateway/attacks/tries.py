"""How the tables of attacks are written, and the bytes that they send.

Each row names an attack of docs/reference/attacks.md, what the answer's status may be, and its spellings.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest

from tests.unit.gateway.learner import Answered, Learner
from tests.unit.gateway.recording import RecordingEngine

Statuses = int | tuple[int, ...]


def tried(attack: str, statuses: Statuses, *spellings: Any) -> list[Any]:
    """One case for each spelling: what is sent, and the statuses that may come back."""
    allowed = (statuses,) if isinstance(statuses, int) else statuses
    mark = pytest.mark.attack(attack)
    return [
        pytest.param(spelling, allowed, marks=mark, id=f"{attack}: {str(spelling)[:70]!a}") for spelling in spellings
    ]


def table(*rows: list[Any]) -> list[Any]:
    return [case for row in rows for case in row]


def request(line: str | bytes, body: Any = None, *fields: bytes) -> bytes:
    """A whole request; `line` is the method and the target, as they are."""
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    line = line.encode("latin-1") if isinstance(line, str) else line
    return b"\r\n".join(
        [line + b" HTTP/1.1", b"Host: docker", b"Content-Length: %d" % len(data), *fields, b"", b""]
    ) + data  # fmt: skip


def query(**values: str) -> str:
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in values.items())


async def is_refused(learner: Learner, upstream: RecordingEngine, data: bytes, statuses: Iterable[int]) -> Answered:
    """The engine hears nothing, the answer leads nowhere else, and the gateway goes on serving."""
    method = data.partition(b" ")[0].decode("latin-1")
    answer, *more = await learner.send(data, method="HEAD" if method == "HEAD" else "GET")
    assert answer.status in tuple(statuses), answer
    assert "location" not in answer.headers
    assert upstream.seen == []
    assert more == []
    assert (await learner.get("/_ping")).status == 200
    return answer


async def exchange(learner: Learner, data: bytes, method: str) -> Answered:
    """One request and its whole answer, with the connection held open until then: a flow ends when its client hangs
    up."""
    async with learner.connected() as (reader, writer):
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
        body = b""
        if "transfer-encoding" in fields:
            while size := int(await reader.readline(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
        elif method != "HEAD":
            body = await reader.readexactly(int(fields.get("content-length", 0)))
    return Answered(int(head.split()[1]), fields, body)
