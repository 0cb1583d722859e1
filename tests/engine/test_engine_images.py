"""The seat image and the catalogue: assembled on a machine without a registry, pulled where one answers."""

import asyncio
import platform
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path

import pytest

from playground import stock
from playground.engine import labels, recipes
from playground.engine.api import Engine
from playground.engine.archive import file
from playground.engine.errors import EngineError, NotFound
from playground.engine.images import SEAT_REFERENCE, CatalogueImage, Mode, ensure_images
from playground.engine.own import OwnEngine
from playground.gateway.catalogue import Catalogue
from playground.gateway.policy.names import parse_reference
from tests.engine.registry import Registry, serve_beside

BUSYBOX = labels.CATALOGUE_PREFIX + "busybox:latest"
HELLO = labels.CATALOGUE_PREFIX + "hello-world:latest"
OFFICIAL = {"Cmd": ["/official"]}
PLUGIN = "/usr/local/libexec/docker/cli-plugins/docker-compose"  # where the official image has it


@pytest.fixture
async def bare(private_engine: OwnEngine) -> AsyncIterator[Engine]:
    """An engine without images."""
    engine = Engine(str(private_engine.socket))
    for image in await engine.images({}):
        for reference in image["RepoTags"] or [image["Id"]]:
            await engine.remove_image(reference)
    yield engine
    engine.close()


