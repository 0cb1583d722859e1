"""The doors of the file pane, with the scripts behind them run by this machine's shell in a folder of the test's own.
What they do in a real seat: tests/engine/test_files_in_seats.py."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.test import AsyncClient
from django.test.client import AsyncClientHandler

from playground.classroom.models import Learner
from playground.engine.errors import EngineGone
from playground.engine.execs import Ran
from playground.files.files import Files
from playground.files.paths import LARGEST
from playground.pages.views.files import FILES

pytestmark = pytest.mark.django_db(transaction=True)


class House:
    """A home for each seat, and who has which seat."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.seats: dict[int, str] = {}
        self.gone = False
        self.files = Files(self.seats.get, self.run, str(home))

    async def run(self, seat_id: str, argv: list[str], timeout: float, stdin: bytes, limit: int) -> Ran:
        if self.gone:
            raise EngineGone("nothing answers")
        ours = [each.replace(str(self.home), str(self.home / seat_id)) for each in argv]
        process = await asyncio.create_subprocess_exec(*ours, stdin=PIPE, stdout=PIPE)
        output, _ = await process.communicate(stdin)
        return Ran(process.returncode or 0, output[:limit])


class Beside(AsyncClientHandler):
    """The pages with files beside them, as sockets.py puts them there."""

    def __init__(self, files: Files, enforce_csrf_checks: bool) -> None:
        super().__init__(enforce_csrf_checks)
        self._files = files

    async def __call__(self, scope: dict[str, Any]) -> Any:
        return await super().__call__({**scope, FILES: self._files})


class Browser(AsyncClient):
    def __init__(self, house: House, **options: Any) -> None:
        super().__init__(**options)
        self.handler = Beside(house.files, options.get("enforce_csrf_checks", False))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def at_home(house: House, learner: Learner, seat: str = "") -> Browser:
    if seat:
        house.seats[learner.pk] = seat
        (house.home / seat).mkdir()
    browser = Browser(house)
    await browser.aforce_login(learner)
    return browser


async def put(browser: Browser, path: str, data: bytes, headers: Mapping[str, str] = {}) -> Any:
    return await browser.put(
        "/seat/file/", data, content_type="application/octet-stream", query_params={"path": path}, headers=headers
    )


async def get(browser: Browser, path: str) -> Any:
    return await browser.get("/seat/file/", query_params={"path": path})


async def listed(browser: Browser, path: str = "") -> list[str]:
    answer = await browser.get("/seat/folder/", query_params={"path": path})
    return [entry["name"] for entry in answer.json()["entries"]]


