"""A browser without a window: pages, forms and cookies, on one connection that stays open, as browsers keep theirs."""

import asyncio
import http.cookies
import re
import urllib.parse
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

import h11

from playground.load.faults import Faults, Gone
from playground.load.forms import fields_of

PATIENCE = 60.0  # seconds for an answer
MOST_REDIRECTS = 5
READ_SIZE = 64 * 1024
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Page:
    path: str  # where the redirects led
    text: str


class Browser:
    """`async with await Browser.open(url, faults)`. Whatever answers with 400 or more is a fault, and raises Gone."""

    def __init__(self, url: str, faults: Faults) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}
        self._host = urllib.parse.urlsplit(url)
        self._faults = faults
        self._wire: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._http = h11.Connection(h11.CLIENT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._hang_up()

    async def get(self, path: str) -> Page:
        return await self._follow("GET", path)

    async def post(self, path: str, *fields: tuple[str, str]) -> Page:
        """As the page's own scripts and buttons do, with the token from the cookie."""
        return await self._follow("POST", path, [("csrfmiddlewaretoken", self.cookies["csrftoken"]), *fields])

    async def submit(self, page: Page, **filled: str) -> Page:
        """The form with these fields on the page, filled in."""
        held = fields_of(page.text, *filled)
        if held is None:
            self._faults.add(f"{_shape(page.path)} has no form with {', '.join(filled)}")
            raise Gone(page.path)
        fields = [(name, value) for name, value in held if name not in filled]
        return await self._follow("POST", page.path, [*fields, *filled.items()])

    async def _follow(self, method: str, path: str, fields: list[tuple[str, str]] | None = None) -> Page:
        for _ in range(MOST_REDIRECTS):
            try:
                async with asyncio.timeout(PATIENCE):
                    status, location, body = await self._ask(method, path, fields)
            except (OSError, TimeoutError, h11.RemoteProtocolError) as error:
                await self._hang_up()
                self._faults.add(f"{method} {_shape(path)}: {type(error).__name__}")
                raise Gone(path) from error
            if status >= HTTPStatus.BAD_REQUEST:
                self._faults.add(f"{method} {_shape(path)}: {status}")
                raise Gone(path)
            if not location:
                return Page(path, body.decode(errors="replace"))  # a font is fetched and not looked at
            method, path, fields = "GET", urllib.parse.urljoin(path, location), None
        self._faults.add(f"{_shape(path)} leads round in a circle")
        raise Gone(path)

    async def _ask(self, method: str, path: str, fields: list[tuple[str, str]] | None) -> tuple[int, str, bytes]:
        if self._wire and self._wire[0].at_eof():  # the server has ended what was idle for long, as servers do
            await self._hang_up()
        reader, writer = self._wire or await self._connect()
        body = urllib.parse.urlencode(fields or []).encode()
        request = h11.Request(method=method, target=path, headers=self._headers(fields, len(body)))
        for event in (request, h11.Data(body), h11.EndOfMessage()):
            writer.write(self._http.send(event) or b"")
        head, answer = await self._answer(reader)
        self._keep_cookies(head)
        if self._http.our_state is h11.MUST_CLOSE or self._http.their_state is h11.MUST_CLOSE:
            await self._hang_up()
        else:
            self._http.start_next_cycle()
        location = next((value.decode() for name, value in head.headers if name == b"location"), "")
        return head.status_code, location, answer

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[h11.Response, bytes]:
        head, parts = None, []
        while True:
            answer = self._http.next_event()
            if answer is h11.NEED_DATA:
                self._http.receive_data(await reader.read(READ_SIZE))
            elif isinstance(answer, h11.Response):
                head = answer
            elif isinstance(answer, h11.Data):
                parts.append(bytes(answer.data))
            elif isinstance(answer, h11.EndOfMessage):
                assert head is not None, "an end comes after a head"
                return head, b"".join(parts)

    def _headers(self, fields: list[tuple[str, str]] | None, size: int) -> list[tuple[str, str]]:
        headers = [("Host", self._host.netloc), ("Accept", "text/html"), ("Accept-Encoding", "identity")]
        if self.cookies:
            headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items())))
        if fields is not None:
            headers += [
                ("Origin", self.url),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Length", str(size)),
            ]
        return headers

    def _keep_cookies(self, head: h11.Response) -> None:
        for name, value in head.headers:
            if name == b"set-cookie":
                for cookie in http.cookies.SimpleCookie(value.decode()).values():
                    self.cookies[cookie.key] = cookie.value

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._wire = await asyncio.open_connection(self._host.hostname, self._host.port)
        self._http = h11.Connection(h11.CLIENT)
        return self._wire

    async def _hang_up(self) -> None:
        if self._wire:
            self._wire[1].close()
            self._wire = None


def _shape(path: str) -> str:
    """The address without what differs from one learner to the next, so that like faults are counted together."""
    bare = path.partition("?")[0]
    return "/c/…/" if bare.startswith("/c/") and bare != "/c/" else _NUMBER.sub("…", bare)