@pytest.fixture
def registry(private_engine: OwnEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """A registry that the image table now points to. It is empty."""
    pid = private_engine.pid()
    assert pid is not None
    with serve_beside(pid) as serving:
        folder = tmp_path / "images"
        shutil.copytree(recipes.FOLDER, folder)
        table = folder / "images.toml"
        table.write_text(re.sub(r'(pull|image) = "', rf'\1 = "{serving.address}/', table.read_text()))
        monkeypatch.setattr(recipes, "FOLDER", folder)
        yield serving


@pytest.fixture
def official(registry: Registry, tmp_path: Path) -> Registry:
    """The registry, with an image for each pull and each tool of the table."""
    tools = recipes.host_tools()
    architecture = recipes.ARCHITECTURES[platform.machine()]
    for name in ("busybox:latest", "hello-world:latest", "alpine:latest", "nginx:alpine"):
        registry.add(name, {"/official": file(name.encode())}, OFFICIAL, architecture, tmp_path)
    registry.add("busybox:musl", {"/bin/busybox": file(tools.busybox, 0o755)}, OFFICIAL, architecture, tmp_path)
    assert tools.compose
    client = {"/usr/local/bin/docker": tools.docker, PLUGIN: tools.compose}
    registry.add(
        "docker:28-cli",
        {path: file(program, 0o755) for path, program in client.items()},
        OFFICIAL,
        architecture,
        tmp_path,
    )
    return registry


async def run(engine: Engine, image: str, *command: str) -> tuple[int, str]:
    spec = {"Image": image, "HostConfig": {"NetworkMode": "none"}} | ({"Cmd": command} if command else {})
    container = await engine.create("", spec)
    try:
        await engine.start(container)
        return await engine.wait(container, timeout=30), (await engine.logs(container)).decode()
    finally:
        await engine.remove(container)


async def test_without_a_registry_the_images_are_assembled_and_run(bare: Engine) -> None:
    found = await ensure_images(bare, Mode.OFFLINE, print)

    assert {image.reference for image in found} == {"busybox:latest", "hello-world:latest"}
    assert await run(bare, BUSYBOX, "echo", "hello") == (0, "hello\n")
    exit_code, said = await run(bare, HELLO)
    assert exit_code == 0
    assert "Hello from Docker!" in said
    exit_code, said = await run(bare, SEAT_REFERENCE, "docker", "--version")
    assert exit_code == 0
    assert said.startswith("Docker version ")
    exit_code, said = await run(bare, SEAT_REFERENCE, "docker", "compose", "version")
    assert exit_code == 0
    assert said.startswith("Docker Compose version ")


async def test_hello_world_holds_no_shell(bare: Engine) -> None:
    await ensure_images(bare, Mode.OFFLINE, print)

    with pytest.raises(EngineError, match="executable file not found"):
        await run(bare, HELLO, "ls")


async def test_a_seats_shell_is_process_1_and_shows_where_it_is_without_a_banner(bare: Engine) -> None:
    await ensure_images(bare, Mode.OFFLINE, print)
    spec = {"Image": SEAT_REFERENCE, "Tty": True, "OpenStdin": True, "HostConfig": {"NetworkMode": "none"}}
    container = await bare.create("", spec)
    await bare.start(container)
    query = {"stream": "1", "stdin": "1", "stdout": "1", "logs": "1"}
    wire = await bare.client.upgrade(f"/containers/{container}/attach", query=query)
    shown = b""
    async with asyncio.timeout(30):
        await wire.write(b"cd /tmp && echo I am $$\n")
        while not shown.endswith(b"/tmp\x1b[0m $ \x1b[6n"):
            shown += await wire.read()
    wire.close()
    await bare.remove(container)

    assert b"\r\nI am 1\r\n" in shown
    assert b"BusyBox" not in shown


async def test_a_second_run_asks_nobody_and_makes_nothing(bare: Engine, registry: Registry) -> None:
    await ensure_images(bare, Mode.AUTO, print)
    asked = len(registry.asked)
    said: list[str] = []

    await ensure_images(bare, Mode.AUTO, said.append)

    assert said == []
    assert len(registry.asked) == asked


async def test_a_changed_recipe_makes_a_new_image_and_the_old_one_goes(bare: Engine, registry: Registry) -> None:
    await ensure_images(bare, Mode.OFFLINE, print)
    old = await bare.inspect_image(HELLO)
    (recipes.FOLDER / "hello-world" / "message.txt").write_text("Hello, Ada!\n")

    await ensure_images(bare, Mode.OFFLINE, print)

    assert await run(bare, HELLO) == (0, "Hello, Ada!\n")
    with pytest.raises(NotFound):
        await bare.inspect_image(old["Id"])


class Watched(Catalogue):
    """Tells of each look at the engine."""

    def __init__(self) -> None:
        self.looked = asyncio.Event()
        super().__init__()

    def hold(self, images: Iterable[CatalogueImage]) -> None:
        super().hold(images)
        self.looked.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                self.looked.clear()
                await self.looked.wait()


async def test_a_server_that_runs_takes_up_what_is_renewed_and_lets_go_of_what_is_removed(
    bare: Engine, registry: Registry
) -> None:
    await ensure_images(bare, Mode.OFFLINE, print)
    catalogue, hello = Watched(), parse_reference("hello-world")
    following = asyncio.create_task(stock.follow(bare.client, bare, catalogue))
    await catalogue.until(lambda: catalogue.find(hello) is not None)
    (recipes.FOLDER / "hello-world" / "message.txt").write_text("Hello, Ben!\n")

    await ensure_images(bare, Mode.OFFLINE, print)

    new = (await bare.inspect_image(HELLO))["Id"]
    await catalogue.until(lambda: (found := catalogue.find(hello)) is not None and found.image_id == new)
    await bare.remove_image(HELLO)
    await catalogue.until(lambda: catalogue.find(hello) is None)
    following.cancel()
    await asyncio.wait([following])


async def test_where_a_registry_answers_the_official_images_and_tools_are_used(
    bare: Engine, official: Registry
) -> None:
    found = await ensure_images(bare, Mode.AUTO, print)

    assert len(found) == 4
    assert (await bare.inspect_image(HELLO))["Config"]["Cmd"] == ["/official"]
    assert "docker/manifests/28-cli" in official.asked
    assert (await bare.inspect_image(SEAT_REFERENCE))["Config"]["Cmd"][0] == "sh"
    assert (await run(bare, SEAT_REFERENCE, "docker", "compose", "version"))[0] == 0
    said: list[str] = []
    await ensure_images(bare, Mode.AUTO, said.append)
    assert said == []


async def test_pulling_leaves_no_names_but_ours_and_the_operators_where_they_were(
    bare: Engine, official: Registry
) -> None:
    await ensure_images(bare, Mode.OFFLINE, print)
    operators = f"{official.address}/busybox:latest"
    await bare.tag(HELLO, operators)
    before = (await bare.inspect_image(operators))["Id"]

    await ensure_images(bare, Mode.ONLINE, print)

    assert (await bare.inspect_image(operators))["Id"] == before
    names = {name for image in await bare.images({}) for name in image["RepoTags"] or []} - {"<none>:<none>"}
    assert {name for name in names if not name.startswith("playground-")} == {operators}


async def test_an_image_that_the_registry_has_anew_takes_the_place_of_the_old_one(
    bare: Engine, official: Registry, tmp_path: Path
) -> None:
    await ensure_images(bare, Mode.AUTO, print)
    old = await bare.inspect_image(HELLO)
    new = {"/official": file(b"new")}
    official.add("hello-world:latest", new, {"Cmd": ["/new"]}, recipes.ARCHITECTURES[platform.machine()], tmp_path)

    await ensure_images(bare, Mode.ONLINE, print)

    assert (await bare.inspect_image(HELLO))["Config"]["Cmd"] == ["/new"]
    with pytest.raises(NotFound):
        await bare.inspect_image(old["Id"])


async def test_an_image_that_the_registry_refuses_is_assembled_instead(bare: Engine, official: Registry) -> None:
    del official.manifests["busybox/manifests/latest"], official.manifests["docker/manifests/28-cli"]
    said: list[str] = []

    found = await ensure_images(bare, Mode.AUTO, said.append)

    assert len(found) == 4
    assert await run(bare, BUSYBOX, "echo", "hello") == (0, "hello\n")
    assert any(line.startswith("could not pull") and "busybox" in line for line in said)


async def test_when_only_the_registry_will_do_its_refusal_is_an_error(bare: Engine, registry: Registry) -> None:
    with pytest.raises(EngineError, match="manifest"):
        await ensure_images(bare, Mode.ONLINE, print)
