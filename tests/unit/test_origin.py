"""Only pages of this site may open a WebSocket."""

from typing import Any

import pytest

from playground.origin import SameOriginOnly, Scope


async def answer_to(headers: list[tuple[bytes, bytes]], trusted: tuple[str, ...] = ()) -> str:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def accepting(scope: Scope, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})

    await SameOriginOnly(accepting, trusted)({"type": "websocket", "headers": headers}, receive, send)
    return str(sent[0])


async def test_a_page_of_this_site_may_open_a_socket() -> None:
    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")]

    assert await answer_to(headers) == "websocket.accept"


@pytest.mark.parametrize(
    "origin",
    [
        b"https://evil-playground.example",
        b"http://127.0.0.1:8001",  # another program on the same host shares the cookies, not the origin
        b"http://127.0.0.1:8000.evil.example",
        b"http://127.0.0.1:99999",
        b"http://[::1",
        b"null",
        b"127.0.0.1:8000",
        b"file://127.0.0.1:8000",
        b"",
        b"\xff",
    ],
)
@pytest.mark.attack("a terminal opened from elsewhere")
async def test_a_page_of_another_origin_may_not(origin: bytes) -> None:
    assert await answer_to([(b"host", b"127.0.0.1:8000"), (b"origin", origin)]) == "websocket.close"


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"127.0.0.1:8000")],
        [(b"origin", b"http://127.0.0.1:8000")],
        [(b"host", b"a.example"), (b"origin", b"http://a.example")],  # not in ALLOWED_HOSTS
        [
            (b"host", b"127.0.0.1:8000"),
            (b"origin", b"http://127.0.0.1:8000"),
            (b"origin", b"https://evil-playground.example"),
        ],
    ],
)
async def test_a_missing_doubled_or_unknown_host_or_origin_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    assert await answer_to(headers) == "websocket.close"


async def test_an_operator_can_trust_another_origin() -> None:
    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"https://learn.example")]

    assert await answer_to(headers, trusted=("https://learn.example",)) == "websocket.accept"
