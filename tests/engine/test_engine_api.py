"""The engine's control calls: what they do, and how they fail."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from playground.engine.errors import Conflict, EngineError, EngineGone, NotFound
from playground.engine.images import CatalogueImage

BUSYBOX = labels.CATALOGUE_PREFIX + "busybox:latest"
Make = Callable[..., Coroutine[Any, Any, str]]

pytestmark = pytest.mark.usefixtures("catalogue_images")


@pytest.fixture
def mine(instance: str, request: pytest.FixtureRequest) -> dict[str, str]:
    """Labels of one test's objects."""
    return {labels.INSTANCE: instance, labels.SEAT: request.node.name}


@pytest.fixture
async def make(engine: Engine, mine: dict[str, str]) -> AsyncIterator[Make]:
    """`await make("sleep", "60")` creates a container."""

    async def create(*command: str, name: str = "") -> str:
        spec = {"Image": BUSYBOX, "Cmd": command, "Labels": mine, "HostConfig": {"NetworkMode": "none"}}
        return await engine.create(name, spec)

    yield create
    for container in await engine.containers(mine):
        await engine.remove(container["Id"])


async def test_the_engine_tells_what_it_gives(engine: Engine) -> None:
    info = await engine.info()

    assert tuple(map(int, info.api_version.split("."))) >= (1, 41)
    assert info.cgroup_driver in {"cgroupfs", "systemd"}
    assert info.memory > 0
    assert info.cpus > 0


async def test_a_container_runs_to_its_end_and_its_output_and_exit_code_stay(engine: Engine, make: Make) -> None:
    container = await make("sh", "-c", "echo hello; exit 7")
    await engine.start(container)

    assert await engine.wait(container, timeout=30) == 7
    assert await engine.logs(container) == b"hello\n"
    assert (await engine.inspect(container))["State"]["ExitCode"] == 7


async def test_waiting_for_a_container_that_goes_on_ends_when_the_time_is_up(engine: Engine, make: Make) -> None:
    container = await make("sleep", "600")
    await engine.start(container)

    with pytest.raises(TimeoutError):
        await engine.wait(container, timeout=0.1)


async def test_starting_twice_and_stopping_twice_is_as_good_as_once(engine: Engine, make: Make) -> None:
    container = await make("sleep", "600")
    for _ in range(2):
        await engine.start(container)
    for _ in range(2):
        await engine.stop(container, timeout=0)

    assert not (await engine.inspect(container))["State"]["Running"]


async def test_stopped_containers_are_found_by_their_labels(
    engine: Engine, make: Make, mine: dict[str, str], instance: str
) -> None:
    container = await make("true")

    assert [found["Id"] for found in await engine.containers(mine)] == [container]
    assert await engine.containers({labels.INSTANCE: instance, labels.SEAT: "another"}) == []
    assert container in [found["Id"] for found in await engine.containers({labels.SEAT: ""})]


async def test_a_name_can_be_taken_once(engine: Engine, make: Make, instance: str) -> None:
    await make("true", name=f"{instance}-web")

    with pytest.raises(Conflict):
        await make("true", name=f"{instance}-web")


async def test_what_is_gone_can_be_removed_again(engine: Engine, make: Make) -> None:
    container = await make("sleep", "600")
    await engine.start(container)
    for _ in range(2):
        await engine.remove(container)

    await engine.remove_image("no-such-image:latest")
    await engine.remove_network("no-such-network")
    await engine.remove_volume("no-such-volume")
    with pytest.raises(NotFound):
        await engine.inspect(container)


async def test_a_container_that_does_not_run_cannot_be_killed(engine: Engine, make: Make) -> None:
    with pytest.raises(Conflict):
        await engine.kill(await make("true"))


async def test_an_unknown_image_makes_no_container(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no-such-image"):
        await engine.create("", {"Image": "no-such-image"})


async def test_a_tag_comes_and_goes_and_the_image_stays(engine: Engine, instance: str) -> None:
    reference = f"{instance}/web:latest"
    await engine.tag(BUSYBOX, reference)
    assert (await engine.inspect_image(reference))["Id"] == (await engine.inspect_image(BUSYBOX))["Id"]

    await engine.remove_image(reference)

    with pytest.raises(NotFound):
        await engine.inspect_image(reference)
    assert await engine.inspect_image(BUSYBOX)


async def test_a_file_of_an_image_can_be_copied_out(engine: Engine, tmp_path: Path) -> None:
    await engine.copy_out(BUSYBOX, "/etc/passwd", tmp_path / "passwd.tar")

    assert b"root:x:0:0" in (tmp_path / "passwd.tar").read_bytes()


async def test_a_pull_that_the_registry_refuses_is_an_error_with_a_reason(engine: Engine) -> None:
    with pytest.raises(EngineError, match=r"connection refused|network is unreachable"):
        await engine.pull("127.0.0.1:9/no-such-image:latest", timeout=30)


async def test_an_engine_that_is_not_there_is_gone(run_dir: Path) -> None:
    engine = Engine(str(run_dir / "nowhere.sock"))

    with pytest.raises(EngineGone):
        await engine.info()
    engine.close()


async def test_the_catalogue_says_what_each_image_is_for(catalogue_images: list[CatalogueImage]) -> None:
    found = {image.reference: image for image in catalogue_images}

    assert {"busybox:latest", "hello-world:latest"} <= set(found)
    assert all(image.description and image.image_id.startswith("sha256:") for image in catalogue_images)