async def test_bytes_come_back_as_they_went(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    for data in (b"", b"FROM busybox\n", b"\xef\xbb\xbfa\r\nb\rc\n\n", bytes(range(256)) * 4096, b"no end"):
        saved = await put(browser, "file", data)
        back = await get(browser, "file")
        assert (saved.status_code, back.status_code, back.content) == (204, 200, data)
        assert saved.headers["ETag"] == back.headers["ETag"]


async def test_a_folder_is_made_listed_and_removed(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    await browser.post("/seat/folder/?path=site")
    assert (await browser.post("/seat/folder/?path=site")).status_code == 409
    await put(browser, "site/index.html", b"hi")
    assert (await listed(browser), await listed(browser, "site")) == (["site"], ["index.html"])
    await browser.delete("/seat/folder/?path=site")
    assert await listed(browser) == []
    assert (await browser.delete("/seat/file/?path=site")).status_code == 404


async def test_a_file_that_has_changed_since_is_overwritten_only_when_it_is_meant(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    opened = (await put(browser, "file", b"one")).headers["ETag"]
    (house.home / "a" / "file").write_bytes(b"another hand's")
    refused = await put(browser, "file", b"two", {"If-Match": opened})
    assert (refused.status_code, refused.json()["why"]) == (412, "changed")
    assert (await put(browser, "file", b"two", {"If-None-Match": "*"})).status_code == 409
    assert (await put(browser, "file", b"two", {"If-Match": "*"})).status_code == 412
    assert (await put(browser, "gone", b"two", {"If-Match": opened})).status_code == 412
    assert (await get(browser, "file")).content == b"another hand's"
    assert (await put(browser, "file", b"two")).status_code == 204
    assert (await get(browser, "file")).content == b"two"


async def test_a_saved_file_keeps_its_mode_and_the_link_that_leads_to_it(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    script = house.home / "a" / "run.sh"
    script.write_text("old")
    script.chmod(0o751)
    (house.home / "a" / "link").symlink_to("run.sh")
    await put(browser, "link", b"new")
    assert (script.read_text(), script.stat().st_mode & 0o777) == ("new", 0o751)
    assert (house.home / "a" / "link").is_symlink()


@pytest.mark.attack("what a browser would run")
async def test_a_file_comes_as_something_to_keep_and_never_to_show(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    name = 'page".html\r\nSet-Cookie: theme=x'
    await put(browser, name, b"<script>alert(1)</script>")
    headers = (await get(browser, name)).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert "Set-Cookie" not in headers


@pytest.mark.attack("another's files")
async def test_the_session_alone_says_whose_files_they_are(house: House, ada: Learner, ben: Learner) -> None:
    await put(await at_home(house, ada, "a"), "secret", b"Ada's")
    bens = await at_home(house, ben)
    without = await get(bens, "secret")
    house.seats[ben.pk] = "b"
    (house.home / "b").mkdir()
    for path in ("../a/secret", "/a/secret"):
        assert (await get(bens, path)).status_code == 400
    asking = {"path": "secret", "seat": "a", "learner": str(ada.pk)}
    with_his_own = await bens.get("/seat/file/", query_params=asking)
    assert (without.status_code, without.json()["why"]) == (409, "no-seat")
    assert (with_his_own.status_code, with_his_own.json()["why"]) == (404, "missing")


@pytest.mark.attack("another's files")
@pytest.mark.parametrize("method", ["get", "put", "delete"])
async def test_a_stranger_gets_nothing(house: House, method: str) -> None:
    stranger = getattr(Browser(house), method)
    assert (await stranger("/seat/file/?path=a", headers={"accept": "application/json"})).status_code == 401
    assert (await stranger("/seat/file/?path=a")).headers["Location"].startswith("/join/")


@pytest.mark.attack("a change that another site asks for")
@pytest.mark.parametrize("door", ["put file", "delete file", "post folder", "delete folder"])
async def test_another_site_changes_nothing(house: House, ada: Learner, door: str) -> None:
    method, path = door.split()
    house.seats[ada.pk] = "a"
    (house.home / "a").mkdir()
    browser = Browser(house, enforce_csrf_checks=True)
    await browser.aforce_login(ada)
    assert (await getattr(browser, method)(f"/seat/{path}/?path=new")).status_code == 403
    assert list((house.home / "a").iterdir()) == []


@pytest.mark.attack("too much of a file")
async def test_what_is_too_large_goes_neither_up_nor_down(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    up = await put(browser, "large", bytes(LARGEST + 1))
    assert (up.status_code, up.json()["why"]) == (413, "too-large")
    assert await listed(browser) == []
    (house.home / "a" / "large").write_bytes(bytes(LARGEST + 1))
    assert (await get(browser, "large")).status_code == 413
    (house.home / "a" / "large").write_bytes(bytes(LARGEST))
    assert len((await get(browser, "large")).content) == LARGEST


async def test_an_engine_that_is_away_is_a_sentence_and_no_error_page(house: House, ada: Learner) -> None:
    browser = await at_home(house, ada, "a")
    house.gone = True
    answer = await browser.get("/seat/folder/")
    assert (answer.status_code, answer.json()["why"]) == (503, "away")


async def test_pages_without_a_playground_beside_them_have_no_files(ada: Learner) -> None:
    client = AsyncClient()
    await database_sync_to_async(client.force_login)(ada)
    assert (await client.get("/seat/folder/")).status_code == 503
