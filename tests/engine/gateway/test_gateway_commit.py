"""The real CLI over the gateway: images that a learner makes of containers."""

import pytest

from playground.engine import labels
from playground.engine.api import Engine
from tests.engine.gateway.learners import Learner


@pytest.mark.usefixtures("every_cli")
async def test_a_container_becomes_an_image_that_others_run_from(ada: Learner, ben: Learner) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("run", "--name", "web", "busybox", "sh", "-c", "echo hi > /page")
    made = await ada.ok(
        "commit", "-m", "A page", "-a", "Ada", "-c", "ENV who=ada", "-c", 'CMD ["cat", "/page"]', "web", "page:1"
    )
    assert made.startswith("sha256:")
    assert (await ada.ok("run", "--rm", "page:1")) == "hi"
    assert (await ada.ok("run", "--rm", "page:1", "sh", "-c", "echo $who")) == "ada"
    assert (await ada.ok("images", "--format", "{{.Repository}}:{{.Tag}}")) == "page:1\nbusybox:latest"
    assert (await ada.ok("history", "--format", "{{.Comment}}", "page:1")).splitlines()[0] == "A page"
    assert "playground" not in await ada.ok("inspect", "page:1")
    assert (await ada.told("commit")).flags["tag"] == "page:1"
    assert "No such object" in (await ben.docker("inspect", made)).err


@pytest.mark.usefixtures("every_cli")
async def test_an_image_without_a_name_is_seen_and_pruned(ada: Learner, engine: Engine) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("create", "--name", "web", "busybox")
    first = await ada.ok("commit", "web", "mine")
    second = await ada.ok("commit", "web", "mine")
    assert (await ada.ok("images", "-q", "--no-trunc", "-f", "dangling=true")) == first
    assert (await ada.ok("images", "-q", "--no-trunc", "mine")) == second
    assert first in await ada.ok("image", "prune", "-f")
    assert (await ada.ok("images", "-q", "-f", "dangling=true")) == ""
    ids = [image["Id"] for image in await engine.images({labels.SEAT: ada.seat})]
    assert ids == [second]
    assert "Deleted: " + second in await ada.ok("rmi", "mine")
    assert await engine.images({labels.SEAT: ada.seat}) == []
    assert (await ada.ok("images", "-q", "busybox")) != ""


async def test_a_committed_image_lives_as_long_as_its_seat(ada: Learner, engine: Engine) -> None:
    await ada.ok("pull", "-q", "busybox")
    await ada.ok("create", "--name", "web", "busybox")
    await ada.ok("commit", "web")
    await ada.ok("run", "--name", "next", (await ada.ok("commit", "web", "mine")), "true")
    await ada.ok("commit", "next")
    assert len(await engine.images({labels.SEAT: ada.seat})) == 3
    await ada.gateway.clear(ada.seat)
    assert await engine.images({labels.SEAT: ada.seat}) == []
