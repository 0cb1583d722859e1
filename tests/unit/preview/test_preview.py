"""A published port in the browser: who may look, what passes, and what is said where nothing can be shown."""

import asyncio
import time

import pytest
from django.core import signing

from playground.preview import application, links
from playground.preview.application import AT_ONCE, LARGEST_BODY
from playground.preview.exchange import LARGEST_ANSWER, LARGEST_HEAD
from playground.preview.fields import WALLS, location
from playground.preview.links import HOURS, PREFIX, Place, link, place_of
from tests.unit.preview.visits import ADA, BEN, HOME, OK, PORT, SEAT, Person, Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def ada(shop: Shop) -> Person:
    return Person(shop)


# ── Who may look ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_learner_sees_the_page(ada: Person, shop: Shop) -> None:
    answer = await ada.ask()
    assert (answer.status, answer.body) == (200, b"hi")
    assert shop.dialled == [(SEAT, PORT)]
    assert (await ada.ask(user=None)).body == b"hi"  # its own pictures are asked for without a cookie


async def test_whoever_else_is_signed_in_does_not(ada: Person, shop: Shop) -> None:
    assert (await ada.ask(user=BEN)).status == 404
    assert shop.dialled == []


def forged() -> list[str]:
    sealed = HOME.removeprefix(PREFIX).rstrip("/")
    place, stamp, seal = sealed.split("~")
    other = signing.TimestampSigner(sep="~", salt="something else").sign(place)
    strange = signing.TimestampSigner(sep="~", salt="playground.preview").sign("no place")
    return [
        "", "x", "~", "~~", place, f"{place}~{stamp}", f"{place}~{stamp}~", f"1-{SEAT}-22~{stamp}~{seal}",
        f"2-{SEAT}-{PORT}~{stamp}~{seal}", f"{place}~{stamp}~{seal[:-1]}", f"{place}~1~{seal}", other, strange,
        sealed.upper(), f"{sealed}%00", "%2e%2e", "é" * 9, "a" * 5000,
    ]  # fmt: skip


@pytest.mark.parametrize("token", forged(), ids=lambda token: repr(token)[:40])
async def test_a_made_up_address_is_nothing(ada: Person, shop: Shop, token: str) -> None:
    gone = await ada.ask(f"{PREFIX}{token}/")
    assert (gone.status, gone.body) == (404, (await ada.ask(f"{PREFIX}never/")).body)
    assert shop.dialled == []


async def test_an_address_ends_with_the_seat_and_with_its_time(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    never = await ada.ask(f"{PREFIX}never/")
    ada.owners[SEAT] = BEN
    assert await ada.ask() == never
    assert await ada.ask(user=None) == never
    del ada.owners[SEAT]
    assert await ada.ask() == never
    ada.owners[SEAT] = ADA
    later = time.time() + HOURS * 3600 + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert await ada.ask() == never


async def test_a_page_of_this_site_cannot_take_it_for_its_own_script(ada: Person, shop: Shop) -> None:
    for dest in ("script", "style", "worker", "empty"):
        refused = await ada.ask(sec_fetch_site="same-origin", sec_fetch_mode="no-cors", sec_fetch_dest=dest)
        assert refused.status == 404
    assert (await ada.ask(service_worker="script")).status == 404
    assert shop.dialled == []
    assert (await ada.ask(sec_fetch_site="same-origin", sec_fetch_mode="navigate")).status == 200
    assert (await ada.ask(sec_fetch_site="cross-site", sec_fetch_mode="no-cors")).status == 200


def test_a_link_names_one_place() -> None:
    place = Place(7, SEAT, 80)
    assert place_of(link(place).split("/")[2]) == place
    assert link(place) != link(Place(7, SEAT, 81))


# ── What passes ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nothing_of_the_person_reaches_the_program(ada: Person, shop: Shop) -> None:
    await ada.ask(
        f"{HOME}a%20b/?x=1&y=%2f", "POST", b"tea", cookie="sessionid=s3cret", authorization="Basic s3cret",
        referer="http://s3cret/", x_forwarded_for="192.0.2.7", content_type="text/plain", origin="http://s3cret",
        proxy_authorization="s3cret", transfer_encoding="chunked", content_length="99", upgrade="websocket",
    )  # fmt: skip
    head, _, body = shop.heard.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /a%20b/?x=1&y=%2f HTTP/1.1",
        b"host: localhost:8080",
        b"content-type: text/plain",
        b"content-length: 3",
        b"connection: close",
    ]
    assert body == b"tea"


async def test_nothing_that_would_hold_beyond_the_answer_reaches_the_browser(ada: Person, shop: Shop) -> None:
    shop.says = [
        b"HTTP/1.1 201 Made\r\nSet-Cookie: a=b\r\nClear-Site-Data: *\r\nStrict-Transport-Security: max-age=9\r\n"
        b"Service-Worker-Allowed: /\r\nContent-Security-Policy: default-src *\r\nX-Frame-Options: ALLOW\r\n"
        b"WWW-Authenticate: Basic\r\nRefresh: 0;url=/\r\nAccess-Control-Allow-Credentials: true\r\n"
        b"Link: </x>;rel=preload\r\nAlt-Svc: clear\r\nReport-To: x\r\nSourceMap: /x\r\n"
        b"Content-Type: text/css\r\nETag: \"1\"\r\nContent-Length: 2\r\n\r\nhi"
    ]  # fmt: skip
    answer = await ada.ask()
    assert (answer.status, answer.body) == (201, b"hi")
    assert answer.fields == {b"content-type": b"text/css", b"etag": b'"1"', **dict(WALLS)}


