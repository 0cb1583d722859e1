"""The file pane's scripts in a real seat, against what a learner may have put there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from playground.engine.api import Engine
from playground.engine.execs import Ran
from playground.engine.images import CatalogueImage
from playground.files.files import Content, Files
from playground.files.paths import LARGEST
from playground.files.refusals import Refused, Why
from playground.seats.alone import alone
from playground.seats.rules import Rules, sockets_of

ADA = 1
ODD = ["-rf", "$(touch owned)", "a b", "'\"", "*", "a\nb", "end\n", "ünï"]


class Home:
    """Ada's seat: `files` is the door, `sh` what she types."""

    def __init__(self, engine: Engine, container: str) -> None:
        self._engine, self._container = engine, container
        self.files = Files({ADA: "adas"}.get, self._run)

    async def _run(self, seat_id: str, argv: list[str], timeout: float, stdin: bytes, limit: int) -> Ran:
        return await self._engine.exec(self._container, argv, stdin=stdin, timeout=timeout, limit=limit)

    async def sh(self, script: str) -> str:
        ran = await self._engine.exec(self._container, ["busybox", "sh", "-c", f"cd; {script}"])
        return ran.output.decode()

    async def names(self, path: str = "") -> list[str]:
        return [entry.name for entry in (await self.files.list(ADA, path)).entries]

    async def why_not(self, path: str, data: bytes | None = None, over: str = "") -> Why:
        """Reading it is refused, or with `data` writing it."""
        asked = self.files.read(ADA, path) if data is None else self.files.write(ADA, path, Content(data), over)
        with pytest.raises(Refused) as refused:
            await asked
        return refused.value.why


@asynccontextmanager
async def _home(engine: Engine, engine_socket: str, run_dir: Path, instance: str) -> AsyncIterator[Home]:
    rules = replace(Rules.from_settings(), instance=instance, sockets=sockets_of(run_dir, instance))
    async with alone(engine_socket, rules) as seat:
        yield Home(engine, seat.container_id)


@pytest.fixture
async def home(
    engine: Engine, engine_socket: str, catalogue_images: list[CatalogueImage], run_dir: Path, instance: str
) -> AsyncIterator[Home]:
    async with _home(engine, engine_socket, run_dir, instance) as home:
        yield home


@pytest.mark.attack("names that are made to be misread")
async def test_files_of_any_name_and_any_bytes_come_back_as_they_went(home: Home) -> None:
    data = bytes(range(256)) * (LARGEST // 256)
    for name in ODD:
        await home.files.write(ADA, name, Content(name.encode()), "*")
        assert (await home.files.read(ADA, name)).data == name.encode()
    assert sorted(set(await home.names()) - {".docker"}) == sorted(ODD)
    await home.files.write(ADA, "large", Content(data), "*")
    assert (await home.files.read(ADA, "large")).data == data
    assert await home.why_not("larger", data + b"!") is Why.TOO_LARGE

    for name in ODD:
        await home.files.remove(ADA, name)
    await home.files.make_folder(ADA, "a folder")
    await home.files.write(ADA, "a folder/Dockerfile", Content(b"FROM busybox\n"), "*")
    listing = await home.files.list(ADA, "")
    assert [(entry.name, entry.kind) for entry in listing.entries] == [
        (".docker", "folder"),
        ("a folder", "folder"),
        ("large", "file"),
    ]
    assert await home.sh("cat 'a folder/Dockerfile'; ls -A /root | grep -c saving") == "FROM busybox\n0\n"


@pytest.mark.attack("what is no plain file")
async def test_what_is_no_plain_file_is_refused_and_links_end_in_the_seat(home: Home) -> None:
    await home.sh(
        "mkfifo pipe; mkdir folder; ln -s /etc/passwd link; ln -s nowhere dangling; ln -s round round; ln -s / top;"
        "ln -s /dev/zero zero; ln -s /run/playground/docker.sock socket; ln -s /proc/kmsg kernel;"
        "head -c 5000000 /dev/zero >large; echo x >secret; chmod 0 secret; echo hidden >folder/file; chmod 0 folder"
    )
    for name, why in {
        "pipe": Why.NOT_PLAIN,
        "zero": Why.NOT_PLAIN,
        "socket": Why.NOT_PLAIN,
        "folder": Why.FOLDER,
        "dangling": Why.MISSING,
        "round": Why.MISSING,
        "large": Why.TOO_LARGE,
        "secret": Why.DENIED,
        "kernel": Why.DENIED,
        "secret/more": Why.MISSING,
    }.items():
        assert await home.why_not(name) is why, name
    for name in ("pipe", "zero", "socket", "round"):
        assert await home.why_not(name, b"new") is Why.NOT_PLAIN, name
    assert (await home.files.read(ADA, "link")).data == (await home.sh("cat /etc/passwd")).encode()
    assert "root:x:0:0" in await home.sh("cat link")
    assert "etc" in await home.names("top")  # the seat's own
    for path, why in {"folder": Why.DENIED, "large": Why.NO_FOLDER, "nowhere": Why.MISSING}.items():
        with pytest.raises(Refused) as refused:
            await home.files.list(ADA, path)
        assert refused.value.why is why, path


@pytest.mark.attack("a seat whose tools lie")
async def test_tools_that_a_learner_has_replaced_cost_their_own_time_only(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.files.files.SECONDS", 1.0)
    await home.files.write(ADA, "kept", Content(b"kept"), "*")
    for lie, whys in {"yes": {Why.LATE, Why.TOO_LARGE}, "sleep 100": {Why.LATE}, "exit 9": {Why.FAILED}}.items():
        await home.sh(f"rm /bin/sh; printf '#!/bin/busybox sh\\n{lie}' >/bin/sh; chmod +x /bin/sh")
        assert await home.why_not("kept") in whys, lie
    await home.sh("printf '#!/bin/busybox sh\\nyes /81a4 1 ./a' >/bin/sh")
    with pytest.raises(Refused, match="late"):
        await home.files.list(ADA, "")
    await home.sh("rm /bin/sh")
    assert await home.why_not("kept") in (Why.FAILED, Why.AWAY)


@pytest.mark.attack("too much of a file")
async def test_a_full_disk_and_a_large_folder_leave_what_is_there_as_it_is(home: Home) -> None:
    await home.files.write(ADA, "kept", Content(b"kept"), "*")
    await home.sh("mkdir many; cd many; seq 2000 | xargs touch")
    many = await home.files.list(ADA, "many")
    assert (len(many.entries), many.more) == (500, True)
    await home.sh("cat /dev/zero >full 2>/dev/null; sync")
    assert await home.why_not("kept", bytes(LARGEST), Content(b"kept").version) is Why.FAILED
    assert (await home.files.read(ADA, "kept")).data == b"kept"