async def test_every_answer_is_behind_the_walls(ada: Person, shop: Shop) -> None:
    answers = [await ada.ask(), await ada.ask(PREFIX), await ada.ask(HOME.rstrip("/")), await ada.ask(method="TRACE")]
    shop.says = [b"x"]
    answers.append(await ada.ask())
    for answer in answers:
        policy = answer.fields[b"content-security-policy"]
        assert policy.startswith(b"sandbox allow-scripts")
        assert b"allow-same-origin" not in policy
        assert dict(WALLS).items() <= answer.fields.items()
    assert [answer.status for answer in answers] == [200, 404, 308, 405, 502]


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/login?x=1", "/p/login?x=1"), ("http://localhost:8080/a", "/p/a"), ("next", "next"), ("?q", "?q"),
        ("http://127.0.0.1:8080", "/p/"), ("http://localhost:81/", ""), ("https://localhost:8080/", ""),
        ("//example.org/", ""), ("/\\example.org", ""), ("\\\\example.org", ""), ("javascript:alert(1)", ""),
        ("http://[", ""), ("http://localhost:99999999/", ""), ("//", ""), ("////example.org", "/p/example.org"),
    ],
)  # fmt: skip
def test_a_redirect_stays_in_the_preview(asked: str, leads: str) -> None:
    assert location(asked, PORT, "/p/") == leads


async def test_an_answer_may_come_in_pieces_and_end_with_the_connection(ada: Person, shop: Shop) -> None:
    shop.says = [b"HTTP/1.0 200 OK\r\nContent-", b"Type: text/plain\r\n\r\none ", b"two"]
    assert (await ada.ask()).body == b"one two"
    shop.says = [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    ]
    assert (await ada.ask()).body == b"hi"
    shop.says = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"]
    assert (await ada.ask(method="HEAD")).status == 200


# ── What cannot be shown ─────────────────────────────────────────────────────────────────────────────────────────

MALFORMED = [
    b"", b"hello\n", b"\x00" * 64, b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 20 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
    b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n", b"SSH-2.0-x\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nA: " + b"a" * 2 * LARGEST_HEAD,
]  # fmt: skip


@pytest.mark.parametrize("says", MALFORMED, ids=lambda says: repr(says)[:40])
async def test_what_is_no_answer_of_a_web_server_is_a_502_with_a_way_on(ada: Person, shop: Shop, says: bytes) -> None:
    shop.says = [says]
    answer = await ada.ask()
    assert (answer.status, b"shows no page" in answer.body, b"docker logs" in answer.body) == (502, True, True)


async def test_where_nothing_listens_the_page_says_what_to_look_at(ada: Person, shop: Shop) -> None:
    shop.refuses = ConnectionRefusedError()
    answer = await ada.ask()
    assert (answer.status, b"Nothing answers at port 8080" in answer.body) == (502, True)


async def test_a_program_that_says_nothing_is_given_up(shop: Shop) -> None:
    shop.says, shop.hangs = [], True
    assert (await Person(shop, silence=0.1).ask()).status == 504
    shop.says = [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"]
    assert (await Person(shop, silence=0.1).ask()).body == b"hi"  # as far as it came
    assert (await Person(shop, whole=0.1).ask()).body == b"hi"
    shop.release.set()


async def test_an_answer_without_end_is_cut_and_a_body_without_end_is_refused(
    ada: Person, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "RATE", 1024 * LARGEST_ANSWER)
    shop.says = [b"HTTP/1.0 200 OK\r\n\r\n", *[b"x" * 1024 * 1024] * 9]
    assert LARGEST_ANSWER // 2 < len((await ada.ask()).body) <= LARGEST_ANSWER
    shop.dialled.clear()
    assert (await ada.ask(method="POST", body=b"x" * (LARGEST_BODY + 1))).status == 413
    assert shop.dialled == []


@pytest.mark.parametrize("rest", ["\x01", "a b", "ÿ"])
async def test_what_is_no_request_is_the_browsers_mistake(ada: Person, shop: Shop, rest: str) -> None:
    shop.says = [b""]
    assert (await ada.ask(HOME + rest)).status == 400


async def test_one_seat_has_so_many_answers_on_their_way_and_no_more(shop: Shop) -> None:
    shop.hangs, shop.says = True, []
    ada = Person(shop, silence=10)
    visits = [asyncio.create_task(ada.ask()) for _ in range(AT_ONCE)]
    async with asyncio.timeout(60):
        for _ in range(AT_ONCE):
            await shop.served.acquire()
    assert (await ada.ask()).status == 429
    shop.release.set()
    await asyncio.gather(*visits)
    shop.hangs, shop.says = False, [OK]
    assert (await ada.ask()).status == 200


def test_the_link_is_not_the_sites_other_signatures() -> None:
    sealed = HOME.removeprefix(PREFIX).rstrip("/")
    with pytest.raises(signing.BadSignature):
        signing.TimestampSigner(sep="~").unsign(sealed)
    assert links.place_of(sealed) == Place(ADA, SEAT, PORT)
